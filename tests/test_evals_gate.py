"""The regression gates: what the committed policy makes of the committed questions about the project's own article."""

from pathlib import Path

import pytest

import evals
from corpus.store import load_corpus
from evals.cases import load_cases
from evals.gates import load_gates
from ingest.sentences import sentences
from retrieval.policy import Policy, default_policy
from tests.commands import insights
from tests.own import OWN, own_workshop
from tests.workshop import Workshop

FOLDER = Path(evals.__file__).parent
SETS = [FOLDER / "cases" / f"dystonia-and-seizures{ending}.jsonl" for ending in ("", ".held-out")]


@pytest.mark.parametrize("cases", SETS, ids=lambda path: path.stem)
def test_the_committed_questions_keep_within_their_gates(
    cases: Path, capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    own = own_workshop(vantor, tmp_path_factory.getbasetemp())
    assert Policy.read(own.generation / "policy.json") == default_policy()
    done = insights(
        capsys,
        "eval",
        "answers",
        "--data",
        cases,
        "--gates",
        FOLDER / "gates.toml",
        "--corpus",
        OWN,
        "--index",
        own.home,
    )
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("cases", SETS, ids=lambda path: path.stem)
def test_every_gate_is_on_cases_that_are_there(cases: Path) -> None:
    loaded = load_cases(cases, load_corpus(OWN).documents.values(), sentences)
    kinds = {case.kind for case in loaded}
    assert {"answerable", "follow-up", "follow-up-unanswered", "off-topic", "topic-switch", "topical"} <= kinds
    assert {gate.kind for gate in load_gates(FOLDER / "gates.toml", cases.name.removesuffix(".jsonl"))} <= {
        *kinds,
        "all",
    }
    assert all(
        bool(case.gold) == (case.kind in {"answerable", "follow-up"}) for case in loaded if case.kind != "topic-switch"
    )

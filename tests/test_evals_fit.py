"""Fitting: the weights rank what they were shown, and the threshold keeps the risk that it was given."""

import json
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.cases import Case
from evals.fit import Example, fit_threshold, fit_weights, main
from retrieval.policy import Policy, ReaderWeights
from retrieval.reader import Features
from tests.fiction import write
from tests.retrieval_fixtures import Block, Kind, laid
from tests.workshop import Workshop

GOLD = laid(Block(Kind.PARAGRAPH, ("Moths hum.",))).sentences[0]
UNIT = st.sampled_from((0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)) | st.floats(0, 1)
JUDGED = st.lists(st.tuples(UNIT, st.booleans()), min_size=1, max_size=40).filter(
    lambda judged: any(not answerable for _, answerable in judged)
)


def answered(judged: list[tuple[float, bool]], threshold: float) -> int:
    """How many of those that can't be answered reach the threshold."""
    return sum(confidence >= threshold for confidence, answerable in judged if not answerable)


def threshold_of(judged: list[tuple[float, bool]], risk: float) -> float:
    confidences, answerable = (np.array(column) for column in zip(*judged, strict=True))
    return fit_threshold(confidences, answerable.astype(bool), risk=risk)


@given(JUDGED, st.sampled_from((0.0, 0.025, 0.1, 0.29, 0.5, 1.0)) | st.floats(0, 1))
def test_the_threshold_keeps_the_risk_and_a_lower_one_that_answers_more_does_not(
    judged: list[tuple[float, bool]], risk: float
) -> None:
    threshold = threshold_of(judged, risk)
    refusable = [confidence for confidence, answerable in judged if not answerable]
    allowed = risk * len(refusable) + 1e-6
    assert answered(judged, threshold) <= allowed
    lower = [confidence for confidence in refusable if confidence < threshold]
    assert not lower or answered(judged, max(lower)) > allowed - 1e-5


def test_a_risk_of_29_in_a_hundred_is_29_in_a_hundred() -> None:
    judged = [(number / 100, False) for number in range(100)]
    assert answered(judged, threshold_of(judged, 0.29)) == 29


def test_even_certainty_is_refused_if_no_risk_is_taken() -> None:
    assert threshold_of([(1.0, False), (1.0, True)], 0.0) > 1.0


def example(gold: int | None, features: npt.NDArray[np.float32], *, missing: bool = False) -> Example:
    """A case of some sentences by their features, of which one is gold, or none."""
    size = len(features)
    case = Case("1", "answerable" if gold is not None else "topical", "q", (), () if gold is None else (GOLD,))
    seen = Features(features[:, 0], features[:, 1], features[:, 2], np.full(size, missing))
    return Example(case, seen, np.arange(size) == (-1 if gold is None else gold))


def examples(seed: int) -> list[Example]:
    """Gold sentences are nearer to the question in cosine and words, and less central; noise is added."""
    random = np.random.default_rng(seed)
    made: list[Example] = []
    for number in range(40):
        features = random.uniform(0, 0.5, (6, 3)).astype(np.float32)
        gold = int(random.integers(6)) if number % 2 else None
        if gold is not None:
            features[gold] += np.array([0.4, 0.3, -0.2], np.float32)
        made.append(example(gold, features, missing=gold is None and number % 4 == 0))
    return made


@pytest.mark.parametrize("seed", range(5))
def test_fitted_weights_rank_gold_first_and_tell_it_from_what_is_none(seed: int) -> None:
    made = examples(seed)
    weights = fit_weights(made)
    gold = [e for e in made if e.case.gold]
    others = [e.features.probabilities(weights).max() for e in made if not e.case.gold]
    ranks = [int(np.argmax(e.features.scores(weights))) == int(np.argmax(e.gold)) for e in gold]
    assert sum(ranks) >= 0.9 * len(gold)
    assert np.median([e.features.probabilities(weights).max() for e in gold]) > 0.5 > np.median(others)
    assert weights.cosine > 0
    assert weights.term_similarity > 0
    assert weights.centrality < 0
    assert weights.quantity_missing <= 0


def loss(weights: npt.NDArray[np.float64], made: list[Example], ridge: float) -> float:
    """ListNet's top-one loss, written out: minus the log of the share of gold in exp(scores), plus the ridge."""
    total = ridge * float((weights**2).sum())
    for one in made:
        if one.case.gold:
            likely = np.exp(one.columns @ weights)
            total -= float(np.log(likely[one.gold].sum() / likely.sum()))
    return total


def test_the_ranking_is_the_likeliest_one() -> None:
    made = examples(3)
    fitted = fit_weights(made)
    best = np.array([fitted.cosine, fitted.term_similarity, fitted.centrality])
    least = loss(best, made, 1e-3)
    for step in (*np.eye(3), *-np.eye(3), np.ones(3), -np.ones(3)):
        assert loss(best + 0.5 * step, made, 1e-3) > least


def test_fitting_is_deterministic_and_the_order_of_cases_hardly_matters() -> None:
    made = examples(1)
    once, again, turned = fit_weights(made), fit_weights(made), fit_weights(made[::-1])
    assert once == again
    scores = [[e.features.probabilities(weights).max() for e in made] for weights in (once, turned)]
    assert scores[0] == pytest.approx(scores[1], abs=1e-2)


def test_a_missing_quantity_that_would_speak_for_an_answer_is_left_out() -> None:
    made = [
        example(0, e.features.scores(ReaderWeights(1, 0, 0, 0, 1, 0))[:, None].repeat(3, 1), missing=True)
        for e in examples(2)[:8]
    ]
    made += [example(None, np.zeros((6, 3), np.float32)) for _ in range(8)]
    assert fit_weights(made).quantity_missing == 0.0


QUESTIONS = {
    "Where do glimmer moths rest?": "Glimmer moths rest",
    "Which reeds do they choose?": "They choose reeds",
    "Where do moths go on windless evenings?": "On windless evenings",
    "How long do glimmer moths shine?": "Glimmer moths shine",
    "Which colour is the light of moths?": "The light is pale",
    "When does the light turn to amber?": "It turns to amber",
    "How fast do silver reeds grow?": "Silver reeds grow",
    "What holds the bank of the lake together?": "Their roots hold",
    "What is a reed of forty seasons called?": "In the ledgers",
    "What does a keeper bring to count moths?": "a lantern with a blue glass",
}
UNANSWERED = [
    *("Who rules Zorbia?", "What do zorbles eat?", "How tall is the tower of Zork?", "Where is the nearest inn?"),
    *(
        "Which songs do wardens sing?",
        "Why is the sky green over Zorbia?",
        "What does a bell cost?",
        "Who founded Vantor?",
    ),
    *("Do moths dream?", "How deep is Lake Vantor?", "Which boats sail on the lake?", "When was the bridge built?"),
]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    records = [
        {"id": f"a{n}", "kind": "answerable", "question": question, "history": [], "gold": [gold]}
        for n, (question, gold) in enumerate(QUESTIONS.items())
    ]
    records += [
        {"id": f"u{n}", "kind": "off-topic", "question": question, "history": [], "gold": []}
        for n, question in enumerate(UNANSWERED)
    ]
    return write(tmp_path / "cases.jsonl", "".join(f"{json.dumps(record)}\n" for record in records))


def test_the_program_writes_a_policy_that_can_be_read_and_is_the_same_again(
    vantor: Workshop, cases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = tmp_path / "policy.json"
    command = [str(cases), "--index", str(vantor.home), "--risk", "0.1"]
    main([*command, "--held-out", str(cases), "--write", str(written)])
    report = json.loads(capsys.readouterr().out)
    main(command)
    assert json.loads(capsys.readouterr().out)["policy"] == report["policy"] == json.loads(written.read_text("utf-8"))
    assert Policy.read(written).k == Policy.read(vantor.generation / "policy.json").k
    assert list(report["figures"]) == ["cross-validated", "cosine alone", "held out", "held out, cosine alone"]
    fitted = report["figures"]["held out"]
    assert fitted["right first if always answered"] >= 0.8
    assert all(0 <= figure <= 1 for figures in report["figures"].values() for figure in figures.values())

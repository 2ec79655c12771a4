"""`insights eval retrieval` and `insights eval followups` as a user meets them."""

import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evals.intervals import interval
from evals.rankings import RUNS, rank
from tests.commands import Done, insights, insights_process
from tests.fiction import write
from tests.public_set import PublicSet, quiet, shared_cache
from ui.eval_public import Run

SECOND = 1 / math.log2(3)
QUERIES: list[dict[str, Any]] = [
    {"id": "1", "text": "lanterns", "meta": {"split": "test", "short": "bells"}},
    {"id": "2", "text": "silver reeds", "meta": {"split": "test", "short": "reeds"}},
    {"id": "3", "text": "zorbles", "meta": {"split": "test", "short": "zorbles"}},
    {"id": "4", "text": "lanterns", "meta": {"split": "train"}},
]
# By BM25 "lanterns" finds lanterns, bells, moths; "silver reeds" finds reeds, moths; "zorbles" nothing.
JUDGMENTS = ["1 bells 1", "1 moths 0", "2 moths 2", "2 reeds 1", "2 masts 1", "3 moths 0", "4 moths 1"]
FOLLOW_UPS: list[dict[str, Any]] = [
    {"id": "1", "text": "How do they grow?", "meta": {"history": ["What are silver reeds?"]}},
    {"id": "2", "text": "Do bells ring?", "meta": {"history": ["What are silver reeds?"], "rewrite": "Do bells rest?"}},
    {"id": "3", "text": "What are silver reeds?", "meta": {"history": []}},
]


@pytest.fixture
def public(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> PublicSet:
    return PublicSet.of(tmp_path, shared_cache(tmp_path_factory), QUERIES, JUDGMENTS)


@pytest.fixture
def follow_ups(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> PublicSet:
    return PublicSet.of(tmp_path, shared_cache(tmp_path_factory), FOLLOW_UPS, ["1 reeds 1", "2 bells 1", "3 reeds 1"])


def measured(capsys: pytest.CaptureFixture[str], public: PublicSet, encoder: str, *options: str | Path) -> Done:
    return insights(capsys, "eval", "retrieval", *public.options, "--encoder", encoder, *options)


def followed_up(capsys: pytest.CaptureFixture[str], public: PublicSet, encoder: str, *options: str | Path) -> Done:
    return insights(capsys, "eval", "followups", *public.options, "--encoder", encoder, *options)


def result(done: Done) -> dict[str, Any]:
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


def figures(ndcg: float, recall: float, reciprocal_rank: float, precision: float) -> dict[str, float]:
    return {"nDCG@10": ndcg, "R@5": recall, "R@10": recall, "RR@10": reciprocal_rank, "AP": precision}


def at(place: int) -> dict[str, float]:
    """The figures of a query whose only relevant document stands at `place`, one of the first five."""
    return figures(1 / math.log2(1 + place), 1.0, 1 / place, 1 / place)


def mean(*values: float) -> dict[str, float]:
    low, high = interval(np.array(values))
    return pytest.approx({"value": sum(values) / len(values), "low": low, "high": high})  # type: ignore[return-value]


def test_the_result_is_one_json_object_with_all_that_was_measured(
    capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str
) -> None:
    options = ["--run", "bm25", "--where", "split=test", "--json", "-"]
    found = result(measured(capsys, public, tiny_encoder, *options))
    first = figures(SECOND, 1.0, 1 / 2, 1 / 2)
    second = figures((1 + 2 * SECOND) / (2 + SECOND + 1 / 2), 2 / 3, 1.0, 2 / 3)
    assert found.pop("per_query") == {"bm25": {"1": pytest.approx(first), "2": pytest.approx(second)}}
    assert found.pop("runs") == {"bm25": {name: mean(first[name], second[name]) for name in first}}
    assert found == {
        "version": 1,
        "corpus": "corpus.jsonl",
        "encoder": "encoder",
        "documents": 4,
        "passages": 4,
        "where": "split=test",
        "query_text": None,
        "queries": 2,
        "left_out": 1,
        "judged_missing": 1,
        "condensed": False,
        "relevance": 1,
    }


def test_options_change_what_is_measured(
    capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str
) -> None:
    options = ["--run", "bm25", "--where", "split=test", "--json", "-"]
    condensed = result(measured(capsys, public, tiny_encoder, *options, "--condensed"))
    assert condensed["per_query"]["bm25"]["1"] == figures(1.0, 1.0, 1.0, 1.0)
    assert condensed["condensed"] is True
    shown = measured(capsys, public, tiny_encoder, "--run", "bm25", "--condensed").out
    assert shown.splitlines()[-1].endswith("; measured on the documents alone that are judged and in the corpus")
    relevant = result(measured(capsys, public, tiny_encoder, *options, "--relevance", "2"))
    assert (relevant["relevance"], relevant["left_out"], [*relevant["per_query"]["bm25"]]) == (2, 2, ["2"])
    assert relevant["per_query"]["bm25"]["2"] == pytest.approx(
        figures((1 + 2 * SECOND) / (2 + SECOND + 1 / 2), 1.0, 1 / 2, 1 / 2)
    )
    shorter = result(measured(capsys, public, tiny_encoder, *options, "--query-text", "short"))
    assert (shorter["query_text"], shorter["per_query"]["bm25"]["1"]) == ("short", figures(1.0, 1.0, 1.0, 1.0))


def test_all_runs_stand_side_by_side_on_the_terminal_and_in_files(
    capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str, tmp_path: Path
) -> None:
    files: list[str | Path] = ["--json", tmp_path / "new" / "result.json", "--run-file", tmp_path / "new" / "run"]
    done = measured(capsys, public, tiny_encoder, *files)
    assert (done.code, done.err) == (0, "")
    others = ["run.bm25", "run.dense", "run.hybrid", "run.rrf"]
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["result.json", "run", *others]
    for name in ("run", *others):
        tag = name.partition(".")[2] or "shipped"
        lines = (tmp_path / "new" / name).read_text(encoding="utf-8").splitlines()
        assert {line.split()[-1] for line in lines} == {tag}
    written = json.loads((tmp_path / "new" / "result.json").read_text(encoding="utf-8"))
    assert list(written["runs"]) == ["dense", "bm25", "rrf", "hybrid", "shipped"]
    for name, shown in written["runs"]["bm25"].items():
        assert name in done.out
        assert f" {shown['value']:.3f} " in done.out
        assert f" {shown['low']:.3f}–{shown['high']:.3f} " in done.out
    assert done.out.splitlines()[-1] == (
        "queries: 3 (left out, without a document judged 1 or more: 1), documents: 4, passages: 4, judgments of "
        "documents that aren't in the corpus: 1"
    )
    assert (tmp_path / "new" / "run.bm25").read_text(encoding="utf-8").splitlines() == [
        "1 Q0 lanterns 1 3 bm25",
        "1 Q0 bells 2 2 bm25",
        "1 Q0 moths 3 1 bm25",
        "2 Q0 reeds 1 2 bm25",
        "2 Q0 moths 2 1 bm25",
        "4 Q0 lanterns 1 3 bm25",
        "4 Q0 bells 2 2 bm25",
        "4 Q0 moths 3 1 bm25",
    ]


def test_one_run_is_written_into_the_file_that_is_named(
    capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str, tmp_path: Path
) -> None:
    run_file = tmp_path / "run"
    assert measured(capsys, public, tiny_encoder, "--run", "dense", "--run", "dense", "--run-file", run_file).code == 0
    assert {line.split()[-1] for line in run_file.read_text(encoding="utf-8").splitlines()} == {"dense"}


def test_the_searches_that_can_be_named_are_those_that_there_are() -> None:
    assert [run.value for run in Run] == list(RUNS)


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (["--where", "split"], "--where: found 'split', wanted KEY=VALUE; say: --where split=test"),
        (["--where", "=test"], "--where: found '=test', wanted KEY=VALUE; say: --where split=test"),
        (["--run", "zork"], "'zork' is not one of 'dense', 'bm25', 'rrf', 'hybrid', 'shipped'; see: insights eval "),
        (["--relevance", "0"], "Invalid value for '--relevance': "),
        (["--json", "."], ". is a folder, wanted a file to write; name one in it"),
        (["--run-file", "."], ". is a folder, wanted a file to write; name one in it"),
        (["--corpus", "none.jsonl"], "none.jsonl can't be read ("),
        (["--qrels", "none.tsv"], "none.tsv can't be read ("),
        (["--query-text", "short"], "line 4: found the keys ['split'] in meta, wanted a text as 'short'; add it"),
        (["--encoder", "none"], "encoder 'none': none/model.safetensors can't be read (No such file or directory)"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    options: list[str], refusal: str, capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str
) -> None:
    assert refusal in measured(capsys, public, tiny_encoder, *options).refusal


def test_ids_with_white_space_are_refused_before_anything_is_searched_if_a_run_is_to_be_written(
    capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str, tmp_path: Path
) -> None:
    write(public.queries, '{"id": "1 a", "text": "lanterns"}\n')
    write(public.qrels, "1 a\tmoths\t1\n")
    done = measured(capsys, public, tiny_encoder, "--run-file", tmp_path / "run")
    assert done.refusal == "found the id '1 a', wanted one without white space for TREC's run format; rename it"
    assert not (tmp_path / "run").exists()


def test_follow_ups_are_measured_in_each_form(
    capsys: pytest.CaptureFixture[str], follow_ups: PublicSet, tiny_encoder: str
) -> None:
    found = result(followed_up(capsys, follow_ups, tiny_encoder, "--json", "-"))
    asked = {
        "last_turn": {"1": "How do they grow?", "2": "Do bells ring?"},
        "rewritten": {"1": "How do silver reeds grow?", "2": "Do bells ring?"},
        "human": {"2": "Do bells rest?"},
    }
    index = follow_ups.index(tiny_encoder)
    places = {
        form: {
            query: rank(index, [question], quiet)[question].index({"1": "reeds", "2": "bells"}[query]) + 1
            for query, question in questions.items()
        }
        for form, questions in asked.items()
    }
    wanted = {form: {query: at(place) for query, place in by.items()} for form, by in places.items()}
    assert found.pop("per_query") == {
        form: {query: pytest.approx(values) for query, values in by.items()} for form, by in wanted.items()
    }
    names = figures(0.0, 0.0, 0.0, 0.0)
    assert found.pop("forms") == {
        form: {name: mean(*(wanted[form][query][name] for query in ("1", "2"))) for name in names}
        for form in ("last_turn", "rewritten")
    }
    assert found.pop("with_human_rewrite") == {
        "queries": 1,
        "forms": {form: {name: mean(by["2"][name]) for name in names} for form, by in wanted.items()},
    }
    assert found == {
        "version": 1,
        "corpus": "corpus.jsonl",
        "encoder": "encoder",
        "documents": 4,
        "passages": 4,
        "where": None,
        "queries": 2,
        "left_out": 0,
        "judged_missing": 0,
        "condensed": False,
        "relevance": 1,
        "refused": 0,
        "changed": 1,
        "better": int(places["rewritten"]["1"] < places["last_turn"]["1"]),
        "worse": int(places["rewritten"]["1"] > places["last_turn"]["1"]),
        "asked": asked,
    }


def test_follow_ups_are_shown_on_the_terminal(follow_ups: PublicSet, tiny_encoder: str) -> None:
    done = insights_process("eval", "followups", *follow_ups.options, "--encoder", tiny_encoder)
    assert (done.code, done.err) == (0, "")
    shown = ("last turn", "rewritten", "human", "nDCG@10", "R@5", "R@10", "RR@10", "AP")
    assert [name for name in shown if name not in done.out] == []
    changed = r"^rewritten: 1 of 2 \(50%\), of them better by nDCG@10: [01], worse: [01]; refused by the bot: 0$"
    assert re.search(changed, done.out, re.MULTILINE)


def test_queries_that_follow_nothing_are_no_follow_ups(
    capsys: pytest.CaptureFixture[str], public: PublicSet, tiny_encoder: str
) -> None:
    refusal = followed_up(capsys, public, tiny_encoder).refusal
    assert refusal.startswith(f"{public.queries}: found no query with earlier questions")

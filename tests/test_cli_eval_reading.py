"""`insights eval reading` as a user meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.reading import SUBJECTS
from retrieval.policy import default_policy
from tests.commands import Done, insights, insights_process
from tests.fiction import write
from ui.eval_public import Reader

DUSK = "Moths hum at dusk.  Bells ring twice.\nReeds bend low."
DEW = "Dew falls on stones. Wardens sleep."
ROWS: list[dict[str, Any]] = [
    {"id": "dusk", "question": "When do moths hum?", "passage": DUSK, "answer_spans": [[10, 17]]},
    {"id": "bells", "question": "How often do bells ring?", "passage": DUSK, "answer_spans": [[20, 37]]},
    {"question": "Who bends reeds?", "passage": DEW, "answer_spans": []},
]
BLANK: dict[str, Any] = {"question": "What do moths sing?", "passage": "\n", "answer_spans": []}
FIGURES = [
    "answerability_auroc",
    "sentence_average_precision",
    "sentence_mean_average_precision",
    "word_precision",
    "word_recall",
    "word_f1",
    "best_threshold",
    "best_word_precision",
    "best_word_recall",
    "best_word_f1",
    "coverage_at_5_percent_wrong",
    "coverage_at_1_percent_wrong",
]
AT_THE_THRESHOLD = FIGURES[3:6]


def file_of(path: Path, *records: dict[str, Any]) -> Path:
    return write(path, "".join(f"{json.dumps(record, ensure_ascii=False)}\n" for record in records))


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    return file_of(tmp_path / "rows.jsonl", *ROWS)


@pytest.fixture
def tiny(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> list[str | Path]:
    """A tiny encoder, and a cache where an index is built once for all tests."""
    return ["--encoder", tiny_encoder, "--cache", tmp_path_factory.getbasetemp() / "reading-cache"]


def measured(capsys: pytest.CaptureFixture[str], tiny: list[str | Path], *options: str | Path) -> Done:
    return insights(capsys, "eval", "reading", *tiny, *options)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_result_is_one_json_object_with_the_figures_of_each_reader(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], rows: Path
) -> None:
    done = measured(capsys, tiny, "--data", rows, "--json", "-")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    readers = found.pop("readers")
    counts = {"rows": 3, "answerable": 2, "sentences": 8, "without_sentences": 0}
    assert found == {"version": 1, "data": "rows.jsonl"} | counts
    assert {name: list(figures) for name, figures in readers.items()} == {"shipped": FIGURES, "cosine": FIGURES}
    none = {"value": None, "low": None, "high": None}
    assert [name for name, figure in readers["cosine"].items() if figure == none] == AT_THE_THRESHOLD
    for figure in (
        figure for figures in readers.values() for figure in figures.values() if figure["value"] is not None
    ):
        assert 0 <= figure["low"] <= figure["value"] <= figure["high"] <= 1


def test_readers_stand_side_by_side_on_the_terminal(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], rows: Path, tmp_path: Path
) -> None:
    done = measured(capsys, tiny, "--data", rows, "--json", tmp_path / "new" / "result.json")
    assert (done.code, done.err) == (0, "")
    written = json.loads((tmp_path / "new" / "result.json").read_text(encoding="utf-8"))
    for reader, figures in written["readers"].items():
        assert reader in done.out
        for name, shown in figures.items():
            assert name.replace("_", " ") in done.out
            value = "–" if shown["value"] is None else f"{shown['value']:.3f} ({shown['low']:.3f}–{shown['high']:.3f})"
            assert value in done.out
    assert done.out.splitlines()[-1] == (
        "rows: 3, answered by their passage: 2, sentences: 8; the best threshold is that of the best F1 on these rows: "
        "optimistic"
    )


def test_predictions_of_the_shipped_reader_are_the_file_that_is_named_and_all_ranges_slice_the_passages(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], rows: Path, tmp_path: Path
) -> None:
    done = measured(capsys, tiny, "--data", rows, "--json", "-", "--predictions", tmp_path / "out" / "predicted.jsonl")
    best = json.loads(done.out)["readers"]["cosine"]["best_threshold"]["value"]
    names = ["predicted.jsonl", "predicted.jsonl.cosine"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    for name, threshold in zip(names, (default_policy().answer_threshold, best), strict=True):
        predicted = lines(tmp_path / "out" / name)
        assert [sorted(line) for line in predicted] == [["answerable", "id", "selected", "sentences"]] * 3
        assert [line["id"] for line in predicted] == ["dusk", "bells", "3"]
        texts = [
            [row["passage"][start:end] for start, end, _ in line["sentences"]]
            for row, line in zip(ROWS, predicted, strict=True)
        ]
        dusk = ["Moths hum at dusk.", "Bells ring twice.", "Reeds bend low."]
        assert texts == [dusk, dusk, ["Dew falls on stones.", "Wardens sleep."]]
        for line in predicted:
            assert line["answerable"] == max(probability for _, _, probability in line["sentences"])
            judged = {(start, end): probability for start, end, probability in line["sentences"]}
            assert all(judged[start, end] >= threshold for start, end in line["selected"])
            assert bool(line["selected"]) == (line["answerable"] >= threshold)


def test_predictions_of_one_reader_are_the_file_that_is_named(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], rows: Path, tmp_path: Path
) -> None:
    options: list[str | Path] = ["--reader", "cosine", "--reader", "cosine", "--predictions", tmp_path / "predicted"]
    done = measured(capsys, tiny, "--data", rows, "--json", "-", *options)
    assert list(json.loads(done.out)["readers"]) == ["cosine"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["predicted", "rows.jsonl"]
    assert [line["id"] for line in lines(tmp_path / "predicted")] == ["dusk", "bells", "3"]


def test_rows_over_a_corpus_give_the_figures_of_rows_with_their_passages(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], rows: Path, tmp_path: Path
) -> None:
    corpus = file_of(tmp_path / "corpus.jsonl", {"id": "d", "text": DUSK}, {"id": "w", "title": "Dew", "text": DEW})
    named = [
        {
            "id": row.get("id", "3"),
            "question": row["question"],
            "context_id": "d" if row["passage"] == DUSK else "w",
            "answers": [{"text": DUSK[start:end], "start": start} for start, end in row["answer_spans"]],
            "answerable": bool(row["answer_spans"]),
        }
        for row in ROWS
    ]
    over = file_of(tmp_path / "over.jsonl", *named)
    shipped: list[str | Path] = [*tiny, "--json", "-", "--reader", "shipped"]
    own = measured(capsys, shipped, "--data", rows)
    assert own.code == 0
    found = measured(capsys, shipped, "--data", over, "--corpus", corpus)
    assert json.loads(found.out)["readers"] == json.loads(own.out)["readers"]


def test_rows_without_a_sentence_are_told(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], tmp_path: Path
) -> None:
    data = file_of(tmp_path / "rows.jsonl", *ROWS, BLANK)
    done = measured(capsys, tiny, "--data", data, "--json", "-", "--predictions", tmp_path / "p", "--reader", "shipped")
    assert (done.code, done.complaint) == (0, "rows without a sentence, read with confidence 0: 1")
    assert json.loads(done.out)["without_sentences"] == 1
    assert lines(tmp_path / "p")[3] == {"id": "4", "answerable": 0.0, "sentences": [], "selected": []}


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (
            {"question": "q", "passage": DEW},
            "line 2: found the keys ['passage', 'question'], wanted 'answer_spans' among ",
        ),
        (
            {"question": "q", "passage": DEW, "answer_spans": [[0, 99]]},
            "line 2: found the answer span 0-99, wanted a range",
        ),
        (
            {"question": "q", "context_id": "d"},
            "line 2: found context_id, wanted a passage; name the file that holds it",
        ),
    ],
)
def test_bad_rows_are_refused_in_one_line_and_nothing_is_written(
    bad: dict[str, Any], fault: str, capsys: pytest.CaptureFixture[str], tiny: list[str | Path], tmp_path: Path
) -> None:
    data = file_of(tmp_path / "rows.jsonl", ROWS[0], bad)
    options: list[str | Path] = [
        "--json",
        tmp_path / "out" / "result.json",
        "--predictions",
        tmp_path / "out" / "predicted",
    ]
    assert measured(capsys, tiny, "--data", data, *options).refusal.startswith(f"{data}, {fault}")
    assert [path.name for path in tmp_path.iterdir()] == ["rows.jsonl"]


def test_a_passage_that_the_encoder_cannot_hold_is_refused_by_its_line(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], tmp_path: Path
) -> None:
    long = {"question": "q", "passage": f"Moths hum. {'m-' * 300}", "answer_spans": []}
    refusal = measured(capsys, tiny, "--data", file_of(tmp_path / "rows.jsonl", ROWS[0], long)).refusal
    assert refusal == (
        "rows.jsonl, line 2, characters 11-611: the passage exceeds the encoder's window of 256 tokens; shorten its "
        "headings, or break up its longest word"
    )


def test_wrong_options_are_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], tiny: list[str | Path], rows: Path, tmp_path: Path
) -> None:
    assert measured(capsys, tiny).refusal == "Missing option '--data'; see: insights eval reading --help"
    refusal = measured(capsys, tiny, "--data", rows, "--reader", "oracle").refusal
    assert refusal.startswith("Invalid value for '--reader': ")
    assert measured(capsys, tiny, "--data", tmp_path / "none").refusal.startswith(
        f"{tmp_path / 'none'} can't be read ("
    )
    refusal = measured(capsys, tiny, "--data", rows, "--predictions", tmp_path).refusal
    assert refusal == f"{tmp_path} is a folder, wanted a file to write; name one in it"


def test_the_readers_of_the_command_are_those_that_there_are() -> None:
    assert [reader.value for reader in Reader] == list(SUBJECTS)


def test_it_runs_in_a_process_of_its_own(tiny: list[str | Path], rows: Path) -> None:
    done = insights_process("eval", "reading", *tiny, "--data", rows, "--reader", "cosine", "--json", "-")
    assert (done.code, done.err) == (0, "")
    assert list(json.loads(done.out)["readers"]) == ["cosine"]

"""`insights eval misspellings` as a user meets it."""

import json
from pathlib import Path

import pytest

from tests.commands import Done, insights
from tests.fiction import write
from tests.workshop import Workshop

CASES = [
    {"id": "1", "kind": "plain", "question": "How long do glimmer moths shine?", "gold": ["Glimmer moths shine"]},
    {"id": "2", "kind": "elsewhere", "question": "Who rules the silver reesd?", "gold": []},
]
LINES = "".join(json.dumps(case | {"history": []}) + "\n" for case in CASES)
ROWS = ["clean", "one_edit", "one_edit_uncorrected", "two_edits", "two_edits_uncorrected"]


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    return write(tmp_path / "moths.jsonl", LINES)


@pytest.fixture
def queries(tmp_path: Path) -> Path:
    return write(tmp_path / "queries.jsonl", '{"id": "a", "text": "silver reeds"}\n{"id": "b", "text": "lantren"}\n')


def measured(capsys: pytest.CaptureFixture[str], vantor: Workshop, *options: str | Path) -> Done:
    where: list[str | Path] = ["--corpus", vantor.corpus, "--index", vantor.home]
    return insights(capsys, "eval", "misspellings", *options, *where)


def test_the_result_is_one_object_with_every_version_that_was_asked(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path, queries: Path
) -> None:
    options: list[str | Path] = ["--data", cases, "--queries", queries, "--repeats", "2", "--json", "-"]
    done = measured(capsys, vantor, *options)
    record = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    assert list(record) == ["version", "figures", "clean_questions", "changed", "versions", "index", "seed", "repeats"]
    assert (record["version"], record["seed"], record["repeats"]) == (1, 1, 2)
    assert {name: list(rows) for name, rows in record["figures"].items()} == {"right_first": ROWS, "share_lost": ROWS}
    assert record["figures"]["right_first"]["clean"] == {"value": 1.0, "low": 1.0, "high": 1.0, "cases": 1}
    assert [(one["id"], one["form"]) for one in record["versions"]] == [
        ("1", form) for form in ("one_edit", "two_edits") for _ in range(2)
    ]
    assert record["clean_questions"] == {str(cases): 2, str(queries): 2}
    assert record["changed"] == [
        {"source": str(cases), "id": "2", "question": CASES[1]["question"], "changes": [["reesd", "reeds"]]},
        {"source": str(queries), "id": "b", "question": "lantren", "changes": [["lantren", "lantern"]]},
    ]
    again = json.loads(measured(capsys, vantor, *options, "--seed", "2").out)
    assert again["versions"] != record["versions"]
    assert again["changed"] == record["changed"]


def test_figures_and_changed_questions_are_shown(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path, queries: Path, tmp_path: Path
) -> None:
    options: list[str | Path] = ["--data", cases, "--queries", queries, "--repeats", "1"]
    done = measured(capsys, vantor, *options, "--json", tmp_path / "run.json")
    assert (done.code, done.err) == (0, "")
    assert [line.split("│")[1].strip() for line in done.out.splitlines() if line.startswith("│")] == [
        row.replace("_", " ") for row in ROWS
    ]
    assert done.out.endswith(
        f"{cases}: 1 of 2 questions are changed as they stand\n"
        "  2: reesd → reeds: Who rules the silver reesd?\n"
        f"{queries}: 1 of 2 questions are changed as they stand\n"
        "  b: lantren → lantern: lantren\n"
    )
    assert json.loads((tmp_path / "run.json").read_bytes())["repeats"] == 1


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("moths\n", ", line 1: no JSON ("),
        (LINES.split("\n")[1], ": found no answerable question with a word of four letters, wanted one at least; "),
    ],
)
def test_cases_that_cannot_be_used_are_refused(
    content: str, fault: str, capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path
) -> None:
    path = write(tmp_path / "cases.jsonl", content)
    assert measured(capsys, vantor, "--data", path).refusal.startswith(f"{path}{fault}")


def test_queries_that_cannot_be_used_are_refused_before_anything_is_asked(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "queries.jsonl", "moths\n")
    assert measured(capsys, vantor, "--data", cases, "--queries", path).refusal.startswith(f"{path}, line 1: no JSON (")


def test_no_versions_are_no_number_of_versions(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, cases: Path
) -> None:
    done = measured(capsys, vantor, "--data", cases, "--repeats", "0")
    assert done.refusal.startswith("Invalid value for '--repeats': ")

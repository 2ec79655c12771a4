"""The report: one object, a Markdown text, and a page that stands alone and can be filtered."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.gates import Checked, Gate
from evals.measures import MEASURES, Table, measure
from evals.report import Run, to_record, write_report
from evals.wording import FIGURES, number
from tests.outcomes import DOCUMENTS, MADE, OUTCOMES, case, outcome, refusal

NASTY = "<script>alert('moths')</script> | **reeds** \x00\u2028 & \"bells\""
GATES = (
    Checked(Gate("all", "right_first", "at_least", 0.2), 2 / 7),
    Checked(Gate("moths", "auroc", "at_least", 0.9), None),
)


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    asked = replace(case(13, "other", history=(NASTY,)), question=NASTY)
    outcomes = [*OUTCOMES, outcome(asked, refusal())]
    table = Table.of(outcomes, DOCUMENTS)
    digests = {document.id: document.sha256 for document in DOCUMENTS.values()}
    return to_record(Run("moths", "0123", {"answer_threshold": 0.5}, digests, outcomes, table, measure(table), GATES))


def test_the_record_holds_everything_and_its_failures_come_first(record: dict[str, Any]) -> None:
    assert [case_["id"] for case_ in record["cases"]] == [*"79345", "10", "2", "1", "12", *"68", "11", "13"]
    assert json.loads(json.dumps(record)) == record
    first = record["cases"][0]
    assert {key: first[key] for key in ("kind", "gold", "verdict", "failed", "confidence", "right_if_answered")} == {
        "kind": "other",
        "gold": [],
        "verdict": "answered, must not",
        "failed": True,
        "confidence": 0.5,
        "right_if_answered": False,
    }
    assert [quote["text"] for quote in first["reply"]["quotes"]] == ["Moths hum."]
    assert record["cases"][2]["gold"] == [{"document": "moths", "start": 46, "end": 58, "text": "Stones rest."}]
    assert record["documents"] == {MADE.document.id: MADE.document.sha256}
    assert record["gates"][0] == {
        "kind": "all",
        "figure": "right_first",
        "bound": "at_least",
        "limit": 0.2,
        "value": 2 / 7,
        "passed": True,
    }
    assert record["risk_coverage"][0] == [1 / 7, 0.0]
    assert record["risk_coverage"][-1][0] == 1.0
    assert sum(found["cases"] for found in record["calibration"]) == 11


def test_every_figure_has_words() -> None:
    assert list(FIGURES) == list(MEASURES)
    assert [number(value) for value in (None, 0.0, 1.0, 0.12345, 12.0, 12.3456)] == [
        "–",
        "0.000",
        "1.000",
        "0.123",
        "12",
        "12.346",
    ]


def test_the_three_files_are_written_and_the_json_is_the_record(record: dict[str, Any], tmp_path: Path) -> None:
    paths = write_report(record, tmp_path / "new" / "folder")
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "report.html",
        "report.json",
        "report.md",
    ]
    assert json.loads(paths[0].read_text(encoding="utf-8")) == record


def test_the_page_stands_alone_and_shows_each_case_as_text(record: dict[str, Any], tmp_path: Path) -> None:
    page = write_report(record, tmp_path)[2].read_text(encoding="utf-8")
    assert {*re.findall(r"https?://[^\"'<\s]+", page)} <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert page.count("<script") == 1
    assert "&lt;script&gt;alert(&#39;moths&#39;)&lt;/script&gt;" in page
    assert page.count("<article") == 13
    assert page.count("<svg") == 4
    assert "<mark>Moths hum.</mark>" in page
    assert "default-src 'none'" in page


def test_the_markdown_tables_have_as_many_cells_in_each_row(record: dict[str, Any], tmp_path: Path) -> None:
    text = write_report(record, tmp_path)[1].read_text(encoding="utf-8")
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 4
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table}) == 1, table
    assert "**missed**" in text
    assert [name for name, _ in FIGURES.values() if f"| {name} |" not in text] == []

"""JUnit XML: what another program reads back of a run."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.gates import Checked, Gate
from evals.junit import write_junit
from evals.measures import Table
from evals.report import Run, to_record
from tests.outcomes import DOCUMENTS, HUM, answer, case, outcome, refusal

GATES = (
    Checked(Gate("all", "right_first", "at_least", 0.5), 0.5),
    Checked(Gate("all", "false_alarms", "at_most", 0.25), 1 / 3),
    Checked(Gate("bells", "auroc", "at_least", 0.9), None),
)


def record_of(*gates: Checked, question: str = "What hums?", kind: str = "plain") -> dict[str, Any]:
    """A run of one case that is right and one that got an answer that it must not."""
    asked = replace(case(250, kind, HUM), question=question)
    outcomes = [
        outcome(asked, answer(0.9, HUM)),
        outcome(case(3, "other"), answer(0.8, HUM)),
        outcome(case(4, "other"), refusal()),
    ]
    return to_record(Run("moths", "0123", {}, {}, outcomes, Table.of(outcomes, DOCUMENTS), {}, gates))


def parsed(path: Path) -> ElementTree.Element:
    return ElementTree.parse(path).getroot()  # noqa: S314 - the tests themselves have written it


def read_back(path: Path) -> list[tuple[str, str, str | None, str | None]]:
    """Of each test its group, its name, what kind of result it has, if any, and what that says."""
    found = [(test, next(iter(test), None)) for test in parsed(path).iter("testcase")]
    return [
        (test.attrib["classname"], test.attrib["name"], *((None, None) if r is None else (r.tag, r.get("message"))))
        for test, r in found
    ]


def test_missed_gates_fail_and_cases_that_went_wrong_are_skipped_with_their_verdict(tmp_path: Path) -> None:
    path = tmp_path / "new" / "junit.xml"
    write_junit(record_of(*GATES), path)
    assert read_back(path) == [
        ("moths.all", "right_first at_least 0.5", None, None),
        ("moths.all", "false_alarms at_most 0.25", "failure", "found 0.333333"),
        ("moths.bells", "auroc at_least 0.9", "failure", "found no case"),
        ("moths.other", "3: question 3", "skipped", "answered, must not"),
        ("moths.plain", "250: What hums?", None, None),
        ("moths.other", "4: question 4", None, None),
    ]
    root = parsed(path)
    counts = [[suite.get(key) for key in ("name", "tests", "failures", "skipped", "errors")] for suite in root]
    assert counts == [["moths: gates", "3", "2", "0", "0"], ["moths: cases", "3", "0", "1", "0"]]
    assert [root.get(key) for key in ("tests", "failures")] == ["6", "2"]
    assert root[1][1].get("time") == "0.25"
    assert [entry.name for entry in path.parent.iterdir()] == ["junit.xml"], "nothing else is left"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=[])), st.text(st.characters(exclude_categories=[]), min_size=1))
def test_whatever_stands_in_a_question_or_kind_the_file_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, question: str, kind: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "junit.xml"
    write_junit(record_of(question=question, kind=kind), path)
    assert [suite.get("name") for suite in parsed(path)] == ["moths: cases"], "without gates"
    ((_, name, *result),) = [test for test in read_back(path) if test[1].startswith("250:")]
    assert result == [None, None]
    if question.isprintable():
        assert name == f"250: {' '.join(question.split())}".strip()


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "junit.xml").mkdir()
    with pytest.raises(OSError, match=r"junit\.xml"):
        write_junit(record_of(), tmp_path / "junit.xml")
    assert [entry.name for entry in tmp_path.iterdir()] == ["junit.xml"]

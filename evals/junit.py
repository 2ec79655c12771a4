"""A run as JUnit XML, which most continuous integration systems show."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from junitparser import Failure, JUnitXml, Skipped, TestCase, TestSuite

from evals.files import staged

__all__ = ["write_junit"]

# What no XML may hold, not even escaped.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_junit(record: Mapping[str, Any], path: Path) -> None:
    """Writes the gates, failed where they are missed, and the cases: one that the bot got wrong is marked as skipped.

    A case fails no build by itself: that is what the gates are for.
    """
    xml = JUnitXml("insights eval answers")
    if record["gates"]:
        xml.add_testsuite(_suite(f"{record['data']}: gates", [_of_gate(gate, record) for gate in record["gates"]]))
    xml.add_testsuite(_suite(f"{record['data']}: cases", [_of_case(case, record) for case in record["cases"]]))
    xml.update_statistics()  # type: ignore[no-untyped-call]
    with staged(path) as new:
        xml.write(str(new), pretty=True)


def _suite(name: str, tests: list[TestCase]) -> TestSuite:
    suite = TestSuite(_one_line(name))
    suite.add_testcases(tests)
    return suite


def _of_gate(gate: Mapping[str, Any], record: Mapping[str, Any]) -> TestCase:
    wanted = f"{gate['figure']} {gate['bound']} {gate['limit']:g}"
    test = TestCase(wanted, classname=_one_line(f"{record['data']}.{gate['kind']}"))
    if not gate["passed"]:
        test.result = [Failure("found no case" if gate["value"] is None else f"found {gate['value']:g}")]
    return test


def _of_case(case: Mapping[str, Any], record: Mapping[str, Any]) -> TestCase:
    name, group = f"{case['id']}: {case['question']}", f"{record['data']}.{case['kind']}"
    test = TestCase(_one_line(name), classname=_one_line(group), time=case["elapsed_ms"] / 1000)
    if case["failed"]:
        test.result = [Skipped(case["verdict"])]
    return test


def _one_line(text: str) -> str:
    return _NO_XML.sub("\ufffd", " ".join(text.split()))

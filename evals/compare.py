"""Two runs of the same cases, case by case: after a change of the program, its policy, or its documents."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from evals.answers import VERSION
from evals.jsonl import DataError, is_texts

__all__ = ["Change", "ChangeKind", "Comparison", "PairedTest", "compare", "read_record"]

Record = Mapping[str, Any]
_REMEDY = "write it with insights eval answers --json"
_TEXTS = ("id", "kind", "question", "verdict")


class ChangeKind(StrEnum):
    """What is different in the reply to a case, of several things the first; or, of the same reply, its verdict."""

    NOW_REFUSED = "now refused"
    NOW_ANSWERED = "now answered"
    GAINED = "quote gained"
    LOST = "quote lost"
    CHANGED = "quote changed"
    REORDERED = "order changed"
    REASON = "reason changed"
    NOTICES = "notices changed"
    JUDGED = "judged otherwise"


@dataclass(frozen=True, slots=True)
class Change:
    """A case of which something is different: what came of it, and the quotes shown, before and after."""

    id: str
    kind: str
    question: str
    change: ChangeKind
    verdicts: tuple[str, str]
    quotes: tuple[Sequence[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class PairedTest:
    """How many of the cases in both runs do well in each, how many got better or worse, and whether that may be chance.

    `p_value` is that of McNemar's test in its exact form: of the cases that differ, each is as likely to get better as
    to get worse if the change does nothing (McNemar, "Note on the sampling error of the difference between correlated
    proportions or percentages", 1947).
    """

    what: str
    cases: int
    old: int
    new: int
    better: int
    worse: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is different between two runs."""

    changes: Sequence[Change]
    unchanged: int
    only_old: Sequence[str]
    only_new: Sequence[str]
    tests: Sequence[PairedTest]


def read_record(path: Path) -> Record:
    """The JSON object of a run, as `insights eval answers` writes it.

    Raises:
        DataError: if the file is none.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path} can't be read ({error}); name a file that insights eval answers wrote") from error
    version = record.get("version") if isinstance(record, dict) else None
    if version != VERSION:
        raise DataError(f"{path}: found version {version}, wanted version {VERSION} of a run; {_REMEDY}")
    cases = record.get("cases")
    if not isinstance(record.get("data"), str) or not isinstance(cases, list) or not all(map(_is_case, cases)):
        raise DataError(f"{path}: found no run, wanted one with its data and cases; {_REMEDY}")
    return dict(record)


def compare(old: Record, new: Record) -> Comparison:
    """Pairs the cases by id; one whose question or history is another is in each of the runs alone.

    Quotes are compared by their words: where they stand in the document may change with every edit of it.

    Raises:
        DataError: if the runs have no case in common.
    """
    before, after = ({_key(case): case for case in record["cases"]} for record in (old, new))
    pairs = [(case, after[key]) for key, case in before.items() if key in after]
    if not pairs:
        raise DataError(f"{old['data']} and {new['data']} have no case in common; compare two runs of the same cases")
    changes = [change for pair in pairs if (change := _change(*pair)) is not None]
    return Comparison(
        changes,
        len(pairs) - len(changes),
        [case["id"] for key, case in before.items() if key not in after],
        [case["id"] for key, case in after.items() if key not in before],
        _tests(pairs),
    )


def _is_case(case: object) -> bool:
    """Whether it has all that is compared."""
    if not isinstance(case, dict) or not all(isinstance(case.get(key), str) for key in _TEXTS):
        return False
    if not is_texts(case.get("history")) or not {"gold", "failed"} <= case.keys():
        return False
    return _is_reply(case.get("reply"))


def _is_reply(reply: object) -> bool:
    if not isinstance(reply, dict) or not {"reason", "notices"} <= reply.keys():
        return False
    quotes = reply.get("quotes")
    return isinstance(quotes, list) and all(isinstance(q, dict) and isinstance(q.get("text"), str) for q in quotes)


def _key(case: Record) -> tuple[str, ...]:
    return (case["id"], case["question"], *case["history"])


def _change(old: Record, new: Record) -> Change | None:
    before, after = _quotes(old), _quotes(new)
    kind = _change_of_quotes(before, after) or _change_of_the_rest(old, new)
    if kind is None:
        return None
    return Change(new["id"], new["kind"], new["question"], kind, (old["verdict"], new["verdict"]), (before, after))


def _change_of_quotes(before: Sequence[str], after: Sequence[str]) -> ChangeKind | None:
    if before == after:
        return None
    found: Iterable[tuple[bool, ChangeKind]] = (
        (not after, ChangeKind.NOW_REFUSED),
        (not before, ChangeKind.NOW_ANSWERED),
        ({*before} == {*after}, ChangeKind.REORDERED),
        ({*before} < {*after}, ChangeKind.GAINED),
        ({*after} < {*before}, ChangeKind.LOST),
    )
    return next((kind for holds, kind in found if holds), ChangeKind.CHANGED)


def _change_of_the_rest(old: Record, new: Record) -> ChangeKind | None:
    found = (
        (old["reply"]["reason"] != new["reply"]["reason"], ChangeKind.REASON),
        (old["reply"]["notices"] != new["reply"]["notices"], ChangeKind.NOTICES),
        (old["verdict"] != new["verdict"], ChangeKind.JUDGED),
    )
    return next((kind for holds, kind in found if holds), None)


def _quotes(case: Record) -> list[str]:
    return [" ".join(quote["text"].split()) for quote in case["reply"]["quotes"]]


def _tests(pairs: Sequence[tuple[Record, Record]]) -> list[PairedTest]:
    answerable = [pair for pair in pairs if pair[1]["gold"]]
    others = [pair for pair in pairs if not pair[1]["gold"]]
    found = [
        _test("as it should be, all cases", pairs, lambda case: not case["failed"]),
        _test("right first quote, answerable cases", answerable, lambda case: case["verdict"] == "right"),
        _test("no quotes, unanswerable cases", others, lambda case: not case["reply"]["quotes"]),
    ]
    return [test for test in found if test.cases]


def _test(what: str, pairs: Sequence[tuple[Record, Record]], does_well: Callable[[Record], bool]) -> PairedTest:
    well = [(does_well(old), does_well(new)) for old, new in pairs]
    better, worse = (sum(pair == wanted for pair in well) for wanted in ((False, True), (True, False)))
    p_value = binomtest(better, better + worse).pvalue if better + worse else 1.0
    old, new = (sum(pair[side] for pair in well) for side in (0, 1))
    return PairedTest(what, len(pairs), old, new, better, worse, float(p_value))

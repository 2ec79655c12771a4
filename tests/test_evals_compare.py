"""Comparing two runs: what changed in each case, and whether that may be chance."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.answers import Outcome
from evals.compare import Change, ChangeKind, Comparison, PairedTest, compare, read_record
from evals.jsonl import DataError
from evals.measures import Table
from evals.report import Run, to_record
from retrieval.model import Abstention, Reason, Reply
from tests.outcomes import ALARM, DOCUMENTS, HUM, OUTCOMES, RING, answer, case, outcome, refusal
from tests.retrieval_fixtures import Block, Kind, laid

ELSEWHERE = laid(Block(Kind.PARAGRAPH, ("Dew falls.", "Moths  hum.")), document_id="edited").sentences[1]


def record_of(outcomes: Sequence[Outcome], name: str = "moths") -> dict[str, Any]:
    return to_record(Run(name, "0123", {}, {}, outcomes, Table.of(outcomes, DOCUMENTS), {}, ()))


def compared(before: Outcome, after: Outcome) -> Comparison:
    return compare(record_of([before]), record_of([after]))


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (answer(0.9, HUM, RING), refusal(), "now refused"),
        (refusal(), answer(0.9, HUM), "now answered"),
        (answer(0.9, HUM), answer(0.9, RING, HUM), "quote gained"),
        (answer(0.9, HUM, RING), answer(0.9, RING), "quote lost"),
        (answer(0.9, HUM), answer(0.9, RING), "quote changed"),
        (answer(0.9, HUM, RING), answer(0.9, RING, HUM), "order changed"),
        (refusal(), Abstention("q", "q", Reason.OTHER_LANGUAGE), "reason changed"),
        (refusal(), refusal(ALARM), "notices changed"),
    ],
)
def test_what_changed_in_a_reply_is_named_with_the_quotes_before_and_after(
    before: Reply, after: Reply, change: str
) -> None:
    old, new = outcome(case(1, "plain"), before), outcome(case(1, "plain"), after)
    first, second = ([quote["text"] for quote in found.shown["quotes"]] for found in (old, new))
    verdicts = (str(old.verdict), str(new.verdict))
    found = [Change("1", "plain", "question 1", ChangeKind(change), verdicts, (first, second))]
    assert compared(old, new) == Comparison(found, 0, [], [], compared(old, new).tests)


def test_a_reply_that_is_judged_otherwise_is_a_change_of_its_own() -> None:
    old, new = (outcome(case(1, "plain", gold), answer(0.9, HUM)) for gold in (HUM, RING))
    (found,) = compared(old, new).changes
    assert (found.change, found.verdicts) == ("judged otherwise", ("right", "wrong quotes"))


def test_the_same_words_at_another_place_or_surer_are_no_change() -> None:
    found = compared(outcome(case(1, "plain"), answer(0.9, HUM)), outcome(case(1, "plain"), answer(0.7, ELSEWHERE)))
    assert (found.changes, found.unchanged) == ([], 1)


def test_a_case_whose_question_or_history_is_another_is_in_each_run_alone() -> None:
    cases = [case(number, "plain") for number in (1, 2, 3, 4)]
    asked, after = replace(cases[1], question="What rings?"), replace(cases[2], history=("What hums?",))
    others = [cases[0], asked, after, case(5, "plain")]
    found = compare(*(record_of([outcome(one, refusal()) for one in listed]) for listed in (cases, others)))
    assert (found.changes, found.unchanged, found.only_old, found.only_new) == ([], 1, ["2", "3", "4"], ["2", "3", "5"])


def test_a_run_compared_with_itself_has_no_change() -> None:
    assert compare(record_of(OUTCOMES), record_of(OUTCOMES)) == Comparison(
        changes=[],
        unchanged=12,
        only_old=[],
        only_new=[],
        tests=[
            PairedTest("as it should be, all cases", 12, 5, 5, 0, 0, 1.0),
            PairedTest("right first quote, answerable cases", 7, 2, 2, 0, 0, 1.0),
            PairedTest("no quotes, unanswerable cases", 5, 4, 4, 0, 0, 1.0),
        ],
    )


def test_five_better_and_one_worse_may_be_chance() -> None:
    """By hand: with six cases that differ, 2 (1 + 6) of the 2^6 ways are as uneven."""
    right, wrong = answer(0.9, HUM), answer(0.9, RING)
    replies = [*[(wrong, right)] * 5, (right, wrong), (right, right), (wrong, wrong)]
    before, after = (
        record_of([outcome(case(n, "plain", HUM), pair[side]) for n, pair in enumerate(replies)]) for side in (0, 1)
    )
    names = ("as it should be, all cases", "right first quote, answerable cases")
    assert compare(before, after).tests == [PairedTest(name, 8, 2, 6, 5, 1, 0.21875) for name in names]
    assert compare(after, before).tests == [PairedTest(name, 8, 6, 2, 1, 5, 0.21875) for name in names]


def test_runs_with_no_case_in_common_are_refused() -> None:
    with pytest.raises(DataError) as error:
        compare(record_of(OUTCOMES[:2]), record_of(OUTCOMES[2:], "bells"))
    assert str(error.value) == "moths and bells have no case in common; compare two runs of the same cases"


RECORD = record_of(OUTCOMES[:1])
CASE = RECORD["cases"][0]
NO_CASES = (
    *(1, CASE | {"id": 1}, CASE | {"history": "q"}, CASE | {"reply": []}, CASE | {"reply": {"quotes": []}}),
    *({key: value for key, value in CASE.items() if key != gone} for gone in ("gold", "failed")),
    *(CASE | {"reply": CASE["reply"] | {"quotes": quotes}} for quotes in (None, [1], [{"text": None}])),
)
REMEDY = "write it with insights eval answers --json"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, " can't be read ([Errno 2] No such file or directory: "),
        ("{", " can't be read ("),
        ("[" * 100_000, " can't be read ("),
        ("caf\udce9", " can't be read ('utf-8' codec can't decode byte 0xe9"),
        ("[]", f": found version None, wanted version 1 of a run; {REMEDY}"),
        (json.dumps(RECORD | {"version": 0}), f": found version 0, wanted version 1 of a run; {REMEDY}"),
        *(
            (json.dumps(wrong), f": found no run, wanted one with its data and cases; {REMEDY}")
            for wrong in (
                *({"version": 1, "kind": "answer", "quotes": []}, RECORD | {"data": None}),
                *(RECORD | {"cases": [CASE, wrong]} for wrong in NO_CASES),
            )
        ),
    ],
)
def test_a_file_that_is_no_run_is_told_in_one_line(content: str | None, fault: str, tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    if content is not None:
        path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(DataError) as error:
        read_record(path)
    assert str(error.value).startswith(f"{path}{fault}")
    assert "\n" not in str(error.value)

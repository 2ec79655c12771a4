"""Misspelt questions: the versions that are asked, and the figures by hand."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from evals.cases import Case
from evals.intervals import interval
from evals.jsonl import DataError
from evals.measures import Figure
from evals.misspellings import Asked, Changed, Version, ask, changed, figures, to_record, versions
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from tests.outcomes import HUM, RING
from tests.public_set import quiet

CASES = Path("cases.jsonl")
HUMS = Case("hums", "plain", "When do glimmer moths hum?", ("What are moths?",), (HUM,))
RINGS = Case("rings", "plain", "What rings?", (), (RING,))
ELSEWHERE = Case("elsewhere", "plain", "Who rules Zorbia?", (), ())
WORDLESS = Case("wordless", "plain", "who is it?", (), (HUM,))


def test_each_answerable_question_has_as_many_versions_with_one_slip_as_with_two() -> None:
    found = versions([HUMS, ELSEWHERE, RINGS, WORDLESS], CASES, repeats=3, seed=1)
    assert [(one.case.id, one.form) for one in found] == [
        (case, form) for case in ("hums", "rings") for form in ("one_edit", "two_edits") for _ in range(3)
    ]
    for one in found:
        words = list(zip(one.case.question.split(), one.question.split(), strict=True))
        slipped = [clean for clean, typed in words if clean != typed]
        assert {*slipped} <= {"glimmer", "moths", "rings?"}
        assert len(slipped) == (2 if one.case is HUMS and one.form == "two_edits" else 1)


def test_versions_are_the_same_for_a_seed_whatever_the_other_cases_are() -> None:
    alone = versions([RINGS], CASES, repeats=5, seed=1)
    assert versions([HUMS, RINGS], CASES, repeats=5, seed=1)[-10:] == alone
    assert versions([RINGS], CASES, repeats=5, seed=2) != alone


def test_without_an_answerable_question_there_is_nothing_to_measure() -> None:
    with pytest.raises(DataError, match=r"cases\.jsonl: found no answerable question with a word of four letters"):
        versions([ELSEWHERE, WORDLESS], CASES, repeats=1, seed=1)


def asked(case: Case, form: str, *, right: bool, uncorrected: bool, clean: bool) -> Asked:
    return Asked(Version(case, form, "wen?"), "when?", right, uncorrected, clean)


OUTCOMES = [
    asked(HUMS, "one_edit", right=True, uncorrected=False, clean=True),
    asked(HUMS, "one_edit", right=True, uncorrected=True, clean=True),
    asked(HUMS, "two_edits", right=False, uncorrected=False, clean=True),
    asked(HUMS, "two_edits", right=True, uncorrected=False, clean=True),
    asked(RINGS, "one_edit", right=False, uncorrected=True, clean=False),
    asked(RINGS, "two_edits", right=False, uncorrected=False, clean=False),
]


def figure(*values: float) -> Figure:
    return Figure(sum(values) / len(values), *interval(np.array(values)), len(values))


def test_the_figures_are_those_reckoned_by_hand() -> None:
    nothing = Figure(None, None, None, 0)
    assert figures(OUTCOMES) == {
        "right_first": {
            "clean": figure(1, 0),
            "one_edit": figure(1, 0),
            "one_edit_uncorrected": figure(1 / 2, 1),
            "two_edits": figure(1 / 2, 0),
            "two_edits_uncorrected": figure(0, 0),
        },
        "share_lost": {
            "clean": nothing,
            "one_edit": figure(0),
            "one_edit_uncorrected": figure(1 / 2),
            "two_edits": figure(1 / 2),
            "two_edits_uncorrected": figure(1),
        },
    }
    wrong = [one for one in OUTCOMES if not one.right_when_clean]
    assert {*figures(wrong)["share_lost"].values()} == {nothing}


def test_a_run_is_one_object() -> None:
    found = Changed("cases.jsonl", "hums", "Wen?", (("wen", "when"),))
    record = to_record(OUTCOMES[:1], [found], {"cases.jsonl": 4})
    assert record == {
        "version": 1,
        "figures": {
            name: {row: asdict(one) for row, one in rows.items()} for name, rows in figures(OUTCOMES[:1]).items()
        },
        "clean_questions": {"cases.jsonl": 4},
        "changed": [{"source": "cases.jsonl", "id": "hums", "question": "Wen?", "changes": (("wen", "when"),)}],
        "versions": [
            {
                "id": "hums",
                "form": "one_edit",
                "question": "When do glimmer moths hum?",
                "misspelt": "wen?",
                "asked_as": "when?",
                "right_when_clean": True,
                "right": True,
                "right_uncorrected": False,
            }
        ],
    }


def test_versions_are_asked_with_the_corrector_and_without(vantor_index: PassageIndex) -> None:
    responder = Responder.over(vantor_index)
    (document,) = (document for document in vantor_index.documents if document.id == "moths")
    gold = next(one for one in vantor_index.sentences_of(document) if one.text.startswith("Glimmer moths shine"))
    case = Case("shine", "plain", "How long do glimmer moths shine?", (), (gold,))
    steps: list[tuple[str, int, int]] = []
    slipped = [
        Version(case, "one_edit", "How long do glimmer mohts shine?"),
        Version(case, "two_edits", "How long do zzzzz xxxxx qqqqq?"),
    ]
    good, bad = ask(responder, slipped, lambda *step: steps.append(step))
    assert (good.asked_as, good.right, good.right_when_clean) == (case.question, True, True)
    assert good.right_uncorrected == responder.understood("mohts").changes[0][1].startswith("moths")
    assert (bad.right, bad.right_uncorrected, bad.right_when_clean) == (False, False, True)
    assert steps == [("Asking", 0, 2), ("Asking", 1, 2)]
    uncorrected = replace(responder, corrects_spelling=False)
    assert uncorrected.looked_up(slipped[0].question) == slipped[0].question


def test_what_the_corrector_changes_of_clean_questions_is_told_unless_they_are_refused(
    vantor_index: PassageIndex,
) -> None:
    clean = {
        "one": [("1", "Do mohts glow?", ()), ("2", "Do moths glow?", ())],
        "two": [("1", "¿Cómo brillan las mohts de la laguna en las noches?", ()), ("2", "lantren", ())],
    }
    assert changed(Responder.over(vantor_index), clean, quiet) == [
        Changed("one", "1", "Do mohts glow?", (("mohts", "moths"),)),
        Changed("two", "2", "lantren", (("lantren", "lantern"),)),
    ]

"""What misspelt questions lose: right first quotes of the questions as they stand, and with slips of the finger."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from evals.answers import covers_gold
from evals.cases import Case
from evals.intervals import interval
from evals.jsonl import DataError
from evals.measures import Figure
from evals.progress import Progress
from retrieval.answer import Responder
from retrieval.training.typos import misspelt

__all__ = ["EDITS", "Asked", "Changed", "Version", "ask", "changed", "figures", "to_record", "versions"]

_VERSION = 1  # of the JSON object
EDITS = {"one_edit": 1, "two_edits": 2}
_CLEAN = "clean"

# An id, a question, and the questions before it.
Question = tuple[str, str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Version:
    """A misspelt form of a case's question: `form` is a key of `EDITS`."""

    case: Case
    form: str
    question: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a version: what was looked up for it, and whether the first quote was right.

    `right_when_clean` tells the same of the question as it stands, `right_uncorrected` of the version when it is looked
    up as it was typed.
    """

    version: Version
    asked_as: str
    right: bool
    right_uncorrected: bool
    right_when_clean: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that nobody misspelt on purpose, of which the corrector changed words: (typed, understood) each."""

    source: str
    id: str
    question: str
    changes: tuple[tuple[str, str], ...]


def versions(cases: Iterable[Case], path: Path, *, repeats: int, seed: int) -> list[Version]:
    """`repeats` misspelt versions of each answerable question of the file `path` with one slip, and as many with two.

    The slips are in content words of four letters or more, two slips in two words if there are two; the history is left
    as it is. A question without such words has no versions. Those of a question are always the same for a seed.

    Raises:
        DataError: if there are none.
    """
    found = [
        Version(case, form, question)
        for case in cases
        if case.gold
        for form, number in product(EDITS, range(repeats))
        if (question := _misspelt(case, form, f"{seed} {number}")) != case.question
    ]
    if not found:
        raise DataError(
            f"{path}: found no answerable question with a word of four letters, wanted one at least; name another file"
        )
    return found


def _misspelt(case: Case, form: str, seed: str) -> str:
    rng = random.Random(f"{seed} {form} {case.id}")  # noqa: S311 - no secrets
    return misspelt(case.question, EDITS[form], rng, content_only=True)


def ask(responder: Responder, asked: Sequence[Version], progress: Progress) -> list[Asked]:
    """Puts each version to the responder, to one that corrects nothing, and the question as it stands."""
    uncorrected = replace(responder, corrects_spelling=False)
    clean: dict[str, bool] = {}
    outcomes: list[Asked] = []
    for number, version in enumerate(asked):
        progress("Asking", number, len(asked))
        case = version.case
        if case.id not in clean:
            clean[case.id] = covers_gold(responder.answer(case.question, case.history), case, 1)
        reply = responder.answer(version.question, case.history)
        plain = uncorrected.answer(version.question, case.history)
        right, right_plain = covers_gold(reply, case, 1), covers_gold(plain, case, 1)
        outcomes.append(Asked(version, reply.asked_as, right, right_plain, clean[case.id]))
    return outcomes


def changed(responder: Responder, clean: Mapping[str, Sequence[Question]], progress: Progress) -> list[Changed]:
    """Those of the questions, by their source, that the corrector changes when they are asked."""
    found: list[Changed] = []
    every = [(source, *question) for source, questions in clean.items() for question in questions]
    for number, (source, key, question, history) in enumerate(every):
        progress("Correcting", number, len(every))
        changes = responder.understood(question).changes
        # What is refused before it is looked up, as another language is, is not corrected.
        if changes and responder.looked_up(question, history) is not None:
            found.append(Changed(source, key, question, changes))
    return found


def figures(outcomes: Sequence[Asked]) -> dict[str, dict[str, Figure]]:
    """By figure and row: the share of right first quotes, and of those that were right when clean the share lost.

    The intervals are over questions, each with all its versions.
    """
    clean = {one.version.case.id: float(one.right_when_clean) for one in outcomes}
    right, lost = {_CLEAN: _figure(list(clean.values()))}, {_CLEAN: _figure([])}
    for form in EDITS:
        of_form = [one for one in outcomes if one.version.form == form]
        for row, flags in (
            (form, [one.right for one in of_form]),
            (f"{form}_uncorrected", [one.right_uncorrected for one in of_form]),
        ):
            shares: dict[str, list[bool]] = {}
            for one, is_right in zip(of_form, flags, strict=True):
                shares.setdefault(one.version.case.id, []).append(is_right)
            means = {key: float(np.mean(share)) for key, share in shares.items()}
            right[row] = _figure(list(means.values()))
            lost[row] = _figure([1 - mean for key, mean in means.items() if clean[key]])
    return {"right_first": right, "share_lost": lost}


def _figure(values: Sequence[float]) -> Figure:
    if not values:
        return Figure(None, None, None, 0)
    return Figure(float(np.mean(values)), *interval(np.array(values)), len(values))


def to_record(outcomes: Sequence[Asked], found: Sequence[Changed], looked_at: Mapping[str, int]) -> dict[str, Any]:
    """The object that a run is written as; `looked_at` counts the clean questions by their source."""
    return {
        "version": _VERSION,
        "figures": {
            name: {row: asdict(figure) for row, figure in rows.items()} for name, rows in figures(outcomes).items()
        },
        "clean_questions": dict(looked_at),
        "changed": [asdict(one) for one in found],
        "versions": [
            {
                "id": one.version.case.id,
                "form": one.version.form,
                "question": one.version.case.question,
                "misspelt": one.version.question,
                "asked_as": one.asked_as,
                "right_when_clean": one.right_when_clean,
                "right": one.right,
                "right_uncorrected": one.right_uncorrected,
            }
            for one in outcomes
        ],
    }

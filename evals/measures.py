"""Figures of a run: of every kind of case, each with its 95% bootstrap interval.

A figure is a function of weights, (resamples, cases): with one row of ones it is the figure, with the rows of
`bootstrap_weights` it is what the figure might have been with other cases of the same sort.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.model import Document, Span
from evals.answers import EMERGENCY, NOT_EMERGENCY, Outcome
from evals.cases import EVERY_KIND
from evals.intervals import bootstrap_weights, percentile_interval, ratio
from evals.selective import Judged, Selection, calibration_bins
from retrieval.model import Answer

__all__ = ["MEASURES", "Figure", "Figures", "Table", "measure"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, its 95% interval, and the number of cases it rests on; `None` where it rests on none."""

    value: float | None
    low: float | None
    high: float | None
    cases: int


Figures = dict[str, Figure]


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of each case, (cases,) each."""

    kind: npt.NDArray[np.str_]
    answerable: Flags
    follows_up: Flags
    answered: Flags
    was_read: Flags
    alarmed: Flags
    right: Flags  # the first quote shown
    right_in_three: Flags
    right_always: Flags  # the first quote that would be shown without a threshold
    right_in_three_always: Flags
    confidence: Floats
    words_shown: Floats
    words_right: Floats
    words_gold: Floats
    violations: Floats
    elapsed_ms: Floats

    @classmethod
    def of(cls, outcomes: Sequence[Outcome], documents: Mapping[str, Document]) -> "Table":
        """The table of a run; `documents` are the vetted ones, to hold what was shown against."""
        words = [_words(outcome) for outcome in outcomes]
        return cls(
            kind=np.array([outcome.case.kind for outcome in outcomes], np.str_),
            answerable=np.array([bool(outcome.case.gold) for outcome in outcomes]),
            follows_up=np.array([bool(outcome.case.history) for outcome in outcomes]),
            answered=np.array([outcome.answered for outcome in outcomes]),
            was_read=np.array([outcome.was_read for outcome in outcomes]),
            alarmed=np.array([outcome.alarmed for outcome in outcomes]),
            right=np.array([outcome.right_within(1) for outcome in outcomes]),
            right_in_three=np.array([outcome.right_within(3) for outcome in outcomes]),
            right_always=np.array([outcome.right_if_answered(1) for outcome in outcomes]),
            right_in_three_always=np.array([outcome.right_if_answered(3) for outcome in outcomes]),
            confidence=np.array([outcome.confidence for outcome in outcomes], np.float64),
            words_shown=np.array([shown for shown, _, _ in words], np.float64),
            words_right=np.array([right for _, right, _ in words], np.float64),
            words_gold=np.array([gold for _, _, gold in words], np.float64),
            violations=np.array([outcome.violations(documents) for outcome in outcomes], np.float64),
            elapsed_ms=np.array([outcome.elapsed_ms for outcome in outcomes], np.float64),
        )

    @property
    def judged(self) -> Judged:
        """The cases by the confidence of the quote that would be shown without a threshold."""
        return Judged(self.confidence, self.right_always, self.answerable)

    def of_kind(self, kind: str) -> Flags:
        """The cases of a kind, or of every kind."""
        return np.ones(len(self.kind), np.bool_) if kind == EVERY_KIND else self.kind == kind

    def contrasted(self, kind: str) -> Flags:
        """The cases of a kind, and if they are all answerable or all not, those of every kind that are the other."""
        chosen = self.of_kind(kind)
        for side in (self.answerable, ~self.answerable):
            if not (chosen & side).any():
                return chosen | side
        return chosen


# The figure of the chosen kind, (resamples,), and the cases that it rests on, (cases,).
Reckoned = tuple[Floats, Flags]
Measure = Callable[[Table, str, Floats], Reckoned]


def _share(of: Callable[[Table], Flags], among: Callable[[Table], Flags]) -> Measure:
    """The share of the cases `among` a kind that are `of` it."""

    def reckon(table: Table, kind: str, weights: Floats) -> Reckoned:
        base = table.of_kind(kind) & among(table)
        return ratio(weights @ (base & of(table)), weights @ base), base

    return reckon


def _words_share(part: Callable[[Table], Floats], whole: Callable[[Table], Floats]) -> Measure:
    """Words over words, summed over the cases of a kind."""

    def reckon(table: Table, kind: str, weights: Floats) -> Reckoned:
        base = table.of_kind(kind) & (whole(table) > 0)
        return ratio(weights @ (part(table) * base), weights @ (whole(table) * base)), base

    return reckon


def _selective(figure: Callable[[Selection], Floats]) -> Measure:
    """A figure of the ranking by confidence, of a kind against its contrast."""

    def reckon(table: Table, kind: str, weights: Floats) -> Reckoned:
        base = table.contrasted(kind)
        return figure(Selection.of(table.judged.where(base), weights[:, base])), base

    return reckon


def _calibration_error(table: Table, kind: str, weights: Floats) -> Reckoned:
    base = table.of_kind(kind) & table.was_read
    return calibration_bins(table.judged.where(base), weights[:, base]).expected_calibration_error(), base


def _violations(table: Table, kind: str, weights: Floats) -> Reckoned:
    base = table.of_kind(kind)
    return weights @ (table.violations * base), base


def _latency(share: float) -> Measure:
    """The least time that the share of the cases of a kind keeps within, in milliseconds."""

    def reckon(table: Table, kind: str, weights: Floats) -> Reckoned:
        base = table.of_kind(kind)
        order = np.argsort(table.elapsed_ms[base])
        reached = np.cumsum(weights[:, base][:, order], axis=1)
        first = (reached < share * reached[:, -1:]).sum(axis=1)
        return np.where(
            reached[:, -1] > 0, table.elapsed_ms[base][order][np.minimum(first, len(order) - 1)], np.nan
        ), base

    return reckon


def _answerable(table: Table) -> Flags:
    return table.answerable


def _unanswerable(table: Table) -> Flags:
    return ~table.answerable


MEASURES: Mapping[str, Measure] = {
    "right_first": _share(lambda table: table.right, _answerable),
    "right_in_three": _share(lambda table: table.right_in_three, _answerable),
    "right_first_always": _share(lambda table: table.right_always, _answerable),
    "right_in_three_always": _share(lambda table: table.right_in_three_always, _answerable),
    "quote_precision": _words_share(lambda table: table.words_right, lambda table: table.words_shown),
    "quote_recall": _words_share(lambda table: table.words_right, lambda table: table.words_gold),
    "answered_when_it_must_not": _share(lambda table: table.answered, _unanswerable),
    "abstained_when_it_must_not": _share(lambda table: ~table.answered, _answerable),
    "coverage_at_5_percent_wrong": _selective(lambda selection: selection.coverage_at(0.05)),
    "coverage_at_1_percent_wrong": _selective(lambda selection: selection.coverage_at(0.01)),
    "auroc": _selective(Selection.auroc),
    "area_under_risk_coverage": _selective(Selection.area_under_risk),
    "expected_calibration_error": _calibration_error,
    "follow_ups_right": _share(lambda table: table.right, lambda table: table.follows_up & table.answerable),
    "emergency_recall": _share(lambda table: table.alarmed, lambda table: table.kind == EMERGENCY),
    "false_alarms": _share(lambda table: table.alarmed, lambda table: table.kind == NOT_EMERGENCY),
    "verbatim_violations": _violations,
    "latency_p50_ms": _latency(0.5),
    "latency_p95_ms": _latency(0.95),
}


def measure(table: Table) -> dict[str, Figures]:
    """The figures of every kind together, as "all", then of each kind."""
    weights = bootstrap_weights(len(table.kind))
    kinds = [EVERY_KIND, *sorted({*table.kind.tolist()})]
    return {kind: {name: _figure(reckon, table, kind, weights) for name, reckon in MEASURES.items()} for kind in kinds}


def _figure(reckon: Measure, table: Table, kind: str, weights: Floats) -> Figure:
    (value,), base = reckon(table, kind, np.ones((1, len(table.kind))))
    if not base.any() or np.isnan(value):
        return Figure(None, None, None, int(base.sum()))
    low, high = percentile_interval(reckon(table, kind, weights)[0])
    return Figure(float(value), low, high, int(base.sum()))


def _words(outcome: Outcome) -> tuple[int, int, int]:
    """The numbers of words that were shown, of those of them that are gold, and of those that are gold."""
    quotes = outcome.reply.quotes if isinstance(outcome.reply, Answer) else ()
    shown = {word for quote in quotes for word in _places(quote.span)}
    gold = {word for span in outcome.case.gold for word in _places(span)}
    return len(shown), len(shown & gold), len(gold)


def _places(span: Span) -> list[tuple[str, int]]:
    """The words that overlap the range, by their document and the beginning of the whole word."""
    text = span.document.text
    start = span.start
    while start > 0 and not text[start - 1].isspace() and not text[start].isspace():
        start -= 1
    return [(span.document.id, word.start()) for word in _WORD.finditer(text, start) if word.start() < span.end]

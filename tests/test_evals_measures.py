"""The figures, by values reckoned by hand, and by bots that are wrong in a known way."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from evals.answers import Outcome
from evals.measures import MEASURES, Figure, Figures, Table, measure
from retrieval.model import Abstention, Answer, Reply
from tests.outcomes import DOCUMENTS, OUTCOMES, refusal, shown

# By confidence: 12 right, 1 right, 2 wrong, 3 wrong, 4 wrong, 7 unanswerable, 10 right, 5 right, 6, 9, 8, 11 (unread).
ALL = {
    "right_first": 2 / 7,
    "right_in_three": 3 / 7,
    "right_first_always": 4 / 7,
    "right_in_three_always": 5 / 7,
    "quote_precision": 8 / 22,
    "quote_recall": 8 / 16,
    "answered_when_it_must_not": 1 / 5,
    "abstained_when_it_must_not": 2 / 7,
    "coverage_at_5_percent_wrong": 2 / 7,
    "coverage_at_1_percent_wrong": 2 / 7,
    "auroc": 33 / 35,
    "area_under_risk_coverage": (0 + 0 + 1 / 3 + 2 / 4 + 3 / 5 + 4 / 7 + 4 / 8) / 7,
    # Bins of a tenth: 0.95 and 0.9 together, 0.15 and 0.1 together, each other alone.
    "expected_calibration_error": (0.15 + 0.8 + 0.7 + 0.6 + 0.5 + 0.6 + 0.7 + 0.2 + 0.25) / 11,
    "follow_ups_right": 1.0,
    "emergency_recall": 1 / 2,
    "false_alarms": 1.0,
    "verbatim_violations": 0.0,
    "latency_p50_ms": 6.0,
    "latency_p95_ms": 12.0,
}
CASES = dict.fromkeys(MEASURES, 12) | {
    **dict.fromkeys(("right_first", "right_in_three", "right_first_always", "right_in_three_always"), 7),
    "quote_precision": 6,
    "quote_recall": 7,
    "answered_when_it_must_not": 5,
    "abstained_when_it_must_not": 7,
    "expected_calibration_error": 11,
    "follow_ups_right": 1,
    "emergency_recall": 2,
    "false_alarms": 1,
}


def figures_of(outcomes: list[Outcome]) -> dict[str, Figures]:
    return measure(Table.of(outcomes, DOCUMENTS))


def values(figures: Figures) -> dict[str, float | None]:
    return {name: figure.value for name, figure in figures.items()}


def test_the_figures_of_all_cases_are_those_reckoned_by_hand() -> None:
    figures = figures_of(OUTCOMES)
    assert list(figures) == ["all", "emergency", "greeting", "not-emergency", "odd", "other", "plain"]
    assert values(figures["all"]) == pytest.approx(ALL)
    assert {name: figure.cases for name, figure in figures["all"].items()} == CASES


def test_a_kind_is_measured_alone_and_its_confidence_against_what_it_is_not() -> None:
    figures = figures_of(OUTCOMES)
    odd, other = values(figures["odd"]), values(figures["other"])
    assert odd["right_first"] == 0.0
    assert odd["right_first_always"] == 1 / 2
    assert odd["answered_when_it_must_not"] is None
    # 0.6 and 0.3 against 0.5, 0.2, 0.15, 0.1 and 0 of what can't be answered.
    assert odd["auroc"] == pytest.approx(9 / 10)
    # All seven that can be answered against 0.5 and 0.2.
    assert other["auroc"] == pytest.approx(12 / 14)
    assert other["right_first"] is None
    assert other["answered_when_it_must_not"] == 1 / 2
    assert figures["plain"]["emergency_recall"] == Figure(None, None, None, 0)
    assert values(figures["emergency"])["emergency_recall"] == 1 / 2
    assert values(figures["greeting"])["expected_calibration_error"] is None


def test_intervals_hold_the_figure_and_are_the_same_each_time() -> None:
    figures = figures_of(OUTCOMES)["all"]
    # The calibration error of a resample is mostly larger: fewer different cases stand in each bin.
    for name in MEASURES.keys() - {"expected_calibration_error"}:
        value, low, high = figures[name].value, figures[name].low, figures[name].high
        assert value is not None
        assert low is not None
        assert high is not None
        assert low <= value <= high, name
    assert figures == figures_of(OUTCOMES)["all"]


@given(st.permutations(OUTCOMES))
def test_the_order_of_the_cases_does_not_matter(outcomes: list[Outcome]) -> None:
    table = Table.of(outcomes, DOCUMENTS)
    ones = np.ones((1, len(outcomes)))
    assert {name: reckon(table, "all", ones)[0][0] for name, reckon in MEASURES.items()} == pytest.approx(ALL)


def moved_by(change: Callable[[Outcome], Outcome]) -> set[str]:
    """The figures that are not what they were if every outcome is changed so."""
    found = values(figures_of([change(one) for one in OUTCOMES])["all"])
    return {name for name, value in ALL.items() if found[name] != pytest.approx(value)}


def replied(reply: Callable[[Reply], Reply]) -> Callable[[Outcome], Outcome]:
    """A bot whose replies are changed so, with a threshold or without."""

    def change(one: Outcome) -> Outcome:
        new = reply(one.reply)
        return replace(one, reply=new, always=reply(one.always), shown=shown(new))

    return change


def test_a_bot_that_always_answers_moves_what_refusing_moves_and_nothing_of_the_confidence() -> None:
    assert moved_by(lambda one: replace(one, reply=one.always, shown=shown(one.always))) == {
        "right_first",
        "right_in_three",
        "quote_precision",
        "quote_recall",
        "answered_when_it_must_not",
        "abstained_when_it_must_not",
        "emergency_recall",
        "false_alarms",
    }
    always = values(figures_of([replace(one, reply=one.always, shown=shown(one.always)) for one in OUTCOMES])["all"])
    assert always["answered_when_it_must_not"] == 4 / 5
    assert always["abstained_when_it_must_not"] == 0.0
    assert always["right_first"] == ALL["right_first_always"]


def test_a_bot_that_always_abstains_moves_what_refusing_moves_and_nothing_of_the_confidence() -> None:
    assert moved_by(lambda one: replace(one, reply=refusal(*one.reply.notices), shown=shown(refusal()))) == {
        "right_first",
        "right_in_three",
        "quote_precision",
        "quote_recall",
        "answered_when_it_must_not",
        "abstained_when_it_must_not",
        "follow_ups_right",
    }
    figures = figures_of([replace(one, reply=refusal(), shown=shown(refusal())) for one in OUTCOMES])["all"]
    assert figures["quote_precision"] == Figure(None, None, None, 0)
    assert (figures["answered_when_it_must_not"].value, figures["right_first"].value) == (0.0, 0.0)


def _off_by_one(reply: Reply) -> Reply:
    """Each range begins and ends one character too late."""
    if isinstance(reply, Abstention):
        return reply

    def later(span: Span) -> Span:
        return Span(span.document, span.start + 1, min(span.end + 1, len(span.document.text)))

    quotes = [replace(q, span=later(q.span), evidence=tuple(map(later, q.evidence))) for q in reply.quotes]
    return replace(reply, quotes=tuple(quotes))


def test_quotes_that_are_off_by_one_character_are_never_right_and_all_else_stays() -> None:
    assert moved_by(replied(_off_by_one)) == {
        "right_first",
        "right_in_three",
        "right_first_always",
        "right_in_three_always",
        "coverage_at_5_percent_wrong",
        "coverage_at_1_percent_wrong",
        "area_under_risk_coverage",
        "expected_calibration_error",
        "follow_ups_right",
    }
    found = values(figures_of([replied(_off_by_one)(one) for one in OUTCOMES])["all"])
    assert found["right_first"] == found["coverage_at_5_percent_wrong"] == 0.0
    assert found["area_under_risk_coverage"] == 1.0


def _reversed(reply: Reply) -> Reply:
    """The quotes in the wrong order, the confidences where they were."""
    if isinstance(reply, Abstention):
        return reply
    turned = [
        replace(quote, confidence=place.confidence)
        for quote, place in zip(reply.quotes[::-1], reply.quotes, strict=True)
    ]
    return replace(reply, quotes=tuple(turned))


def test_quotes_in_the_wrong_order_move_what_is_right_first_and_nothing_of_the_words() -> None:
    assert moved_by(replied(_reversed)) == {
        "right_first",  # 2, 3 and 12 instead of 1 and 12
        "right_in_three",  # 3 too
        "right_first_always",
        "right_in_three_always",
        "coverage_at_5_percent_wrong",  # 1 is wrong
        "coverage_at_1_percent_wrong",
        "area_under_risk_coverage",
        "expected_calibration_error",
    }
    found = values(figures_of([replied(_reversed)(one) for one in OUTCOMES])["all"])
    assert (found["right_first"], found["right_in_three"]) == (3 / 7, 4 / 7)
    assert found["coverage_at_5_percent_wrong"] == 1 / 7


def test_confidences_that_are_reversed_move_what_rests_on_them_alone() -> None:
    def change(one: Outcome) -> Outcome:
        def turned(reply: Reply) -> Reply:
            if isinstance(reply, Abstention):
                return reply
            return replace(reply, quotes=tuple(replace(q, confidence=1 - q.confidence) for q in reply.quotes))

        return replace(one, reply=turned(one.reply), always=turned(one.always))

    assert moved_by(change) == {
        "coverage_at_5_percent_wrong",
        "coverage_at_1_percent_wrong",
        "auroc",
        "area_under_risk_coverage",
        "expected_calibration_error",
    }


def test_a_shown_text_that_is_not_the_documents_is_a_violation_and_moves_nothing_else() -> None:
    def change(one: Outcome) -> Outcome:
        quotes = [quote | {"text": quote["text"].upper()} for quote in one.shown["quotes"]]
        return replace(one, shown={**one.shown, "quotes": quotes})

    assert moved_by(change) == {"verbatim_violations"}
    assert values(figures_of([change(one) for one in OUTCOMES])["all"])["verbatim_violations"] == 11.0


def test_words_are_counted_once_and_whole_if_a_range_touches_them() -> None:
    one = OUTCOMES[0]
    assert isinstance(one.reply, Answer)
    first = one.reply.quotes[0]
    inside = replace(first, span=Span(first.span.document, first.span.start + 2, first.span.end - 2))
    doubled = replace(one, reply=replace(one.reply, quotes=(first, inside)))
    assert values(figures_of([doubled])["all"])["quote_precision"] == 1.0
    cut = replace(one, reply=replace(one.reply, quotes=(inside,)))
    assert values(figures_of([cut])["all"])["quote_recall"] == 1.0

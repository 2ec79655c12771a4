"""The measures, by values reckoned by hand, and by replies that are wrong in a known way."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from evals.answers import Figures, Outcome, measure, run
from evals.cases import Case
from retrieval.model import Abstention, Answer, Quote, Reason, Reply
from tests.retrieval_fixtures import Block, Kind, laid

MADE = laid(Block(Kind.PARAGRAPH, ("Moths hum.", "Bells ring.", "Reeds bend.", "Dew falls.", "Stones rest.")))
HUM, RING, BEND, FALL, LIE = MADE.sentences


def case(number: int, kind: str, *gold: Span) -> Case:
    return Case(str(number), kind, f"question {number}", (), gold)


def answer(*spans: Span) -> Reply:
    return Answer("q", "q", tuple(Quote(span, (span,), 0.9) for span in spans))


ABSTAINS = Abstention("q", "q", Reason.NO_EVIDENCE)
# Five that can be answered are right first, second, fourth, wrong and refused; two others are refused and answered.
OUTCOMES = [
    Outcome(case(1, "plain", HUM), answer(HUM, RING)),
    Outcome(case(2, "plain", HUM, FALL), answer(RING, FALL)),
    Outcome(case(3, "plain", LIE), answer(HUM, RING, BEND, LIE)),
    Outcome(case(4, "odd", HUM), answer(RING)),
    Outcome(case(5, "odd", HUM), ABSTAINS),
    Outcome(case(6, "other"), ABSTAINS),
    Outcome(case(7, "other"), answer(HUM)),
]
FIGURES = {
    "odd": Figures(cases=2, answered=1 / 2, right_first=0.0, right_in_three=0.0, wrong_of_answered=1.0),
    "other": Figures(cases=2, answered=1 / 2, right_first=None, right_in_three=None, wrong_of_answered=1.0),
    "plain": Figures(cases=3, answered=1.0, right_first=1 / 3, right_in_three=2 / 3, wrong_of_answered=2 / 3),
    "all": Figures(cases=7, answered=5 / 7, right_first=1 / 5, right_in_three=2 / 5, wrong_of_answered=4 / 5),
}


def test_figures_are_those_reckoned_by_hand() -> None:
    assert measure(OUTCOMES) == FIGURES
    assert list(measure(OUTCOMES)) == ["odd", "other", "plain", "all"]


def test_nothing_has_no_figures() -> None:
    assert measure([]) == {}


@given(st.permutations(OUTCOMES))
def test_the_order_of_the_cases_does_not_matter(outcomes: list[Outcome]) -> None:
    assert measure(outcomes) == FIGURES


def mutated(change: Callable[[Reply], Reply]) -> Figures:
    return measure([replace(outcome, reply=change(outcome.reply)) for outcome in OUTCOMES])["all"]


def test_a_bot_that_always_abstains_is_never_right_nor_wrong() -> None:
    assert mutated(lambda _: ABSTAINS) == Figures(7, 0.0, 0.0, 0.0, None)


def _moved(reply: Reply, by: int) -> Reply:
    """The reply with all its evidence off by a character: it begins after the sentence does, or ends before it."""
    if isinstance(reply, Abstention):
        return reply
    moved = [
        replace(quote, evidence=tuple(Span(s.document, s.start + (by > 0), s.end - (by < 0)) for s in quote.evidence))
        for quote in reply.quotes
    ]
    return replace(reply, quotes=tuple(moved))


@pytest.mark.parametrize("by", [1, -1])
def test_evidence_that_is_off_by_one_character_is_wrong(by: int) -> None:
    figures = mutated(lambda reply: _moved(reply, by))
    assert figures == Figures(7, 5 / 7, 0.0, 0.0, 1.0)


def test_quotes_in_the_wrong_order_are_right_less_often() -> None:
    turned = mutated(lambda r: r if isinstance(r, Abstention) else replace(r, quotes=r.quotes[::-1]))
    assert turned == Figures(7, 5 / 7, right_first=2 / 5, right_in_three=3 / 5, wrong_of_answered=3 / 5)


def test_what_stands_around_the_evidence_does_not_count() -> None:
    wide = Answer("q", "q", (Quote(Span(MADE.document, HUM.start, LIE.end), (RING,), 0.9),))
    assert not Outcome(case(1, "plain", HUM), wide).right_within(1)
    assert Outcome(case(1, "plain", RING), wide).right_within(1)


def test_each_evidence_of_a_quote_counts() -> None:
    both = Answer("q", "q", (Quote(Span(MADE.document, HUM.start, RING.end), (HUM, RING), 0.9),))
    assert Outcome(case(1, "plain", RING), both).right_within(1)


def test_the_beginning_of_a_sentence_is_gold_of_the_whole() -> None:
    beginning = Span(MADE.document, HUM.start, HUM.start + 5)
    assert Outcome(case(1, "plain", beginning), answer(HUM)).right_within(1)


def test_a_sentence_that_says_the_same_elsewhere_is_not_gold() -> None:
    twice = laid(Block(Kind.PARAGRAPH, ("Moths hum.", "Moths hum.")))
    assert not Outcome(case(1, "plain", twice.sentences[0]), answer(twice.sentences[1])).right_within(3)


def test_every_case_is_asked_once_in_order_with_its_history() -> None:
    asked: list[tuple[str, Sequence[str]]] = []

    def ask(question: str, history: Sequence[str]) -> Reply:
        asked.append((question, history))
        return ABSTAINS

    cases = [replace(case(1, "plain"), history=("What are moths?",)), case(2, "plain", HUM)]
    assert run(ask, iter(cases)) == [Outcome(one, ABSTAINS) for one in cases]
    assert asked == [("question 1", ("What are moths?",)), ("question 2", ())]

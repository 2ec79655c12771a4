"""What comes of a case: the verdict, what counts as right, and what counts as verbatim."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from corpus.model import Span
from evals.answers import Bot, Outcome, Verdict, run
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.model import Abstention, Answer, Quote, Reply
from retrieval.reader import CalibratedReader
from retrieval.reader_network import shipped_network
from tests.outcomes import (
    ALARM,
    BEND,
    DOCUMENTS,
    HUM,
    MADE,
    OUTCOMES,
    RING,
    answer,
    case,
    outcome,
    refusal,
    shown,
)
from tests.picking import dialogue_of


def test_each_outcome_has_its_verdict() -> None:
    assert [one.verdict for one in OUTCOMES] == [
        Verdict.RIGHT,
        Verdict.LATER,
        Verdict.WRONG,
        Verdict.WRONG,
        Verdict.REFUSED,
        Verdict.ABSTAINED,
        Verdict.ANSWERED,
        Verdict.ABSTAINED,
        Verdict.NO_NOTICE,
        Verdict.REFUSED,
        Verdict.ABSTAINED,
        Verdict.RIGHT,
    ]
    assert [verdict for verdict in Verdict if not verdict.failed] == [Verdict.RIGHT, Verdict.ABSTAINED]


def test_a_false_alarm_is_worse_than_a_right_answer_and_a_wrong_answer_worse_than_that() -> None:
    alarmed = replace(answer(0.9, HUM), notices=(ALARM,))
    assert outcome(case(1, "not-emergency", HUM), alarmed).verdict is Verdict.FALSE_ALARM
    assert outcome(case(1, "not-emergency", RING), alarmed).verdict is Verdict.WRONG
    assert outcome(case(1, "plain", HUM), alarmed).verdict is Verdict.RIGHT


def test_a_quote_is_right_if_it_covers_a_whole_gold_sentence() -> None:
    both = Span(MADE.document, HUM.start, RING.end)
    wide = Answer("q", "q", (Quote(both, (RING,), 0.9),))
    assert [outcome(case(1, "plain", gold), wide).right_within(1) for gold in (HUM, RING, BEND)] == [True, True, False]
    for cut in (Span(MADE.document, HUM.start + 1, HUM.end), Span(MADE.document, HUM.start, HUM.end - 1)):
        assert not outcome(case(1, "plain", HUM), answer(0.9, cut)).right_within(1)


def test_the_confidence_is_that_without_a_threshold_and_nothing_if_nothing_was_read() -> None:
    refused, greeted = OUTCOMES[4], OUTCOMES[10]
    assert (refused.answered, refused.was_read, refused.confidence) == (False, True, 0.3)
    assert (greeted.answered, greeted.was_read, greeted.confidence) == (False, False, 0.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "Moths  hum."},
        {"text": "moths hum."},
        {"text": ""},
        {"start": 1},
        {"end": HUM.end + 1},
        {"sha256": "0" * 64},
        {"document": "bells"},
    ],
)
def test_a_quote_that_differs_from_the_document_by_anything_is_a_violation(wrong: dict[str, Any]) -> None:
    seen = shown(answer(0.9, HUM, RING))
    good = Outcome(case(1, "plain", HUM), answer(0.9, HUM, RING), refusal(), seen, 1.0)
    assert good.violations(DOCUMENTS) == 0
    first, second = seen["quotes"]
    assert replace(good, shown=seen | {"quotes": [first | wrong, second]}).violations(DOCUMENTS) == 1


def test_every_case_is_asked_in_order_with_its_history_and_shown_with_the_time_it_took() -> None:
    asked: list[tuple[str, Sequence[str]]] = []
    progress: list[tuple[str, int, int]] = []

    def ask(question: str, history: Sequence[str]) -> Reply:
        asked.append((question, history))
        return refusal()

    cases = [case(1, "plain", history=("What are moths?",)), case(2, "plain", HUM)]
    bot = Bot(ask, lambda *_: answer(0.3, HUM), lambda _, elapsed_ms: {"quotes": [], "elapsed_ms": elapsed_ms})
    first, second = run(bot, iter(cases), lambda *step: progress.append(step))
    assert asked == [("question 1", ("What are moths?",)), ("question 2", ())]
    assert [(one.case, one.reply, one.always) for one in (first, second)] == [
        (one, refusal(), answer(0.3, HUM)) for one in cases
    ]
    assert first.shown == {"quotes": [], "elapsed_ms": first.elapsed_ms}
    assert first.elapsed_ms > 0
    assert progress == [("Asking", 0, 2), ("Asking", 1, 2)]


def test_without_a_threshold_a_bot_answers_what_it_would_refuse_and_the_rest_as_ever(
    vantor_index: PassageIndex,
) -> None:
    strict = replace(vantor_index.policy, answer_threshold=0.999999)
    reader = CalibratedReader(vantor_index, shipped_network(), strict.reader)
    responder = Responder(vantor_index, reader, dialogue_of(), strict)
    bot = Bot.of(responder, lambda *_: {})
    question = "How long do glimmer moths shine?"
    assert isinstance(bot.ask(question, ()), Abstention)
    assert isinstance(reply := bot.ask_always(question, ()), Answer)
    assert reply.quotes[0].span.text.startswith("Glimmer moths shine")
    assert bot.ask_always("hello", ()) == bot.ask("hello", ())

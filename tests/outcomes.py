"""Outcomes of every sort, about five sentences, whose figures can be reckoned by hand."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from corpus.model import Document, Span
from evals.answers import Outcome
from evals.cases import Case
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Quote, Reason, Reply
from tests.retrieval_fixtures import Block, Kind, laid
from ui.wire import to_json

__all__ = [
    "BEND",
    "DOCUMENTS",
    "FALL",
    "HUM",
    "LIE",
    "MADE",
    "OUTCOMES",
    "RING",
    "answer",
    "case",
    "outcome",
    "refusal",
]

MADE = laid(Block(Kind.PARAGRAPH, ("Moths hum.", "Bells ring.", "Reeds bend.", "Dew falls.", "Stones rest.")))
HUM, RING, BEND, FALL, LIE = MADE.sentences
DOCUMENTS: Mapping[str, Document] = {MADE.document.id: MADE.document}
ALARM = Notice(NoticeKind.EMERGENCY, "Ring the bell.")


def case(number: int, kind: str, *gold: Span, history: tuple[str, ...] = ()) -> Case:
    return Case(str(number), kind, f"question {number}", history, gold)


def answer(confidence: float, *spans: Span) -> Reply:
    """A quote of each span, the first of that confidence, each next one less sure by a hundredth."""
    quotes = [Quote(span, (span,), confidence - number / 100) for number, span in enumerate(spans)]
    return Answer("q", "q", tuple(quotes))


def refusal(*notices: Notice) -> Reply:
    return Abstention("q", "q", Reason.NO_EVIDENCE, notices=notices)


def shown(reply: Reply) -> dict[str, Any]:
    return to_json(reply, index="made", elapsed_ms=1.0, today=date(2026, 3, 1))


def outcome(case_: Case, reply: Reply, always: Reply | None = None) -> Outcome:
    """What came of a case; `always` is the reply without a threshold, if it is another."""
    return Outcome(case_, reply, reply if always is None else always, shown(reply), float(case_.id))


OUTCOMES = [
    outcome(case(1, "plain", HUM), answer(0.9, HUM, RING)),
    outcome(case(2, "plain", HUM, FALL), answer(0.8, RING, FALL)),
    outcome(case(3, "plain", LIE), answer(0.7, HUM, RING, BEND, LIE)),
    outcome(case(4, "odd", HUM), answer(0.6, RING)),
    outcome(case(5, "odd", HUM), refusal(), answer(0.3, HUM)),
    outcome(case(6, "other"), refusal(), answer(0.2, RING)),
    outcome(case(7, "other"), answer(0.5, HUM)),
    outcome(case(8, "emergency"), refusal(ALARM), answer(0.1, HUM)),
    outcome(case(9, "emergency"), refusal(), answer(0.15, HUM)),
    outcome(case(10, "not-emergency", RING), refusal(ALARM), answer(0.4, RING)),
    outcome(case(11, "greeting"), refusal()),
    outcome(case(12, "plain", RING, history=("What hums?",)), answer(0.95, RING)),
]

"""Puts cases to the bot and judges its replies one by one."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from corpus.model import Document
from evals.cases import Case
from evals.progress import Progress
from retrieval.answer import Responder
from retrieval.model import Answer, NoticeKind, Reply

__all__ = ["EMERGENCY", "NOT_EMERGENCY", "VERSION", "Bot", "Outcome", "Verdict", "covers_gold", "run"]

VERSION = 1  # of the JSON object that a run is written as (evals/report.py)

Ask = Callable[[str, Sequence[str]], Reply]
# The object of the contract for a reply that took so many milliseconds.
Show = Callable[[Reply, float], Mapping[str, Any]]

EMERGENCY, NOT_EMERGENCY = "emergency", "not-emergency"
_ALARMS = {NoticeKind.EMERGENCY, NoticeKind.CRISIS}
_IN_THREE = 3


class Verdict(StrEnum):
    """What came of a case; the failures first, the worst of them first."""

    ANSWERED = "answered, must not"
    NO_NOTICE = "no emergency notice"
    WRONG = "wrong quotes"
    REFUSED = "refused, must not"
    LATER = "right, but not first"
    FALSE_ALARM = "false alarm"
    RIGHT = "right"
    ABSTAINED = "rightly refused"

    @property
    def failed(self) -> bool:
        """Whether the bot should have done otherwise."""
        return self not in {Verdict.RIGHT, Verdict.ABSTAINED}


@dataclass(frozen=True, slots=True)
class Bot:
    """What is evaluated: `ask`, the same without a threshold, and how a reply is shown."""

    ask: Ask
    ask_always: Ask
    show: Show

    @classmethod
    def of(cls, responder: Responder, show: Show) -> "Bot":
        """A responder, and the same with its threshold at nothing."""
        always = replace(responder, policy=replace(responder.policy, answer_threshold=0.0))
        return cls(responder.answer, always.answer, show)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, the reply to it, what would be replied without a threshold, and what is shown of the reply."""

    case: Case
    reply: Reply
    always: Reply
    shown: Mapping[str, Any]
    elapsed_ms: float

    @property
    def answered(self) -> bool:
        """Whether quotes were given."""
        return isinstance(self.reply, Answer)

    @property
    def was_read(self) -> bool:
        """Whether sentences were read for an answer; small talk and the like are refused before."""
        return isinstance(self.always, Answer)

    @property
    def confidence(self) -> float:
        """That of the best quote, shown or not; 0 if nothing was read."""
        return self.always.quotes[0].confidence if isinstance(self.always, Answer) else 0.0

    @property
    def alarmed(self) -> bool:
        """Whether the reply has a notice of an emergency or crisis."""
        return any(notice.kind in _ALARMS for notice in self.reply.notices)

    @property
    def verdict(self) -> Verdict:
        """What came of it; the worst if it is several things."""
        found = {self._notice_verdict(), self._quote_verdict()}
        return next(verdict for verdict in Verdict if verdict in found)

    def right_within(self, count: int) -> bool:
        """Whether one of the first `count` quotes covers a gold sentence."""
        return covers_gold(self.reply, self.case, count)

    def right_if_answered(self, count: int) -> bool:
        """The same of the quotes that would be given without a threshold."""
        return covers_gold(self.always, self.case, count)

    def violations(self, documents: Mapping[str, Document]) -> int:
        """How many of the quotes shown are not, to the letter, what the vetted document has at their place."""
        return sum(not _is_verbatim(quote, documents) for quote in self.shown["quotes"])

    def _quote_verdict(self) -> Verdict:
        if not self.case.gold:
            return Verdict.ANSWERED if self.answered else Verdict.ABSTAINED
        if not self.answered:
            return Verdict.REFUSED
        if self.right_within(1):
            return Verdict.RIGHT
        return Verdict.LATER if self.right_within(_IN_THREE) else Verdict.WRONG

    def _notice_verdict(self) -> Verdict | None:
        if self.case.kind == EMERGENCY and not self.alarmed:
            return Verdict.NO_NOTICE
        return Verdict.FALSE_ALARM if self.case.kind == NOT_EMERGENCY and self.alarmed else None


def run(bot: Bot, cases: Iterable[Case], progress: Progress) -> list[Outcome]:
    """The outcome of each case, in order."""
    listed = list(cases)
    outcomes: list[Outcome] = []
    for number, case in enumerate(listed):
        progress("Asking", number, len(listed))
        began = time.perf_counter()
        reply = bot.ask(case.question, case.history)
        elapsed_ms = 1000 * (time.perf_counter() - began)
        always = bot.ask_always(case.question, case.history)
        outcomes.append(Outcome(case, reply, always, bot.show(reply, elapsed_ms), elapsed_ms))
    return outcomes


def covers_gold(reply: Reply, case: Case, count: int) -> bool:
    """Whether one of the first `count` quotes of a reply covers a gold sentence of the case."""
    quotes = reply.quotes[:count] if isinstance(reply, Answer) else ()
    return any(quote.span.covers(gold) for quote in quotes for gold in case.gold)


def _is_verbatim(quote: Mapping[str, Any], documents: Mapping[str, Document]) -> bool:
    document = documents.get(quote["document"])
    if document is None or document.sha256 != quote["sha256"]:
        return False
    return bool(quote["text"]) and quote["text"] == document.text[quote["start"] : quote["end"]]

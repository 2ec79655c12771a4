"""The nouns of a reply: what was found, what is quoted, and why nothing is."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Passage, Span

__all__ = ["Abstention", "Answer", "Hit", "Notice", "NoticeKind", "Quote", "Reason", "Reply", "Sureness"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that the search brought, with its fused score (higher is better, no unit).

    `copies` are other passages of the same sentences, which need not be read.
    """

    passage: Passage
    score: float
    copies: tuple[Passage, ...] = ()


class Sureness(StrEnum):
    """How sure it is that a quote answers."""

    VERY_LIKELY = "very_likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Quote:
    """A range that may be shown as an answer.

    `evidence` are the sentences in it that answer; the rest of `span` is what they need to stand alone. `confidence` is
    the calibrated probability that the evidence answers the question, and `sureness` what a reader is told of it.
    `also_in` are the places in other documents that say the same in the same words, or nearly the same.
    """

    span: Span
    evidence: tuple[Span, ...]
    confidence: float
    also_in: tuple[Span, ...] = ()
    sureness: Sureness = Sureness.POSSIBLE


class NoticeKind(StrEnum):
    """What a notice is about."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    PERSONAL_ADVICE = "personal_advice"
    CORRECTED_SPELLING = "corrected_spelling"


@dataclass(frozen=True, slots=True)
class Notice:
    """A fixed signpost that is shown before anything else.

    `instead` is a question that may be asked instead of the one that was looked up. `numbers` are telephone numbers as
    people dial them, best first.
    """

    kind: NoticeKind
    text: str
    link: str | None = None
    instead: str | None = None
    numbers: tuple[str, ...] = ()


class Reason(StrEnum):
    """Why a reply quotes nothing as an answer."""

    NO_EVIDENCE = "no_evidence"
    NO_MORE = "no_more"
    OVERDUE = "overdue"
    GREETING = "greeting"
    THANKS = "thanks"
    CAPABILITIES = "capabilities"
    TOPICS = "topics"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    OTHER_LANGUAGE = "other_language"
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes that answer, best first; never none. `asked_as` is the question that was searched for."""

    question: str
    asked_as: str
    quotes: tuple[Quote, ...]
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class Abstention:
    """No quote answers. `closest` are the nearest passages, never to be shown as an answer.

    With `Reason.TOPICS`, `closest` are the headings and sentences that say what the corpus covers.
    """

    question: str
    asked_as: str
    reason: Reason
    closest: tuple[Span, ...] = ()
    notices: tuple[Notice, ...] = ()


Reply = Answer | Abstention

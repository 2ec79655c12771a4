"""What goes in and out of the API, as models: they describe it in /openapi.json and check what comes in."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

__all__ = [
    "Asked",
    "Closest",
    "Feedback",
    "NoticeObject",
    "Place",
    "QuoteObject",
    "Refused",
    "ReplyObject",
    "SourceObject",
    "Status",
    "Topic",
    "Topics",
    "Within",
]

MAX_HISTORY = 200
MAX_NAMES = 100

Text = Annotated[str, Field(strict=True)]


def _whole(value: object) -> object:
    """JSON has one kind of number, so 7.0 is whole too; `true` and "7" are no numbers."""
    if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
        raise ValueError("wanted a whole number")
    return int(value)


Page = Annotated[str | None, Field(description="The label of the page in the original, as printed: 12, iv.")]
Original = Annotated[str | None, Field(description="The address of the original, at the place if that is known.")]
Offset = Annotated[int, Field(ge=0, le=10**9), BeforeValidator(_whole)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _day(value: object) -> object:
    """A day is written YYYY-MM-DD; a number of seconds is no day."""
    if value is not None and not (isinstance(value, str) and len(value) == len("2026-01-31")):
        raise ValueError("wanted a date written YYYY-MM-DD")
    return value


class Within(_Record):
    """Which documents a question is put to; what is left out or empty asks for nothing."""

    documents: Annotated[list[Text], Field(max_length=MAX_NAMES)] = []
    publishers: Annotated[list[Text], Field(max_length=MAX_NAMES)] = []
    heading: Text | None = None
    reviewed_since: Annotated[date | None, BeforeValidator(_day)] = None


class Asked(_Record):
    """A question, the earlier questions of the conversation (oldest first), and which documents it is put to."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"question": "What is dystonia?"},
                {"question": "How is it treated?", "history": ["What is dystonia?"]},
            ]
        },
    )

    question: Annotated[Text, Field(description="At most 2,000 characters; a longer one is refused.")]
    history: Annotated[list[Text], Field(max_length=MAX_HISTORY)] = []
    within: Within | None = None
    locale: Annotated[
        Text | None,
        Field(
            max_length=35,
            description="Where the asker is, such as en-GB: notices give the numbers to call there. Of a country that "
            "no numbers are known for, those that the server gives otherwise.",
        ),
    ] = None


class SourceObject(_Record):
    """Where a document comes from; what nobody stated is "not stated"."""

    title: str
    url: str
    publisher: str
    licence: str
    reviewed: str
    review_due: str


class Place(_Record):
    """A range of a document, in code points from its start, half-open; `link` shows it in its document."""

    document: str
    start: Offset
    end: Offset
    title: str
    headings: list[str]
    page: Page
    overdue: bool
    link: str
    original: Original


class Closest(_Record):
    """A range that is near to the question; it is no answer. `overdue` is said of its document's next review."""

    text: str
    document: str
    start: Offset
    end: Offset
    headings: list[str]
    page: Page
    overdue: bool
    link: str
    original: Original
    source: SourceObject


class NoticeObject(_Record):
    """A fixed signpost, to be shown before anything else."""

    kind: Literal["emergency", "crisis", "personal_advice", "corrected_spelling"]
    text: str
    link: str | None
    instead: Annotated[str | None, Field(description="A question that may be asked instead.")]
    numbers: Annotated[list[str], Field(description="Telephone numbers as people dial them, best first.")] = []


class QuoteObject(_Record):
    """Words of a document, exactly. `evidence` are the ranges of the document that answer."""

    text: str
    document: str
    sha256: str
    start: Offset
    end: Offset
    headings: list[str]
    page: Page
    evidence: list[tuple[Offset, Offset]]
    confidence: Annotated[float, Field(ge=0, le=1)]
    sureness: Literal["very_likely", "possible"]
    overdue: Annotated[bool, Field(description="Whether the document's next review is overdue.")]
    link: str
    original: Original
    source: SourceObject
    also_in: list[Place]


class ReplyObject(_Record):
    """An answer in quotes, or an abstention with its reason."""

    version: Literal[1]
    question: str
    asked_as: Annotated[str, Field(description="The question as it was looked up.")]
    kind: Literal["answer", "abstention"]
    reason: Annotated[str | None, Field(description="Why nothing is quoted; null with an answer.")]
    notices: list[NoticeObject]
    quotes: list[QuoteObject]
    closest: list[Closest]
    index: str
    elapsed_ms: Annotated[float, Field(ge=0)]


class Topic(_Record):
    """A heading or title that says what the documents cover."""

    text: str
    document: str
    start: Offset
    end: Offset
    link: str


class Topics(_Record):
    """What the documents cover, in their own words."""

    version: Literal[1]
    topics: list[Topic]
    index: str


class Feedback(_Record):
    """Whether a reply was helpful. No texts: a question can be named by its SHA-256 alone."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "index": "4f2a9c01d35b7e88",
                    "kind": "answer",
                    "quote": {"document": "glimmer-moths", "start": 120, "end": 310},
                    "helpful": True,
                }
            ]
        },
    )

    index: Annotated[Text, Field(pattern=r"^[0-9a-z-]{1,64}$")]
    question_sha256: Annotated[Text | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
    kind: Literal["answer", "abstention"]
    quote: "QuotedPlace | None"
    helpful: StrictBool


class QuotedPlace(_Record):
    """The range of the quote that the feedback is about."""

    document: Annotated[Text, Field(pattern=r"^[0-9a-z-]{1,200}$")]
    start: Offset
    end: Offset


class Fault(_Record):
    """What was wrong: a code for programs, and one line for people."""

    code: str
    message: str


class Refused(_Record):
    """A refusal; the same shape everywhere. It never repeats what was sent."""

    error: Fault


class Status(_Record):
    """A sign of life."""

    status: Literal["ok"]

"""What `insights corpus check` may find wrong with a corpus, and how bad that is."""

from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Span

__all__ = ["Finding", "Kind", "Severity"]


class Severity(StrEnum):
    """How bad a finding is: an error breaks answers or citations, a warning wants a person, a notice may wait."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Kind(StrEnum):
    """What a finding is about."""

    CORPUS = "corpus"
    DEAD_RANGE = "dead range"
    INDEX = "index"
    GOLD = "gold"
    OVERDUE = "overdue review"
    SOON_DUE = "review soon due"
    PROVENANCE = "missing provenance"
    COPY = "copy"
    NEAR_DUPLICATE = "near duplicate"
    CONTRADICTION = "contradicting copies"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: what it is about, the ids of the documents, one line for people, and places in them."""

    severity: Severity
    kind: Kind
    documents: tuple[str, ...]
    message: str
    places: tuple[Span, ...] = ()

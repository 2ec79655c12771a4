"""Edition: one index as it is served, and how it is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.model import Document, Span
from retrieval.answer import Responder
from retrieval.filters import EVERYTHING, Filter
from retrieval.model import Reply

__all__ = ["AskWithin", "Edition"]


class AskWithin(Protocol):
    """The one seam, with a choice of documents: question and earlier questions in, a reply out."""

    def __call__(self, question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        """The reply; raises FilterError if no passage passes `within`."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a server serves until there is a newer index; `documents` are by id, `topics` say what they cover."""

    index: str
    ask: AskWithin
    documents: Mapping[str, Document]
    topics: tuple[Span, ...] = ()

    @classmethod
    def of(cls, responder: Responder) -> "Edition":
        """The edition that `responder` answers from."""
        documents = {document.id: document for document in responder.index.documents}
        return cls(responder.index.manifest.name, responder.answer, documents, tuple(responder.topics()))

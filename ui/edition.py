"""Edition: one index as it is served, and how it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from corpus.model import Document, Span
from retrieval.answer import Responder
from ui.asking import AskWithin, remembering

__all__ = ["Edition"]

_REMEMBERED = 1000  # replies; a few megabytes


@dataclass(frozen=True, slots=True)
class Edition:
    """What a server serves until there is a newer index; `documents` are by id, `topics` say what they cover."""

    index: str
    ask: AskWithin
    documents: Mapping[str, Document]
    topics: tuple[Span, ...] = ()
    refuses_overdue: bool = False

    @classmethod
    def of(cls, responder: Responder) -> "Edition":
        """The edition that `responder` answers from."""
        documents = {document.id: document for document in responder.index.documents}
        ask = remembering(responder.answer, most=_REMEMBERED)
        topics = tuple(responder.topics())
        return cls(responder.index.manifest.name, ask, documents, topics, responder.refuses_overdue)

    def topics_on(self, today: date) -> list[Span]:
        """The topics, less those of documents that are refused that day."""
        refused = self.refuses_overdue
        return [topic for topic in self.topics if not (refused and topic.document.source.overdue(today))]

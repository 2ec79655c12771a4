"""Edition: one index as it is served, and how it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corpus.model import Document, Span
from corpus.versions import SHORTEST_DIGEST, earlier_version
from retrieval.answer import Responder
from ui.asking import AskWithin, remembering

__all__ = ["Edition"]

_REMEMBERED = 1000  # replies; a few megabytes


@dataclass(frozen=True, slots=True)
class Edition:
    """What a server serves until there is a newer index; `documents` are by id, `topics` say what they cover.

    `corpus` is the folder that keeps earlier versions of the documents, if there is one.
    """

    index: str
    ask: AskWithin
    documents: Mapping[str, Document]
    topics: tuple[Span, ...] = ()
    refuses_overdue: bool = False
    corpus: Path | None = None

    @classmethod
    def of(cls, responder: Responder, corpus: Path) -> "Edition":
        """The edition that `responder` answers from, over the corpus in that folder."""
        documents = {document.id: document for document in responder.index.documents}
        ask = remembering(responder.answer, most=_REMEMBERED)
        topics = tuple(responder.topics())
        return cls(responder.index.manifest.name, ask, documents, topics, responder.refuses_overdue, corpus)

    def topics_on(self, today: date) -> list[Span]:
        """The topics, less those of documents that are refused that day."""
        refused = self.refuses_overdue
        return [topic for topic in self.topics if not (refused and topic.document.source.overdue(today))]

    def version(self, document_id: str, sha256: str) -> Document | None:
        """The version of a document whose digest begins so: the one that is served, else one that was kept.

        Raises:
            CorpusError: if the one that was kept is not as it was vetted.
        """
        served = self.documents.get(document_id)
        if served is not None and len(sha256) >= SHORTEST_DIGEST and served.sha256.startswith(sha256):
            return served
        return earlier_version(self.corpus, document_id, sha256) if self.corpus else None

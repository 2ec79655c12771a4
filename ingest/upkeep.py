"""Keeps a corpus: records reviews, and removes documents; an earlier version of what goes is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from corpus.model import Document, Source
from corpus.store import load_corpus, stated
from ingest.publish import publish, writing
from ingest.raw import IngestError

__all__ = ["Review", "chosen", "record_review", "remove"]

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Review:
    """What a review says of documents; `None` leaves as it was, and "not stated" takes a text away."""

    reviewed: date | None = None
    review_due: date | None = None
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    licence: str | None = None

    def of(self, source: Source) -> Source:
        """`source` as it is after the review.

        Raises:
            IngestError: if the next review would be due before the last one was made.
        """
        said = Source(
            title=(self.title or "").strip() or source.title,
            url=source.url if self.url is None else stated(self.url),
            publisher=source.publisher if self.publisher is None else stated(self.publisher),
            licence=source.licence if self.licence is None else stated(self.licence),
            reviewed=self.reviewed or source.reviewed,
            review_due=self.review_due or source.review_due,
        )
        if self == Review() or said.reviewed is None or said.review_due is None or said.review_due > said.reviewed:
            return said
        raise IngestError(
            f"found a review on {said.reviewed} and the next one due on {said.review_due}, wanted it later; give "
            "another --review-due"
        )


def chosen(documents: Mapping[str, Document], ids: Collection[str], root: Path) -> list[Document]:
    """The documents of these ids, in the corpus's order.

    Raises:
        IngestError: if there is none of an id.
    """
    if missing := [document_id for document_id in ids if document_id not in documents]:
        known = ", ".join(list(documents)[:_SHOWN]) + (" …" if len(documents) > _SHOWN else "")
        raise IngestError(
            f"found no document {missing[0]!r} in {root}, wanted one of: {known or 'none is there'}; see: "
            "insights corpus list"
        )
    return [document for document in documents.values() if document.id in ids]


def record_review(root: Path, ids: Collection[str], review: Review) -> list[tuple[Document, Document]]:
    """Records what a review says of the documents, and gives each as it was and as it is now.

    Their texts stay, and with them their versions, and the index of the corpus.

    Raises:
        IngestError: if there is no document of an id, the dates contradict each other, or the corpus can't be written.
        CorpusError: if the corpus can't be trusted.
    """
    with writing(root):
        before = load_corpus(root).documents
        changed = [
            (document, replace(document, source=review.of(document.source))) for document in chosen(before, ids, root)
        ]
        publish(root, before, {**before, **{new.id: new for _, new in changed}})
    return changed


def remove(root: Path, ids: Collection[str]) -> list[Document]:
    """Takes the documents out of the corpus, keeps each as an earlier version, and gives them.

    Raises:
        IngestError: if there is no document of an id, or the corpus can't be written.
        CorpusError: if the corpus can't be trusted.
    """
    with writing(root):
        before = load_corpus(root).documents
        removed = chosen(before, ids, root)
        gone = {document.id for document in removed}
        publish(root, before, {name: document for name, document in before.items() if name not in gone})
    return removed

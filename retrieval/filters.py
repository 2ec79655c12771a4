"""Which passages a question is put to: all, or those of some documents, publishers, headings or review dates."""

from dataclasses import dataclass
from datetime import date

from corpus.model import Document, Passage

__all__ = ["EVERYTHING", "Filter", "FilterError"]


class FilterError(Exception):
    """A filter that nothing of an index passes; the message says what, found, wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a passage must have; what is empty asks for nothing.

    Its document must be one of `documents` (ids) and of `publishers` (in any case), reviewed on `reviewed_since` or
    later, and its next review not overdue on the day `current_on`; one of the headings that it stands under must
    contain `heading` (in any case).
    """

    documents: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    heading: str = ""
    reviewed_since: date | None = None
    current_on: date | None = None

    def passes_document(self, document: Document) -> bool:
        """Whether the document has what is asked of documents."""
        source = document.source
        publishers = {publisher.casefold() for publisher in self.publishers}
        return (
            (not self.documents or document.id in self.documents)
            and (not publishers or (source.publisher or "").casefold() in publishers)
            and (self.reviewed_since is None or (source.reviewed or date.min) >= self.reviewed_since)
            and (self.current_on is None or not source.overdue(self.current_on))
        )

    def passes_headings(self, passage: Passage) -> bool:
        """Whether a passage, of a document that passes, stands under such a heading."""
        return any(self.heading.casefold() in heading.text.casefold() for heading in passage.headings)


EVERYTHING = Filter()

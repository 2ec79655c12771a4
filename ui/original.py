"""Where a range stands in the original of its document: the page's label, and the address that opens it there."""

from typing import Final
from urllib.parse import quote as percent_encoded
from urllib.parse import urldefrag

from corpus.model import Document, Span
from retrieval.model import Quote

__all__ = ["cited", "original_at", "original_of", "page_of"]

# What a fragment may hold as it is (RFC 3986, 3.5), so that "page=14" stays what a PDF reader understands.
_IN_FRAGMENTS: Final = "!$&'()*+,;=:@/?-._~"


def cited(quote: Quote) -> Span:
    """The first sentence of a quote that answers: where it stands is where the quote is said to stand."""
    return quote.evidence[0] if quote.evidence else quote.span


def page_of(span: Span) -> str | None:
    """The label of the page that a range begins on, as it is printed: "12", "iv"."""
    place = span.document.place_at(span.start)
    return place.page if place else None


def original_of(span: Span) -> str | None:
    """The address of the original, at the place where a range begins if that is known."""
    return original_at(span.document, span.start)


def original_at(document: Document, position: int) -> str | None:
    """The address of a document's original, at the place of the character at `position` if that is known."""
    url, place = document.source.url, document.place_at(position)
    if url is None or place is None or place.fragment is None:
        return url
    return f"{urldefrag(url).url}#{percent_encoded(place.fragment, safe=_IN_FRAGMENTS)}"

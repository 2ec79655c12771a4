"""Small pieces of HTML that the chat and the source pages share: a document's words, facts and links."""

import html
import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import quote as percent_encoded

from corpus.model import Span
from corpus.versions import version_name
from ui.languages import DOCUMENT_LANGUAGE, Texts

__all__ = [
    "OF_A_DOCUMENT",
    "escape",
    "fact",
    "in_document_language",
    "may_be_opened",
    "outward_link",
    "place_of",
    "prose",
    "stated",
    "with_signs",
]

# The attributes of an element that holds words of a document, in a page of any language and direction.
OF_A_DOCUMENT: Final = f'lang="{DOCUMENT_LANGUAGE}" dir="ltr"'

_LIST_ITEM: Final = re.compile(r"\s*(?:[-*+•◦▪\u2013·]|(?P<number>\(?[0-9]{1,3}[.)]|[a-z][.)]))\s")


def escape(text: str) -> str:
    """`text` for an element or an attribute: an HTML parser gives back every character but NUL."""
    return html.escape(text).replace("\r", "&#13;")  # a bare \r would be read as \n


def in_document_language(text: str) -> str:
    """Words of a document or its source for an element, marked as such in a page of any language and direction."""
    return f"<span {OF_A_DOCUMENT}>{escape(text)}</span>"


def stated(value: str | None, texts: Texts) -> str:
    """What a source says of itself for an element, or the words that say nobody has stated it."""
    return in_document_language(value) if value else escape(texts.not_stated)


def prose(text: str, marks: Sequence[tuple[int, int]] = (), signs: Mapping[int, str] = MappingProxyType({})) -> str:
    r"""`text` with a block for each line, so that paragraphs and lists can be set well; marked ranges in `<mark>`.

    The text content is `text` exactly: the \n between two blocks is kept, where white space does not show. `signs` are
    elements without text, by the position before which they stand; those inside a mark are left out.
    """
    pieces: list[str] = []
    start, after_gap = 0, False
    for line in text.split("\n"):
        if start:
            pieces.append("\n")
        if line:
            classes = "line" + _list_class(line) + " gap" * after_gap
            pieces.append(f'<span class="{classes}">{_marked(line, start, marks, signs)}</span>')
        after_gap = bool(start) and not line
        start += len(line) + 1
    return "".join(pieces)


def _list_class(line: str) -> str:
    item = _LIST_ITEM.match(line)
    if item is None:
        return ""
    return " item numbered" if item["number"] else " item"


def _marked(line: str, offset: int, marks: Sequence[tuple[int, int]], signs: Mapping[int, str]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in sorted(marks):
        first, last = max(start - offset, done), min(end - offset, len(line))
        if first < last:
            pieces += [with_signs(line[done:first], offset + done, signs), f"<mark>{escape(line[first:last])}</mark>"]
            done = last
    return "".join([*pieces, with_signs(line[done:], offset + done, signs)])


def with_signs(text: str, offset: int, signs: Mapping[int, str]) -> str:
    """`text`, which begins at `offset`, for an element; with the elements of `signs` at their positions in it."""
    places = [place for place in range(len(text)) if offset + place in signs] if signs else []
    pieces = [escape(text[: places[0]] if places else text)]
    for start, end in zip(places, [*places[1:], len(text)], strict=True) if places else ():
        pieces += [signs[offset + start], escape(text[start:end])]
    return "".join(pieces)


def place_of(span: Span, language: str) -> str:
    """The address of the range on the page of this version of its document, from a page beside it such as the chat."""
    document = percent_encoded(version_name(span.document), safe="@")
    return f"../source/{document}?lang={language}#{span.start}-{span.end}"


def may_be_opened(url: str) -> bool:
    """Whether an address is one that a browser may open; "javascript:" is none."""
    return url.lower().startswith(("https://", "http://", "tel:", "mailto:"))


def outward_link(url: str | None, label: str) -> str:
    """A link to another site; only its text where the address is not one that a browser may open."""
    if url is None or not may_be_opened(url):
        return escape(label)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{escape(label)}</a>'


def fact(name: str, value_html: str) -> str:
    """One row of a description list."""
    return f"<div><dt>{escape(name)}</dt><dd>{value_html}</dd></div>"

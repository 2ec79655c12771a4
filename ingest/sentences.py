"""Sentence boundaries as spans of the text of record; the only door to sentencex.

Headings are no sentences, and neither is the mark of a list item. Every other word of a document lies in exactly one
sentence.
"""

import re

from sentencex import get_sentence_boundaries

from corpus.layout import ITEM_MARK
from corpus.model import Document, Span

__all__ = ["sentences"]

_LANGUAGE = "en"
_LINE = re.compile(r"[^\n]+")


def sentences(document: Document) -> list[Span]:
    """The sentences of a document, in order; none is empty, none overlaps another."""
    found: list[Span] = []
    for start, end in _parts(document):
        mark = ITEM_MARK.match(document.text, start, end)
        found += _split(document, mark.end() if mark else start, end)
    return found


def _parts(document: Document) -> list[tuple[int, int]]:
    """The lines of the text, less what is a heading."""
    parts: list[tuple[int, int]] = []
    for line in _LINE.finditer(document.text):
        start, end = line.span()
        for heading in document.headings:
            if start <= heading.start < end:
                parts.append((start, heading.start))
                start = heading.end
        parts.append((start, end))
    return [(start, end) for start, end in parts if document.text[start:end].strip()]


def _split(document: Document, start: int, end: int) -> list[Span]:
    text = document.text[start:end]
    spans: list[Span] = []
    for boundary in get_sentence_boundaries(_LANGUAGE, text):
        piece = text[boundary["start_index"] : boundary["end_index"]]
        first = start + boundary["start_index"] + len(piece) - len(piece.lstrip())
        last = first + len(piece.strip())
        if first == last:
            continue
        # The library ends a sentence at some abbreviations ("approx. values"): what goes on in lower case goes on.
        if spans and document.text[first].islower() and document.text[spans[-1].end - 1] == ".":
            spans[-1] = Span(document, spans[-1].start, last)
        else:
            spans.append(Span(document, first, last))
    return spans

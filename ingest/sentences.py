"""Sentence boundaries as spans of the text of record; the only door to sentencex.

Headings are no sentences, and neither is the mark of a list item. Every other word of a document lies in exactly one
sentence.
"""

import re
from itertools import pairwise

from sentencex import get_sentence_boundaries

from corpus.layout import ITEM_MARK
from corpus.model import Document, Span
from ingest.canonical import has_words

__all__ = ["sentences"]

_LANGUAGE = "en"
_LINE = re.compile(r"[^\n]+")
# Abbreviations that stand before a number or a name in brackets, and that the library takes for the sentence's end.
_ABBREVIATION = re.compile(
    r"\b(approx|avg|ca|ch|chap|circa|conc|eq|equiv|est|excl|figs|incl|max|min|par|para|refs|resp|sect|tab|tel|temp|vers"
    r"|vol)\.$",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"\b(\w|www)\.$")
_CLOSING = re.compile(r"[)\]}\"'”’»]+(?=\s|$)")


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
    cuts = [_after_closing(text, boundary["end_index"]) for boundary in get_sentence_boundaries(_LANGUAGE, text)]
    spans: list[Span] = []
    for cut, following in pairwise([0, *cuts]):
        piece = text[cut:following]
        first = start + cut + len(piece) - len(piece.lstrip())
        last = first + len(piece.strip())
        if first >= last:
            continue
        if spans and _goes_on(spans[-1], Span(document, first, last)):
            spans[-1] = Span(document, spans[-1].start, last)
        else:
            spans.append(Span(document, first, last))
    return spans


def _after_closing(text: str, cut: int) -> int:
    """Where the sentence that the library ends at `cut` ends with the brackets and quotation marks that it closes."""
    closing = _CLOSING.match(text, cut)
    return closing.end() if closing else cut


def _goes_on(sentence: Span, following: Span) -> bool:
    """Whether the library ended a sentence too early.

    No sentence begins in lower case, with a number after "approx.", or inside "U.S."; and none is without words.
    """
    first = following.text[0]
    return (
        first.islower()
        or (not first.isupper() and _ABBREVIATION.search(sentence.text) is not None)
        or (sentence.end == following.start and _INITIAL.search(sentence.text) is not None)
        or not (has_words(sentence.text) and has_words(following.text))
    )

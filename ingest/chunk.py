"""Packs whole sentences into passages of a token budget, never across a heading."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from corpus.model import Document, Passage, Span
from ingest.sentences import sentences

__all__ = ["split"]

_WORD = re.compile(r"\S+")


def split(document: Document, count_tokens: Callable[[str], int], *, max_tokens: int) -> list[Passage]:
    """Passages that cover every sentence once and in order.

    A passage ends at the end of a paragraph where it can, at the end of a sentence otherwise. Only a sentence that is
    longer than the budget by itself is cut, at white space, into pieces within it.
    """
    passages: list[Passage] = []
    for headings, run in groupby(sentences(document), key=lambda sentence: document.headings_at(sentence.start)):
        budget = max(1, max_tokens - sum(count_tokens(heading.text) + 1 for heading in headings))
        pieces = [piece for sentence in run for piece in _within(sentence, count_tokens, budget)]
        for packed in _packed(pieces, count_tokens, budget):
            span = Span(document, packed[0].start, packed[-1].end)
            passages.append(Passage(span, headings, tuple(packed)))
    return passages


def _packed(pieces: list[Span], count_tokens: Callable[[str], int], budget: int) -> Iterator[list[Span]]:
    packed: list[Span] = []
    for paragraph in _paragraphs(pieces):
        if packed and _size([*packed, *paragraph], count_tokens) > budget:
            yield packed
            packed = []
        for piece in paragraph:
            if packed and _size([*packed, piece], count_tokens) > budget:
                yield packed
                packed = []
            packed.append(piece)
    if packed:
        yield packed


def _size(pieces: list[Span], count_tokens: Callable[[str], int]) -> int:
    return count_tokens(Span(pieces[0].document, pieces[0].start, pieces[-1].end).text)


def _paragraphs(pieces: list[Span]) -> list[list[Span]]:
    paragraphs: list[list[Span]] = []
    for piece in pieces:
        if paragraphs and "\n\n" not in piece.document.text[paragraphs[-1][-1].end : piece.start]:
            paragraphs[-1].append(piece)
        else:
            paragraphs.append([piece])
    return paragraphs


def _within(sentence: Span, count_tokens: Callable[[str], int], budget: int) -> Iterator[Span]:
    """The sentence, or its pieces of at most `budget` tokens; a single word over the budget stays whole."""
    if count_tokens(sentence.text) <= budget:
        yield sentence
        return
    start = end = sentence.start
    for word in _WORD.finditer(sentence.text):
        last = sentence.start + word.end()
        if end > start and count_tokens(sentence.document.text[start:last]) > budget:
            yield Span(sentence.document, start, end)
            start = sentence.start + word.start()
        end = last
    yield Span(sentence.document, start, end)

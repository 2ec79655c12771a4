"""The lines of a PDF's pages: words that stand side by side, parted where the space between them is wide."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

from ingest.raw import Dropped, DroppedKind
from ingest.readers.pdf_pages import Page, Word

__all__ = ["Line", "PageLines", "Piece", "rows_of"]

# In sizes of the font. A space between words is 0.25 to 0.35 of it, more in justified lines.
_WIDEST_SPACE = 0.6
# Superscripts stand up to 0.4 above the line; lines of one column are 1.0 apart or more.
_SAME_LINE = 0.6
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with no wide space between them; lengths in points, y grows upwards."""

    text: str
    left: float
    right: float
    base: float
    size: float
    is_bold: bool

    @property
    def words(self) -> int:
        """How many words it has."""
        return self.text.count(" ") + 1


@dataclass(frozen=True, eq=False)
class Line:
    """Pieces side by side, as they are read; no line is equal to another. `page` is the number of its page, from 1."""

    pieces: tuple[Piece, ...]
    page: int

    @cached_property
    def text(self) -> str:
        """Its words."""
        return " ".join(piece.text for piece in self.pieces)

    @cached_property
    def left(self) -> float:
        """Where it begins."""
        return min(piece.left for piece in self.pieces)

    @cached_property
    def right(self) -> float:
        """Where it ends."""
        return max(piece.right for piece in self.pieces)

    @cached_property
    def base(self) -> float:
        """Where most of it stands."""
        return _usual(self.pieces).base

    @cached_property
    def size(self) -> float:
        """The size of most of it."""
        return _usual(self.pieces).size

    @cached_property
    def is_bold(self) -> bool:
        """Whether all of it is."""
        return all(piece.is_bold for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class PageLines:
    """A page's lines from top to bottom, whatever the columns; `asides` are those that run in other directions.

    `bottom` and `top` are the page's edges in points, `dropped` is what nobody sees on it.
    """

    number: int
    label: str
    lines: Sequence[Line]
    asides: tuple[Sequence[Line], ...]
    bottom: float
    top: float
    dropped: tuple[Dropped, ...]

    @classmethod
    def of(cls, page: Page) -> "PageLines":
        """The page's words as lines."""
        layers = [[Line(tuple(_pieces(row)), page.number) for row in rows_of(layer.words)] for layer in page.layers]
        dropped = [Dropped(DroppedKind.HIDDEN, text, page.label) for text in page.hidden]
        if not layers and not page.is_blank:
            dropped.append(Dropped(DroppedKind.IMAGE_PAGE, "", page.label))
        bottom, top = (page.layers[0].bottom, page.layers[0].top) if layers else (0.0, 0.0)
        lines, *asides = layers or [[]]
        return cls(page.number, page.label, lines, tuple(asides), bottom, top, tuple(dropped))


_Standing = TypeVar("_Standing", Word, Piece)


def rows_of(things: Iterable[_Standing]) -> list[list[_Standing]]:
    """What stands on the same line, each in reading order, from top to bottom."""
    rows: list[list[_Standing]] = []
    biggest: _Standing | None = None
    for thing in sorted(things, key=lambda thing: (-thing.base, thing.left)):
        if biggest is not None and biggest.base - thing.base <= _SAME_LINE * min(biggest.size, thing.size):
            rows[-1].append(thing)
            biggest = max(biggest, thing, key=lambda thing: thing.size)
        else:
            rows.append([thing])
            biggest = thing
    return [_in_order(row) for row in rows]


def _in_order(row: list[_Standing]) -> list[_Standing]:
    is_leftwards = sum(len(_RIGHT_TO_LEFT.findall(thing.text)) for thing in row) > sum(len(t.text) for t in row) / 2
    return sorted(row, key=lambda thing: -thing.right if is_leftwards else thing.left)


def _pieces(row: Sequence[Word]) -> Iterable[Piece]:
    parts = [[row[0]]]
    for before, word in pairwise(row):
        gap = max(word.left - before.right, before.left - word.right)
        if gap > _WIDEST_SPACE * max(before.size, word.size):
            parts.append([])
        parts[-1].append(word)
    return map(_piece, parts)


def _usual(things: Sequence[_Standing]) -> _Standing:
    """The first of those that are as big as most letters are."""
    if all(thing.size == things[0].size for thing in things):
        return things[0]
    letters: Counter[float] = Counter()
    for thing in things:
        letters[thing.size] += len(thing.text)
    size = max(letters, key=lambda size: letters[size])
    return next(thing for thing in things if thing.size == size)


def _piece(words: Sequence[Word]) -> Piece:
    usual = _usual(words)
    return Piece(
        " ".join(word.text for word in words),
        min(word.left for word in words),
        max(word.right for word in words),
        usual.base,
        usual.size,
        all(word.is_bold for word in words),
    )

"""The lines of a PDF's pages: words that stand side by side, parted where the space between them is wide."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from ingest.raw import Dropped, DroppedKind
from ingest.readers.pdf_pages import DRAWN, Page, Word

__all__ = ["Line", "PageLines", "Piece"]

# In sizes of the font. A space between words is 0.25 to 0.35 of it, more in justified lines.
_WIDEST_SPACE = 0.6
# Superscripts, 0.6 as big, stand up to 0.4 above the line; lines of one column are 1.0 apart or more.
_SAME_LINE = 0.7
_FARTHEST_BULLET = 2.5  # from its item, and nearer to it than to other words
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


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Pieces side by side, as they are read; no line is equal to another. `page` is the number of its page, from 1.

    `base` and `size` are where most of it stands and how big most of it is.
    """

    pieces: tuple[Piece, ...]
    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    is_bold: bool

    @classmethod
    def of(cls, pieces: Sequence[Piece], page: int) -> "Line":
        """The line that pieces in the order of reading make."""
        usual = _usual(pieces)
        return cls(
            tuple(pieces),
            page,
            " ".join(piece.text for piece in pieces),
            min(piece.left for piece in pieces),
            max(piece.right for piece in pieces),
            usual.base,
            usual.size,
            all(piece.is_bold for piece in pieces),
        )


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
        layers = [[Line.of(_pieces(row), page.number) for row in _rows(layer.words)] for layer in page.layers]
        dropped = [Dropped(DroppedKind.HIDDEN, text, page.label) for text in page.hidden]
        if not layers and not page.is_blank:
            dropped.append(Dropped(DroppedKind.IMAGE_PAGE, "", page.label))
        bottom, top = (page.layers[0].bottom, page.layers[0].top) if layers else (0.0, 0.0)
        lines, *asides = layers or [[]]
        return cls(page.number, page.label, lines, tuple(asides), bottom, top, tuple(dropped))


_Standing = TypeVar("_Standing", Word, Piece)


def _rows(words: Iterable[Word]) -> list[list[Word]]:
    """What stands on the same line, each in reading order, from top to bottom."""
    rows: list[list[Word]] = []
    biggest: Word | None = None
    for word in sorted(words, key=lambda word: (-word.base, word.left)):
        if biggest is not None and _is_level(word, biggest, rows[-1][0].base):
            rows[-1].append(word)
            if word.size > biggest.size:
                biggest = word
        else:
            rows.append([word])
            biggest = word
    for row in rows:
        row.sort(key=_from_right if _is_leftwards(row) else _from_left)
    return [shown for row in rows if (shown := _with_bullets(row))]


def _is_level(word: Word, biggest: Word, top: float) -> bool:
    """Whether it stands on the line of which that is the biggest word, and `top` the highest base."""
    by_smaller = _SAME_LINE * min(biggest.size, word.size)
    return biggest.base - word.base <= by_smaller and top - word.base <= _SAME_LINE * max(biggest.size, word.size)


def _with_bullets(row: list[Word]) -> list[Word]:
    """The row with a bullet for each drawn shape that stands before a word, and without the others."""
    if all(word.text != DRAWN for word in row):
        return row
    shown: list[Word] = []
    for before, word, following in zip([None, *row], row, [*row[1:], None], strict=False):
        if word.text != DRAWN:
            shown.append(word)
        elif following is not None and following.text != DRAWN:
            is_near = 0 < following.left - word.right <= _FARTHEST_BULLET * following.size
            is_first = before is None or word.left - before.right > _FARTHEST_BULLET * following.size
            if is_near and is_first:
                shown.append(replace(word, text="•", base=following.base, size=following.size))
    return shown


def _from_left(word: Word) -> float:
    return word.left


def _from_right(word: Word) -> float:
    return -word.right


def _is_leftwards(row: Sequence[Word]) -> bool:
    text = "".join(word.text for word in row)
    return not text.isascii() and len(_RIGHT_TO_LEFT.findall(text)) > len(text) / 2


def _pieces(row: Sequence[Word]) -> list[Piece]:
    parts = [[row[0]]]
    for before, word in pairwise(row):
        gap = max(word.left - before.right, before.left - word.right)
        if gap > _WIDEST_SPACE * max(before.size, word.size):
            parts.append([])
        parts[-1].append(word)
    return [_piece(part) for part in parts]


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

"""The words of one block while they are gathered, and where each of them stood."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from corpus.layout import BULLET
from ingest.canonical import has_words
from ingest.raw import Block, BlockKind

__all__ = ["NOWHERE", "Line", "Spot"]

_SPACE = re.compile(r"\s")
# Two line breaks part paragraphs; a line that opens with a bullet is an item, whoever typed it.
_PARTED = re.compile(r"\n\s*\n\s*|\n\s*(?=[•◦▪‣●∙]\s*\S|[-*·]\s+\S)")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\r?\n[ \t]*)+")
_TYPED_BULLET = re.compile(r"(?:[•◦▪‣●∙]\s*|[*·]\s+|-\s+)(?=\S)")


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in the original: the label of its page, and what follows the # in the address to get there."""

    page: str | None = None
    fragment: str | None = None


NOWHERE = Spot()


class Line:
    """Gathers the text of a block. `spot` is where the words that come next stand."""

    def __init__(self, spot: Spot) -> None:
        self.spot = spot
        self._pieces: list[str] = []
        self._length = 0
        self._is_blank = True
        self._spots: list[tuple[int, Spot]] = [(0, spot)]

    def add(self, text: str) -> None:
        """Adds text as it is to be shown; a line end is a line break. A second space is none."""
        if text == " " and self.last == " ":
            return
        self._pieces.append(text)
        self._length += len(text)
        if self._is_blank:
            self._is_blank = not has_words(text)

    @property
    def last(self) -> str:
        """The last character, or none."""
        return self._pieces[-1][-1:] if self._pieces else ""

    def move(self, spot: Spot) -> None:
        """Notes that what comes next stands at `spot`."""
        self.spot = spot
        self._spots.append((self._length, spot))

    @property
    def text(self) -> str:
        """What was gathered so far."""
        return "".join(self._pieces)

    def clear(self) -> None:
        """Begins anew, where the last block ended."""
        self._pieces.clear()
        self._length = 0
        self._is_blank = True
        self._spots = [(0, self.spot)]

    def is_blank(self) -> bool:
        """Whether there are no words yet."""
        return self._is_blank

    def paragraphs(self) -> list[tuple[Spot, str]]:
        """What was gathered, parted at blank lines, each part with its spot."""
        text = self.text
        moved = self._moved(text)
        found: list[tuple[Spot, str]] = []
        start = 0
        for cut in [*(cut.span() for cut in _BLANK_LINES.finditer(text)), (len(text), len(text))]:
            parts = _parts(text, moved, start, cut[0])
            if parts:
                found.append((parts[0][0], text[start : cut[0]]))
            start = cut[1]
        return found

    def blocks(self, kind: BlockKind, mark: str, level: int) -> list[Block]:
        """What was gathered, as one block or, where line breaks part it, several; a part that stands elsewhere goes on.

        Only the first has the `mark`, of a list's item. A heading is one, where the last id in it is.
        """
        text = self.text
        if not has_words(text):
            return []
        if kind is BlockKind.HEADING:
            return [Block(kind, " ".join(text.split()), level, self.spot.page, self.spot.fragment)]
        moved = self._moved(text)
        found: list[Block] = []
        cuts = [cut.span() for cut in _PARTED.finditer(text)]
        starts = [0, *(end for _, end in cuts)]
        ends = [*(start for start, _ in cuts), len(text)]
        for start, end in zip(starts, ends, strict=True):
            parts = _parts(text, moved, start, end)
            if not parts:
                continue
            first = parts[0][1]
            bullet = None if mark else _TYPED_BULLET.match(first)
            opens = BlockKind.ITEM if bullet else kind
            first = BULLET + first[bullet.end() :] if bullet else mark + first
            shown = [first, *(part for _, part in parts[1:])]
            for number, ((spot, _), words) in enumerate(zip(parts, shown, strict=True)):
                found.append(Block(opens, words, level, spot.page, spot.fragment, continues=number > 0))
            mark, kind = "", BlockKind.PARAGRAPH if kind is BlockKind.ITEM else kind
        return found

    def _moved(self, text: str) -> list[tuple[int, Spot]]:
        """The spots and where they begin to count: at the next space, if they were noted in the middle of a word."""
        moved: list[tuple[int, Spot]] = []
        for position, spot in self._spots:
            at = max(position, moved[-1][0] if moved else 0)
            if 0 < at < len(text) and not text[at - 1].isspace():
                found = _SPACE.search(text, at)
                at = found.start() if found else len(text)
            moved.append((at, spot))
        return moved


def _parts(text: str, moved: list[tuple[int, Spot]], start: int, end: int) -> list[tuple[Spot, str]]:
    """The text from `start` to `end`, parted where it comes to stand elsewhere; each part has words."""
    begins: list[tuple[int, Spot]] = []
    begin = start
    number = max(0, bisect_right(moved, start, key=_position) - 1)
    while number < len(moved) and moved[number][0] < max(end, 1):
        at, spot = moved[number]
        number += 1
        following = moved[number][0] if number < len(moved) else end
        if has_words(text[max(at, start) : min(following, end)]):
            begins.append((max(at, start) if begins else begin, spot))
    stops = [*(at for at, _ in begins[1:]), *[end] * bool(begins)]
    return [(spot, " ".join(text[at:stop].split())) for (at, spot), stop in zip(begins, stops, strict=True)]


def _position(moved: tuple[int, Spot]) -> int:
    return moved[0]

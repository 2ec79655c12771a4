"""Running headers, footers and page numbers: what stands at the edge of page after page, its numbers aside.

Only the outermost lines of a page can be one, from the edge inwards, and only if at that height most pages have one: a
table's header or a sentence that happens to stand at the top of two pages is text. A number is a page number if it
grows with the pages.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.raw import Dropped, DroppedKind
from ingest.readers.pdf_lines import Line, PageLines, Piece

__all__ = ["Edge", "repeats"]

_DEEPEST = 4  # lines from the edge
_SAME_HEIGHT = 4.0  # points
_PURE = 0.6  # of the pages with a line at that height
_PURER = 0.8  # the same, for a line of which only a part stands on other pages
_FEWEST_OF_PART = 4  # pages, for the same
_BIG = 1.15  # times the usual size: more likely a title, unless it stands on more pages than two
_NEAR = 2.0  # in sizes of the font: no farther from the text than lines or rows are from each other
_OTHER_SIZE = 0.08
_FEWEST_PAGES = 2
_FEWEST_OF_BIG = 3
_FEWEST_OF_STAMPS = 3
_FEWEST_LETTERS = 3
_FEWEST_SIGNS = 6  # of what has fewer letters and is the same on all pages, such as a date
_ROMAN = re.compile(r"(?=.)(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![^\W_])(?:\d+|[ivxlc]+)(?![^\W_])", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"[-–—|\[( ]*(?:(?:page|pg\.?|p\.)\s*)?(?:[A-Z]{1,3}[-.–])?#\s*(?:(?:of|/|\|)\s*#)?[-–—|\]). ]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Edge:
    """What is left of a page's lines, what of those in other directions, and what was left out."""

    lines: list[Line]
    asides: list[list[Line]]
    dropped: list[Dropped]


def repeats(pages: Sequence[PageLines], usual_size: float) -> list[Edge]:
    """Parts each page's lines into text and what is no part of it; all is text in a document of one page."""
    if len(pages) == 1:
        return [Edge(list(page.lines), list(map(list, page.asides)), list(page.dropped)) for page in pages]
    stamps = Counter(line.text for page in pages for aside in page.asides for line in aside)
    edges = [
        _without_stamps(page, {text for text, count in stamps.items() if count >= _FEWEST_OF_STAMPS}) for page in pages
    ]
    labels = [page.label for page in pages]
    looks: set[tuple[str, float]] = set()
    for kind in (DroppedKind.HEADER, DroppedKind.FOOTER):
        for _ in range(_DEEPEST):
            outermost = _outermost(edges, pages, kind)
            for number in _running(outermost, labels, usual_size):
                looks |= {(_key(piece), piece.size) for piece in outermost[number].line.pieces}
                _drop(edges[number], outermost[number].line, kind, labels[number])
    for kind in (DroppedKind.HEADER, DroppedKind.FOOTER):
        for number, edge in _outermost(edges, pages, kind).items():
            if all(_has_letters(_key(piece)) and (_key(piece), piece.size) in looks for piece in edge.line.pieces):
                _drop(edges[number], edge.line, kind, labels[number])
    return edges


def _outermost(edges: Sequence[Edge], pages: Sequence[PageLines], kind: DroppedKind) -> dict[int, "_Outermost"]:
    """The line at the upper or the lower edge of each page that has any left."""
    counts = Counter(key for edge in edges for key in {_key_of(line) for line in edge.lines})
    repeated = {key for key, count in counts.items() if count >= _FEWEST_PAGES}
    return {
        number: _Outermost.of(edge.lines, page, kind, repeated)
        for number, (edge, page) in enumerate(zip(edges, pages, strict=True))
        if edge.lines
    }


def _drop(edge: Edge, line: Line, kind: DroppedKind, label: str) -> None:
    edge.lines.remove(line)
    edge.dropped.extend(_dropped(piece, kind, label) for piece in line.pieces)


@dataclass(frozen=True, slots=True)
class _Outermost:
    line: Line
    height: float  # points from the page's edge
    is_near: bool  # as near to the text as its lines are

    @classmethod
    def of(cls, lines: Sequence[Line], page: PageLines, kind: DroppedKind, repeated: Collection[str]) -> "_Outermost":
        is_top = kind is DroppedKind.HEADER
        line = lines[0] if is_top else lines[-1]
        height = page.top - line.base if is_top else line.base - page.bottom
        inwards = lines if is_top else lines[::-1]
        is_near = _is_near(inwards[: _DEEPEST + 1], repeated)
        return cls(line, height, is_near)


def _without_stamps(page: PageLines, stamps: Collection[str]) -> Edge:
    """The page without what stands across it on other pages too."""
    dropped = [
        Dropped(DroppedKind.HEADER, line.text, page.label)
        for aside in page.asides
        for line in aside
        if line.text in stamps
    ]
    asides = [[line for line in aside if line.text not in stamps] for aside in page.asides]
    return Edge(list(page.lines), asides, [*page.dropped, *dropped])


def _is_near(inwards: Sequence[Line], repeated: Collection[str]) -> bool:
    """Whether the first of these lines, from the edge inwards, is the text's own.

    It is not if space or another size sets it apart, alone or with the lines after it that other pages have too.
    """
    for line, following in pairwise(inwards):
        biggest = max(line.size, following.size)
        if abs(following.base - line.base) > _NEAR * biggest or abs(following.size - line.size) > _OTHER_SIZE * biggest:
            return False
        if _key_of(following) not in repeated:
            return True
    return len(inwards) > 1


def _running(outermost: Mapping[int, _Outermost], labels: Sequence[str], usual_size: float) -> set[int]:
    """The pages whose outermost line is a running one."""
    groups: dict[str, list[tuple[int, Piece]]] = defaultdict(list)
    for number, edge in outermost.items():
        for piece in edge.line.pieces:
            key = _key(piece)
            groups[key if _has_letters(key) or _PAGE_NUMBER.fullmatch(key) else piece.text].append((number, piece))
    numbers: set[int] = set()
    proven: set[Piece] = set()
    for key, found in groups.items():
        if _PAGE_NUMBER.fullmatch(key):
            pages = _numbered(found, outermost) | {n for n, piece in found if _is_label(piece, n, labels)}
            numbers |= pages
        else:
            pages = _repeated(key, found, outermost, usual_size)
        proven.update(piece for number, piece in found if number in pages)
    whole = {n for n, edge in outermost.items() if n in numbers or all(piece in proven for piece in edge.line.pieces)}
    partly = {n for n, edge in outermost.items() if any(piece in proven for piece in edge.line.pieces)} - whole
    level = _Heights(edge.height for edge in outermost.values())
    level_running = _Heights(outermost[number].height for number in whole)

    def share(number: int) -> float:
        height = outermost[number].height
        return level_running.near(height) / level.near(height)

    running = {number for number in whole if number in numbers or share(number) >= _PURE}
    if len(running) >= _FEWEST_OF_PART:
        running |= {number for number in partly if share(number) >= _PURER}
    return running


class _Heights:
    """How many lines stand at a height."""

    def __init__(self, heights: Iterable[float]) -> None:
        self._heights = sorted(heights)

    def near(self, height: float) -> int:
        """How many stand as high as `height`."""
        low, high = height - _SAME_HEIGHT, height + _SAME_HEIGHT
        return bisect_right(self._heights, high) - bisect_left(self._heights, low)


def _repeated(
    key: str, found: Sequence[tuple[int, Piece]], outermost: Mapping[int, _Outermost], usual_size: float
) -> set[int]:
    """The pages that have these words at the same height as other pages."""
    if not _has_letters(key) and len(key) < _FEWEST_SIGNS:
        return set()
    level = _Heights(outermost[number].height for number in {number for number, _ in found})
    pages: set[int] = set()
    for number, piece in found:
        edge = outermost[number]
        fewest = _FEWEST_OF_BIG if piece.size > _BIG * usual_size else _FEWEST_PAGES
        if level.near(edge.height) >= fewest and not edge.is_near:
            pages.add(number)
    return pages


def _numbered(found: Sequence[tuple[int, Piece]], outermost: Mapping[int, _Outermost]) -> set[int]:
    """The pages whose number is as far from their place in the file as that of another page at the same height."""
    offsets: dict[int, set[int]] = defaultdict(set)
    for number, piece in found:
        match = _NUMBER.search(piece.text)
        value = _value(match.group()) if match else None
        if value is not None:
            offsets[value - number].add(number)
    pages: set[int] = set()
    for alike in offsets.values():
        level = _Heights(outermost[number].height for number in alike)
        pages |= {number for number in alike if level.near(outermost[number].height) >= _FEWEST_PAGES}
    return pages


def _is_label(piece: Piece, number: int, labels: Sequence[str]) -> bool:
    """Whether it is what the file calls its page, where that is not just the page's place in the file."""
    label = labels[number]
    return label != str(number + 1) and piece.text.strip("-–— ").casefold() == label.casefold()


def _has_letters(key: str) -> bool:
    return sum(character.isalpha() for character in key) >= _FEWEST_LETTERS


def _key_of(line: Line) -> str:
    return _NUMBER.sub("#", line.text.casefold())


def _key(piece: Piece) -> str:
    return _NUMBER.sub("#", piece.text.casefold())


def _value(number: str) -> int | None:
    """The number that figures or Roman numerals up to 99 stand for."""
    if number.isdigit():
        return int(number[:9])
    if not _ROMAN.fullmatch(number):
        return None
    figures = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in number.lower()]
    return sum(
        -figure if figure < following else figure for figure, following in zip(figures, [*figures[1:], 0], strict=True)
    )


def _dropped(piece: Piece, kind: DroppedKind, label: str) -> Dropped:
    is_number = _PAGE_NUMBER.fullmatch(_key(piece)) is not None
    return Dropped(DroppedKind.PAGE_NUMBER if is_number else kind, piece.text, label)

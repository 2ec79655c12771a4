"""Running headers, footers and page numbers: what stands at the edge of page after page, its numbers aside.

Only the outermost lines of a page can be one, from the edge inwards, and only if at that height most pages have one: a
table's header or a sentence that happens to stand at the top of two pages is text. A number is a page number if it
grows with the pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingest.raw import Dropped, DroppedKind
from ingest.readers.pdf_lines import Line, PageLines, Piece

__all__ = ["Edge", "repeats"]

_DEEPEST = 4  # lines from the edge
_SAME_HEIGHT = 4.0  # points
_PURE = 0.6  # of the pages with a line at that height
_PURER = 0.8  # the same, for a line of which only a part stands on other pages
_FEWEST_OF_PART = 4  # pages, for the same
_BIG = 1.15  # times the usual size: more likely a title, unless it stands on more pages than two
_NEAR = 1.6  # in sizes of the font: no farther from the text than lines are from each other
_FEWEST_PAGES = 2
_FEWEST_UNSURE = 3
_FEWEST_LETTERS = 3
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
        _without_stamps(page, {text for text, count in stamps.items() if count >= _FEWEST_UNSURE}) for page in pages
    ]
    labels = [page.label for page in pages]
    for kind in (DroppedKind.HEADER, DroppedKind.FOOTER):
        for _ in range(_DEEPEST):
            outermost = {
                number: _Outermost.of(edge.lines, page, kind)
                for number, (edge, page) in enumerate(zip(edges, pages, strict=True))
                if edge.lines
            }
            for number in _running(outermost, labels, usual_size):
                line = outermost[number].line
                edges[number].lines.remove(line)
                edges[number].dropped.extend(_dropped(piece, kind, pages[number].label) for piece in line.pieces)
    return edges


@dataclass(frozen=True, slots=True)
class _Outermost:
    line: Line
    height: float  # points from the page's edge
    is_near: bool  # as near to the text as its lines are

    @classmethod
    def of(cls, lines: Sequence[Line], page: PageLines, kind: DroppedKind) -> "_Outermost":
        is_top = kind is DroppedKind.HEADER
        line, following = (lines[0], lines[1:2]) if is_top else (lines[-1], lines[-2:-1])
        height = page.top - line.base if is_top else line.base - page.bottom
        is_near = any(abs(other.base - line.base) <= _NEAR * max(line.size, other.size) for other in following)
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


def _running(outermost: Mapping[int, _Outermost], labels: Sequence[str], usual_size: float) -> set[int]:
    """The pages whose outermost line is a running one."""
    pieces = [(number, piece, _key(piece)) for number, edge in outermost.items() for piece in edge.line.pieces]
    groups: dict[str, list[tuple[int, Piece]]] = defaultdict(list)
    for number, piece, key in pieces:
        groups[key].append((number, piece))
    numbers: set[int] = set()
    proven: set[Piece] = set()
    for key, found in groups.items():
        if _PAGE_NUMBER.fullmatch(key):
            pages = _numbered(found, outermost) | {
                number for number, piece in found if _is_label(piece, number, labels)
            }
            numbers |= pages
            proven.update(piece for number, piece in found if number in pages)
        else:
            pages = _repeated(key, found, outermost, usual_size)
            proven.update(piece for number, piece in found if number in pages)
    whole = {n for n, edge in outermost.items() if n in numbers or all(piece in proven for piece in edge.line.pieces)}
    partly = {n for n, edge in outermost.items() if any(piece in proven for piece in edge.line.pieces)} - whole
    running = {n for n in whole if n in numbers or _share(n, whole, outermost) >= _PURE}
    if len(running) >= _FEWEST_OF_PART:
        running |= {n for n in partly if _share(n, running | {n}, outermost) >= _PURER}
    return running


def _repeated(
    key: str, found: Sequence[tuple[int, Piece]], outermost: Mapping[int, _Outermost], usual_size: float
) -> set[int]:
    """The pages that have these words at the same height as other pages."""
    if sum(character.isalpha() for character in key) < _FEWEST_LETTERS:
        return set()
    pages: set[int] = set()
    for number, piece in found:
        alike = {other for other, _ in found if _is_level(outermost[other], outermost[number])}
        is_unsure = piece.size > _BIG * usual_size or outermost[number].is_near
        if len(alike) >= (_FEWEST_UNSURE if is_unsure else _FEWEST_PAGES):
            pages |= alike
    return pages


def _numbered(found: Sequence[tuple[int, Piece]], outermost: Mapping[int, _Outermost]) -> set[int]:
    """The pages whose number is as far from their place in the file as that of another page at the same height."""
    offsets: dict[int, list[int]] = defaultdict(list)
    for number, piece in found:
        match = _NUMBER.search(piece.text)
        value = _value(match.group()) if match else None
        if value is not None:
            offsets[value - number].append(number)
    return {
        number
        for alike in offsets.values()
        for number in alike
        if sum(_is_level(outermost[other], outermost[number]) for other in alike) >= _FEWEST_PAGES
    }


def _is_label(piece: Piece, number: int, labels: Sequence[str]) -> bool:
    """Whether it is what the file calls its page, where that is not just the page's place in the file."""
    label = labels[number]
    return label != str(number + 1) and piece.text.strip("-–— ").casefold() == label.casefold()


def _share(number: int, among: Iterable[int], outermost: Mapping[int, _Outermost]) -> float:
    level = [other for other, edge in outermost.items() if _is_level(edge, outermost[number])]
    chosen = set(among)
    return sum(other in chosen for other in level) / len(level)


def _is_level(edge: _Outermost, other: _Outermost) -> bool:
    return abs(edge.height - other.height) <= _SAME_HEIGHT


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

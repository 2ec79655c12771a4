"""The order in which the lines of a PDF's page are read: down one column, then down the next.

A gutter is where many pieces of lines begin one under the other and none to the left reaches across. The lines that do
cross it (a title, a caption, a wide table) cut the page into bands, and each band is read column by column.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from statistics import median

from ingest.readers.pdf_lines import Line, Piece
from ingest.readers.pdf_tables import is_mark, tables_of

__all__ = ["columns_of"]

_SLACK = 3.0  # points between pieces that begin one under the other
_NARROWEST_GUTTER = 6.0  # points
_NARROWEST_COLUMN = 0.15  # of the width of the page's text
_FEWEST_LINES = 2  # of the shorter column
_MOST_LINES_AT_LEAST = 4  # of the longer one
_BIGGER = 1.1  # than most lines: a heading
_ALONE = 2.5  # lines, in sizes of the font, without any other
_FEWEST_WORDS = 4  # in most lines of a column: fewer are those of a table
_FEWEST_WORDS_OF_MANY = 3  # the same, where more columns than one are side by side
_COLUMNS_OF_TABLE = 3
_MOST_SPLITS = 5
_ENOUGH = 0.9  # of the letters of a page in columns: no other gutter is looked for
_MOST_BEGINNINGS = 12
_FEWEST_ROWS = 3
_MOST_WORDS_OF_CELL = 4
_FULLEST = 0.7  # how much of a side's width most of its lines fill at least
_FULLEST_RUN = 0.4  # the same, with one run of words

_Rows = tuple[Sequence[Line], bool]


def columns_of(pages: Sequence[Sequence[Line]]) -> list[list[list[Line]]]:
    """For each page its lines, which come top to bottom, as the columns that they are read in one after the other.

    Where a gutter runs is certain on pages full of text; a short last column or a table beside text is told by those.
    """
    sure = _Columns(())
    found = [sure.of(lines) for lines in pages]
    if not sure.gutters:
        return found
    told = _Columns(tuple(sorted(sure.gutters)))
    return [told.of(lines) for lines in pages]


class _Columns:
    def __init__(self, known: Sequence[float]) -> None:
        self.gutters: set[float] = set()
        self._known = known

    def of(self, lines: Sequence[Line]) -> list[list[Line]]:
        return self._split(list(lines), _wide_tables(lines), _MOST_SPLITS)

    def _split(self, lines: list[Line], tables: Sequence[_Rows], depth: int) -> list[list[Line]]:
        if not lines:
            return []
        enough = _ENOUGH * sum(len(line.text) for line in lines)
        best: list[tuple[bool, list[Line]]] = []
        gutter = None
        for start in (*self._known, *_beginnings(piece for line in lines for piece in line.pieces)):
            bands = self._bands(lines, start, tables)
            if _parted(bands) > _parted(best):
                best, gutter = bands, start
            if _parted(best) > enough:
                break
        if gutter is None or depth == 0:
            return [lines]
        self.gutters.add(gutter)
        columns: list[list[Line]] = []
        for is_parted, band in best:
            if is_parted:
                columns += [column for side in _sides(band, gutter) for column in self._split(side, (), depth - 1)]
            else:
                columns.append(band)
        return columns

    def _bands(self, lines: Sequence[Line], gutter: float, tables: Sequence[_Rows]) -> list[tuple[bool, list[Line]]]:
        """Runs of lines that are parted by the gutter, and runs of those that are not."""
        bands: list[tuple[bool, list[Line]]] = []
        crossing = _crossing(lines, gutter, tables)
        for crosses, group in groupby(lines, key=crossing.__contains__):
            band = list(group)
            is_parted = not crosses and self._is_parted(band, gutter)
            if bands and not is_parted and not bands[-1][0]:
                bands[-1][1].extend(band)
            else:
                bands.append((is_parted, band))
        return bands

    def _is_parted(self, band: Sequence[Line], gutter: float) -> bool:
        left, right = _sides(band, gutter)
        if not left or not right or any(is_mark(line.pieces[-1].text) for line in left):
            return False
        if self._is_known(gutter):
            return any(_has_start(line, gutter) for line in right) and (_is_prose(left) or _is_prose(right))
        width = max(line.right for line in band) - min(line.left for line in band)
        widths = [max(line.right for line in side) - min(line.left for line in side) for side in (left, right)]
        fewest, most = sorted((len(left), len(right)))
        is_long = fewest >= _FEWEST_LINES and most >= _MOST_LINES_AT_LEAST
        return is_long and min(widths) >= _NARROWEST_COLUMN * width and _is_prose(left) and _is_prose(right)

    def _is_known(self, gutter: float) -> bool:
        return any(abs(gutter - known) <= _SLACK for known in self._known)


def _wide_tables(lines: Sequence[Line]) -> list[_Rows]:
    """The lines of each table, and whether its cells are so many and so short that they can't be columns of text."""
    return [
        (
            lines[table.start : table.end],
            _FEWEST_ROWS <= len(table.rows) == table.end - table.start
            and all(
                all(column) and max(len(cell.split()) for cell in column) <= _MOST_WORDS_OF_CELL
                for column in zip(*table.rows, strict=True)
            ),
        )
        for table in tables_of(lines, fewest_columns=_COLUMNS_OF_TABLE)
    ]


def _beginnings(pieces: Iterable[Piece]) -> list[float]:
    """Where pieces begin one under the other, but for the leftmost edge; the place where most do first."""
    starts = Counter(round(piece.left) for piece in pieces)
    leftmost = min(starts, default=0)
    found = {start - 0.5: count + starts[start + 1] for start, count in starts.items() if start > leftmost + 2 * _SLACK}
    often = sorted(found, key=lambda start: (-found[start], start))[:_MOST_BEGINNINGS]
    return [start for start in often if found[start] >= _FEWEST_LINES]


def _parted(bands: Iterable[tuple[bool, list[Line]]]) -> int:
    return sum(len(line.text) for is_parted, band in bands if is_parted for line in band)


def _crossing(lines: Sequence[Line], gutter: float, tables: Sequence[_Rows]) -> set[Line]:
    """The lines that are read across the gutter: they reach over it, or are a heading with nothing to its right.

    So are the rows of a table that reaches over it, or that is sure to be one, unless cells begin at the gutter: those
    are two tables side by side.
    """
    start, end = gutter - _NARROWEST_GUTTER, gutter - _SLACK
    over = {line for line in lines if any(piece.left < end and piece.right > start for piece in line.pieces)}
    for rows, is_sure in tables:
        is_wide = any(line.left < gutter < line.right for line in rows) and not any(_has_start(r, gutter) for r in rows)
        if not over.isdisjoint(rows) or (is_sure and is_wide):
            over.update(rows)
    usual = median(line.size for line in lines)
    right = [piece.base for line in lines for piece in line.pieces if piece.left >= gutter - _SLACK]
    return over | {
        line
        for line in lines
        if line.size > _BIGGER * usual
        and min(right, default=line.base) < line.base < max(right, default=line.base)
        and all(abs(base - line.base) > _ALONE * line.size for base in right)
    }


def _has_start(line: Line, gutter: float) -> bool:
    return any(abs(piece.left - gutter) <= _SLACK for piece in line.pieces)


def _sides(band: Iterable[Line], gutter: float) -> tuple[list[Line], list[Line]]:
    """The band's lines left and right of the gutter, each made anew of the pieces that are there."""
    sides: tuple[list[Line], list[Line]] = ([], [])
    for line in band:
        left = [piece for piece in line.pieces if piece.left < gutter - _SLACK]
        right = [piece for piece in line.pieces if piece.left >= gutter - _SLACK]
        for pieces, side in zip((left, right), sides, strict=True):
            if pieces:
                side.append(Line.of(pieces, line.page) if len(pieces) < len(line.pieces) else line)
    return sides


def _is_prose(side: Sequence[Line]) -> bool:
    """Whether it is text and no cells: most lines are mainly one run of words, or runs of words side by side.

    Or they are full of words that make no table, as in justified columns, whose spaces may be wide.
    """
    width = max(line.right for line in side) - min(line.left for line in side)
    longest = [max(line.pieces, key=lambda piece: piece.right - piece.left) for line in side]
    is_run = (
        median(piece.words for piece in longest) >= _FEWEST_WORDS
        and median(piece.right - piece.left for piece in longest) >= _FULLEST_RUN * width
    )
    if is_run or median(min(piece.words for piece in line.pieces) for line in side) >= _FEWEST_WORDS_OF_MANY:
        return True
    is_full = (
        median(line.text.count(" ") + 1 for line in side) >= _FEWEST_WORDS
        and median(line.right - line.left for line in side) >= _FULLEST * width
    )
    return is_full and sum(table.end - table.start for table in tables_of(side)) < len(side) / 2

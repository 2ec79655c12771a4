"""The order in which the lines of a PDF's page are read: down one column, then down the next.

A gutter is where many pieces of lines begin one under the other and none to the left reaches across. The lines that do
cross it (a title, a caption, a wide table) cut the page into bands, and each band is read column by column.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import groupby
from statistics import mean, median

from ingest.readers.pdf_lines import Line, Piece, rows_of
from ingest.readers.pdf_tables import tables_of

__all__ = ["columns_of"]

_SLACK = 3.0  # points between pieces that begin one under the other
_NARROWEST_GUTTER = 6.0  # points
_NARROWEST_COLUMN = 0.15  # of the width of the page's text
_FEWEST_LINES = 3
_BIGGER = 1.1  # than most lines: a heading
_ALONE = 1.5  # lines, in sizes of the font, without any other
_FEWEST_WORDS = 4  # in most lines of a column: fewer are those of a table
_COLUMNS_OF_TABLE = 3
_MOST_SPLITS = 5
_MOST_BEGINNINGS = 12
_MOST_WORDS_OF_CELL = 3
_FULLEST = 0.4  # how much of a side's width most of its lines fill at least with one run of words


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
        return self._split(list(lines), _wide_table_rows(lines), _MOST_SPLITS)

    def _split(self, lines: list[Line], table_rows: Collection[Line], depth: int) -> list[list[Line]]:
        best: list[tuple[bool, list[Line]]] = []
        gutter = None
        for start in (*self._known, *_beginnings(piece for line in lines for piece in line.pieces)):
            bands = self._bands(lines, start, table_rows)
            if _parted(bands) > _parted(best):
                best, gutter = bands, start
        if gutter is None or depth == 0:
            return [lines] if lines else []
        self.gutters.add(gutter)
        columns: list[list[Line]] = []
        for is_parted, band in best:
            if is_parted:
                columns += [column for side in _sides(band, gutter) for column in self._split(side, (), depth - 1)]
            else:
                columns.append(band)
        return columns

    def _bands(
        self, lines: Sequence[Line], gutter: float, table_rows: Collection[Line]
    ) -> list[tuple[bool, list[Line]]]:
        """Runs of lines that are parted by the gutter, and runs of those that are not."""
        bands = []
        crossing = _crossing(lines, gutter, table_rows)
        for crosses, group in groupby(lines, key=crossing.__contains__):
            band = list(group)
            bands.append((not crosses and self._is_parted(band, gutter), band))
        return bands

    def _is_parted(self, band: Sequence[Line], gutter: float) -> bool:
        left, right = _sides(band, gutter)
        if not left or not right:
            return False
        if self._is_known(gutter):
            return _is_prose(left) or _is_prose(right)
        width = max(line.right for line in band) - min(line.left for line in band)
        widths = [max(line.right for line in side) - min(line.left for line in side) for side in (left, right)]
        return min(widths) >= _NARROWEST_COLUMN * width and all(
            len(side) >= _FEWEST_LINES and _is_prose(side) for side in (left, right)
        )

    def _is_known(self, gutter: float) -> bool:
        return any(abs(gutter - known) <= _SLACK for known in self._known)


def _wide_table_rows(lines: Sequence[Line]) -> set[Line]:
    """The rows of tables with so many and so short cells that they can't be columns of text."""
    return {
        line
        for table in tables_of(lines, fewest_columns=_COLUMNS_OF_TABLE)
        if len(table.rows) == table.end - table.start
        and all(
            all(column) and mean(len(cell.split()) for cell in column) <= _MOST_WORDS_OF_CELL
            for column in zip(*table.rows, strict=True)
        )
        for line in lines[table.start : table.end]
    }


def _beginnings(pieces: Iterable[Piece]) -> list[float]:
    """Where most pieces begin one under the other, but for the leftmost edge."""
    starts = Counter(round(piece.left) for piece in pieces)
    leftmost = min(starts, default=0)
    found = {start - 0.5: count + starts[start + 1] for start, count in starts.items() if start > leftmost + 2 * _SLACK}
    often = sorted(found, key=lambda start: (-found[start], start))[:_MOST_BEGINNINGS]
    return sorted(start for start in often if found[start] >= _FEWEST_LINES)


def _parted(bands: Iterable[tuple[bool, list[Line]]]) -> int:
    return sum(len(line.text) for is_parted, band in bands if is_parted for line in band)


def _crossing(lines: Sequence[Line], gutter: float, table_rows: Collection[Line]) -> set[Line]:
    """The lines that are read across the gutter: they reach over it, or are a heading with nothing to its right.

    So are the rows of a wide table, unless a cell begins at the gutter: those are two tables side by side.
    """
    start, end = gutter - _NARROWEST_GUTTER, gutter - _SLACK
    over = {line for line in lines if any(piece.left < end and piece.right > start for piece in line.pieces)}
    over |= {line for line in table_rows if line.left < gutter < line.right and not _has_start(line, gutter)}
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
    left: list[Piece] = []
    right: list[Piece] = []
    page = 0
    for line in band:
        page = line.page
        for piece in line.pieces:
            (left if piece.left < gutter - _SLACK else right).append(piece)
    return tuple([Line(tuple(row), page) for row in rows_of(side)] for side in (left, right))  # type: ignore[return-value]


def _is_prose(side: Sequence[Line]) -> bool:
    """Whether most of its lines are mainly one run of words, so long that they are no cells."""
    width = max(line.right for line in side) - min(line.left for line in side)
    longest = [max(line.pieces, key=lambda piece: piece.right - piece.left) for line in side]
    return (
        median(piece.words for piece in longest) >= _FEWEST_WORDS
        and median(piece.right - piece.left for piece in longest) >= _FULLEST * width
    )

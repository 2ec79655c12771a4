"""Tables in a PDF: lines whose pieces stand in columns with white space between them all the way down.

Where the columns can't be told for certain the lines stay lines, and their words stay words in order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.pdf_lines import Line, Piece

__all__ = ["Table", "is_mark", "tables_of"]

_FEWEST_ROWS = {2: 3}
_FEWEST_ROWS_OF_MANY_COLUMNS = 2
_MOST_ROWS = 500
_ALIGNED = 2.5  # points
# In sizes of the font.
_NARROWEST_STRIP = 0.5
_FARTHEST_ROWS = 4.0
_WRAPPED = 1.35  # between the lines of one row, at most
_PARTED = 1.45  # between rows, at least, where there are wrapped ones
_MARK = re.compile(r"[-–—*•◦▪▫‣●○■□➢✓·\u2043\uf0a7\uf0b7\uf0d8\uf0fc]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,4})[.)]")


@dataclass(frozen=True, eq=False)
class Table:
    """The rows that lines from `start` to before `end` make, each with as many cells; an empty cell is ""."""

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]


def is_mark(text: str) -> bool:
    """Whether it is the mark of a list item: a bullet, or a number or letter with a point or bracket."""
    return _MARK.fullmatch(text) is not None


def tables_of(lines: Sequence[Line], *, fewest_columns: int = 2) -> list[Table]:
    """The tables among lines that follow one another, from top to bottom."""
    found: list[Table] = []
    start = 0
    while start < len(lines):
        table = _from(lines, start) if _is_row(lines[start], fewest_columns) else None
        found += [table] if table else []
        start = table.end if table else start + 1
    return found


def _is_row(line: Line, fewest_columns: int) -> bool:
    return len(line.pieces) >= fewest_columns and not is_mark(line.pieces[0].text)


def _from(lines: Sequence[Line], start: int) -> Table | None:
    """The table that begins at `start`, if it is one: its first line has a piece in every column."""
    hulls = [(piece.left, piece.right) for piece in lines[start].pieces]
    rows = [list(lines[start].pieces)]
    placed: list[dict[int, Piece]] = [dict(enumerate(lines[start].pieces))]
    for before, line in pairwise(lines[start : start + _MOST_ROWS]):
        columns = _placed(line, before, hulls)
        if columns is None:
            break
        placed.append(columns)
        rows.append(list(line.pieces))
        for column, piece in columns.items():
            left, right = hulls[column]
            hulls[column] = (min(left, piece.left), max(right, piece.right))
    while len(placed) > 1 and len(placed[-1]) == 1 and 0 in placed[-1]:
        placed.pop()
    fewest = _FEWEST_ROWS.get(len(hulls), _FEWEST_ROWS_OF_MANY_COLUMNS)
    whole = [columns for columns in placed if len(columns) == len(hulls)]
    if len(whole) < fewest or not all(_is_aligned([row[column] for row in whole]) for column in range(len(hulls))):
        return None
    end = start + len(placed)
    return Table(start, end, tuple(_rows(placed, lines[start:end], len(hulls))))


def _placed(line: Line, before: Line, hulls: Sequence[tuple[float, float]]) -> dict[int, Piece] | None:
    """In which column each piece stands; `None` if one stands in none or two, or in the same as another."""
    if before.base - line.base > _FARTHEST_ROWS * line.size or before.base <= line.base or is_mark(line.pieces[0].text):
        return None
    if len(line.pieces) == len(hulls):
        columns = dict(enumerate(line.pieces))
        return columns if _are_parted(columns, hulls, line.size) else None
    columns = {}
    for piece in line.pieces:
        over = [column for column, hull in enumerate(hulls) if piece.left < hull[1] and piece.right > hull[0]]
        if len(over) != 1 or over[0] in columns:
            return None
        columns[over[0]] = piece
    is_lone = len(columns) == 1 and (0 in columns or before.base - line.base > _WRAPPED * line.size)
    return None if is_lone or not _are_parted(columns, hulls, line.size) else columns


def _are_parted(columns: dict[int, Piece], hulls: Sequence[tuple[float, float]], size: float) -> bool:
    """Whether white space still runs down between the columns, with these pieces in them."""
    grown = list(hulls)
    for column, piece in columns.items():
        grown[column] = (min(hulls[column][0], piece.left), max(hulls[column][1], piece.right))
    return all(right[0] - left[1] >= _NARROWEST_STRIP * size for left, right in pairwise(grown))


def _is_aligned(cells: Sequence[Piece]) -> bool:
    """Whether the cells under the first one, which may be a header, begin, end or are centred one under the other."""
    if len(cells) > _FEWEST_ROWS_OF_MANY_COLUMNS:
        cells = cells[1:]
    edges = (
        [cell.left for cell in cells],
        [cell.right for cell in cells],
        [(cell.left + cell.right) / 2 for cell in cells],
    )
    return any(max(edge) - min(edge) <= _ALIGNED for edge in edges)


def _rows(placed: Sequence[dict[int, Piece]], lines: Sequence[Line], width: int) -> Iterator[tuple[str, ...]]:
    gaps = [(before.base - line.base) / line.size for before, line in pairwise(lines)]
    has_wrapped = any(gap <= _WRAPPED for gap in gaps) and any(gap >= _PARTED for gap in gaps)
    row = [""] * width
    for number, columns in enumerate(placed):
        is_near = number > 0 and gaps[number - 1] <= _WRAPPED
        goes_on = is_near and (has_wrapped or 0 not in columns)
        if number and not goes_on:
            yield tuple(row)
            row = [""] * width
        for column, piece in columns.items():
            row[column] = f"{row[column]} {piece.text}".strip()
    yield tuple(row)

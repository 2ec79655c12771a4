"""Tables of an HTML page: which ones hold data, and their cells as rows of equally many columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import zip_longest

from ingest.raw import DroppedKind
from ingest.readers.dom import Tree
from ingest.readers.html_hidden import HEADINGS

__all__ = ["Cell", "Line", "Row", "Table", "data_tables", "lines"]

_MOST_COLUMNS = 20
_MOST_SPANNED_ROWS = 1000
# A longer cell is a text and no label, so it isn't said again in each of the rows that it spans.
_LONGEST_REPEATED = 100
_MOST_REPEATED_CHARACTERS = 500_000
_PARTS = {"thead": 0, "tfoot": 2}
_NUMBER = re.compile(r"\s*(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its node, whether it is a header, and how many columns and rows it spans."""

    index: int
    is_header: bool
    columns: int
    rows: int


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its node, the part of the table that it stands in, and its cells."""

    index: int
    part: str
    cells: list[Cell] = field(default_factory=list)

    @property
    def is_head(self) -> bool:
        """Whether it titles the columns."""
        return self.part == "thead" or (bool(self.cells) and all(cell.is_header for cell in self.cells))


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown: its node, and the text of each column."""

    index: int
    cells: list[str]


@dataclass(slots=True)
class Table:
    """A table: its caption's node and its rows in the order of the page."""

    caption: int | None = None
    rows: list[Row] = field(default_factory=list)
    is_layout: bool = False

    @property
    def is_pairs(self) -> bool:
        """Whether each row says one thing under its own title, and no row titles the columns."""
        return all([cell.is_header for cell in row.cells] == [True, False] for row in self.rows if row.cells)


def data_tables(tree: Tree, dropped: Mapping[int, DroppedKind | None]) -> Mapping[int, Table]:
    """The tables of the page that hold data, by node.

    A table is there for the page's layout only if it says so, holds another table, has one column, has one row and no
    caption, or has headings in its cells and no header cells.
    """
    found: dict[int, Table] = {}
    path: list[int] = []
    index = 0
    while index < len(tree.nodes):
        if index in dropped:
            index = tree.ends[index]
            continue
        while path and index >= tree.ends[path[-1]]:
            path.pop()
        tag = tree.nodes[index].tag
        if tag == "table":
            if path:
                found[path[-1]].is_layout = True
            role = tree.nodes[index].attributes.get("role", "")
            found[index] = Table(is_layout=role in {"presentation", "none"})
            path.append(index)
        elif path:
            _note(found[path[-1]], tree, index)
        index += 1
    kept = {index: table for index, table in found.items() if not table.is_layout and _holds_data(table)}
    for table in kept.values():
        table.rows.sort(key=lambda row: _PARTS.get(row.part, 1))
    return kept


def _note(table: Table, tree: Tree, index: int) -> None:
    node = tree.nodes[index]
    if node.tag == "caption":
        table.caption = index
    elif node.tag == "tr":
        table.rows.append(Row(index, tree.nodes[tree.parents[index]].tag))
    elif node.tag in {"td", "th"} and table.rows:
        spans = [_span(node.attributes.get(name, "")) for name in ("colspan", "rowspan")]
        cell = Cell(index, node.tag == "th", min(spans[0], _MOST_COLUMNS), min(spans[1], _MOST_SPANNED_ROWS))
        table.rows[-1].cells.append(cell)
    elif node.tag in HEADINGS and not any(cell.is_header for row in table.rows for cell in row.cells[:1]):
        table.is_layout = True


def _span(value: str) -> int:
    found = _NUMBER.match(value)
    return max(1, int(found[1])) if found else 1


def _holds_data(table: Table) -> bool:
    rows = [row for row in table.rows if row.cells]
    columns = max((sum(cell.columns for cell in row.cells) for row in rows), default=0)
    return columns > 1 and (len(rows) > 1 or table.caption is not None)


def lines(table: Table, texts: Mapping[int, str]) -> list[Line]:
    """The rows with the texts of their cells by column; `texts` are those of the cells by node.

    What spans several rows is said in each, if it is short. A cell over several columns stands in the first of them.
    Several header rows become one, which says in each column what stands above it.
    """
    heads = [row for row in table.rows if row.is_head]
    is_stacked = len(heads) > 1
    spread = _Spread(texts)
    filled = [(row, spread.line(row, is_repeated=is_stacked and row.is_head)) for row in table.rows]
    if not is_stacked:
        return [Line(row.index, cells) for row, cells in filled]
    above = [cells for row, cells in filled if row.is_head]
    columns = zip_longest(*above, fillvalue="")
    header = [" ".join(dict.fromkeys(text for text in column if text)) for column in columns]
    return [Line(heads[0].index, header), *(Line(row.index, cells) for row, cells in filled if not row.is_head)]


class _Spread:
    """Lays cells out by column, with those that reach down from rows above."""

    def __init__(self, texts: Mapping[int, str]) -> None:
        self._texts = texts
        self._waiting: dict[int, tuple[int, str]] = {}
        self._budget = _MOST_REPEATED_CHARACTERS

    def line(self, row: Row, *, is_repeated: bool) -> list[str]:
        line: list[str] = []
        for cell in row.cells:
            self._from_above(line)
            text = self._texts[cell.index]
            below = text if len(text) <= _LONGEST_REPEATED else ""
            columns = cell.columns if self._spend(cell.columns) else 1
            if cell.rows > 1 and self._budget > 0:
                for offset in range(columns):
                    self._waiting[len(line) + offset] = (cell.rows, "" if offset else below)
            line += [text, *[below * is_repeated] * (columns - 1)]
        self._from_above(line)
        self._waiting = {column: (left - 1, text) for column, (left, text) in self._waiting.items() if left > 1}
        return line

    def _from_above(self, line: list[str]) -> None:
        while len(line) in self._waiting:
            text = self._waiting[len(line)][1]
            if not self._spend(1 + len(text)):
                self._waiting.clear()
                return
            line.append(text)

    def _spend(self, characters: int) -> bool:
        """Whether so much may still be repeated: a few cells can be said to span a million."""
        self._budget -= characters
        return self._budget > 0

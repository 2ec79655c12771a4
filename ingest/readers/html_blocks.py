"""The text of an HTML page as blocks: which words stand together, in what kind of block, and where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.layout import BULLET, CELL_SEPARATOR
from ingest.canonical import has_words
from ingest.raw import Block, BlockKind, Dropped, DroppedKind
from ingest.readers.dom import Node, Tree
from ingest.readers.html_hidden import HEADINGS
from ingest.readers.html_line import Line, Spot
from ingest.readers.html_lists import Numbering
from ingest.readers.html_page import Page, Place, page_label, turns_page
from ingest.readers.html_tables import Table, lines
from ingest.readers.text import parse_text

__all__ = ["Shown", "shown"]

_BLOCKS = (
    frozenset(
        "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption "
        "figure footer form header hgroup hr html legend li listing main menu nav ol optgroup p plaintext pre search "
        "section summary table tbody td tfoot th thead tr ul xmp".split()
    )
    | HEADINGS
)
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_ITEMS = _LISTS | {"li", "dt"}
_PREFORMATTED = frozenset({"pre", "listing", "xmp", "plaintext"})
# What stands on a line of its own beside words, however it is written.
_APART = frozenset({"img", "button", "select", "svg", "video", "audio", "canvas", "iframe", "object", "embed"})
# What is left out of the text and yet can be linked to.
_MARKS = frozenset({"a", "sup"})
_GOES_ON = frozenset({"dd", "p", "div", "section"})
_SPACES = re.compile(r"[ \t\n\r\f]+")
_ENDS_TERM = ".:;?!…–—"
_RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_NUMBER = re.compile(r"[0-9+\-−=()]*[0-9][0-9+\-−=()]*")
_ROW_PARTS = frozenset({"table", "thead", "tbody", "tfoot", "tr"})
_LONGEST_LABEL = 12
_MOST_SHIFTED_NODES = 4


@dataclass(frozen=True, slots=True)
class Shown:
    """The blocks of a page, what was left out, and the spot where it ends."""

    blocks: tuple[Block, ...]
    dropped: tuple[Dropped, ...]
    end: Spot


def shown(tree: Tree, dropped: Mapping[int, DroppedKind | None], place: Place) -> Shown:
    """What a visitor reads of the page, without the nodes `dropped`."""
    page = Page(tree, dropped, place)
    writer = _Writer(page, Line(place.spot))
    writer.write(0)
    return Shown(tuple(writer.blocks), tuple(page.left_out), writer.line.spot)


class _Writer:
    """Walks over nodes in order and writes blocks; nothing recurses but a table's cells, which hold no tables."""

    def __init__(self, page: Page, line: Line) -> None:
        self.blocks: list[Block] = []
        self.line = line
        self._page = page
        self._tree = page.tree
        self._path: list[int] = []
        self._level = 0
        self._preformatted = 0
        self._mark = ""
        self._lead = ""
        self._lists: list[Numbering] = []

    def write(self, start: int) -> None:
        """Writes the node `start`."""
        tree = self._tree
        index = start
        while index < tree.ends[start]:
            self._close_up_to(index)
            if index in self._page.dropped:
                self._leave_out(index)
                index = tree.ends[index]
                continue
            node = tree.nodes[index]
            if not node.tag:
                self._say(node.text)
                index += 1
                continue
            index = self._open(index, node)
        self._close_up_to(tree.ends[start])
        self._flush()

    def _leave_out(self, index: int) -> None:
        self._page.leave_out(index, self.line.spot.page)
        node = self._tree.nodes[index]
        if node.tag in _MARKS:
            self.line.move(self._page.spot_of(node, self.line.spot))
        if node.tag in _APART:
            self.line.add(" ")

    def _say(self, text: str) -> None:
        if self._lead and has_words(text):
            self.line.add(self._lead)
            self._lead = ""
        self.line.add(text if self._preformatted else _SPACES.sub(" ", text))

    def _close_up_to(self, index: int) -> None:
        while self._path and self._tree.ends[self._path[-1]] <= index:
            self._close(self._path.pop())

    def _open(self, index: int, node: Node) -> int:
        """Begins an element; gives the node to go on with."""
        tag = node.tag
        end = self._tree.ends[index]
        if tag in _BLOCKS and not self._leads(tag):
            self._flush()
        if node.attributes and (spot := self._page.spot_of(node, self.line.spot)) != self.line.spot:
            self.line.move(spot)
        if turns_page(node) and self._turn(index):
            return end
        if table := self._page.tables.get(index):
            self._flush()
            self._write_table(index, table)
            return end
        if tag in {"sup", "sub"} and self._shift(index, tag):
            return end
        self._begin(index, node)
        if end > index + 1 or tag in _BLOCKS:
            self._path.append(index)
        return index + 1

    def _turn(self, index: int) -> bool:
        """Turns the page; gives whether what the element shows is no more than the page's label."""
        text = " ".join(self._tree.text(index).split())
        spot = self.line.spot
        if page_label(self._tree.nodes[index]) is None and text and len(text) <= _LONGEST_LABEL:
            self.line.move(Spot(text, spot.fragment))
        is_label = len(text) <= _LONGEST_LABEL
        if is_label and text:
            self._page.left_out.append(Dropped(DroppedKind.PAGE_NUMBER, text, self.line.spot.page))
        return is_label

    def _begin(self, index: int, node: Node) -> None:
        tag = node.tag
        if tag == "br":
            self.line.add("\n")
        elif tag in _APART:
            self.line.add(" ")
        elif tag == "q":
            self.line.add("“")
        elif tag in HEADINGS:
            self._level = int(tag[1])
        elif tag in _PREFORMATTED:
            self._preformatted += 1
        elif tag in _LISTS:
            self._lists.append(Numbering.of(self._tree, index))
        elif tag == "li":
            self._mark = self._lists[-1].mark(node) if self._lists else BULLET

    def _close(self, index: int) -> None:
        tag = self._tree.nodes[index].tag
        if tag == "q":
            self.line.add("”")
        if tag not in _BLOCKS:
            return
        if tag == "dt":
            self._mark = BULLET
            if self._awaits_definition(index):
                return
        if not self._leads(tag):
            self._flush()
        self._end(tag)

    def _end(self, tag: str) -> None:
        if tag in HEADINGS:
            self._level = 0
        elif tag in _PREFORMATTED:
            self._preformatted -= 1
        elif tag in _ITEMS:
            self._mark = ""
        if tag in _LISTS:
            self._lists.pop()

    def _awaits_definition(self, index: int) -> bool:
        """Whether a definition follows the term just gathered, so that the two become one item."""
        tree = self._tree
        following = tree.ends[index]
        while following < tree.ends[tree.parents[index]] and not tree.nodes[following].tag.isalpha():
            following += 1
        is_defined = following < tree.ends[tree.parents[index]] and tree.nodes[following].tag == "dd"
        if not is_defined or following in self._page.dropped or self.line.is_blank():
            return False
        self._lead = " " if self.line.last in _ENDS_TERM else ": "
        return True

    def _leads(self, tag: str) -> bool:
        """Whether the block that begins goes on with the term just gathered, as its definition."""
        return bool(self._lead) and tag in _GOES_ON

    def _shift(self, index: int, tag: str) -> bool:
        """Writes a raised number, or a lowered one after a digit, with digits of its own kind: 10⁶ is not 106."""
        text = self._tree.text(index).strip()
        is_number = self._tree.ends[index] - index <= _MOST_SHIFTED_NODES and _NUMBER.fullmatch(text)
        if not is_number or (tag == "sub" and not self.line.last.isdigit()):
            return False
        self._say(text.translate(_RAISED if tag == "sup" else _LOWERED))
        return True

    def _flush(self) -> None:
        """Ends the block that is being gathered."""
        if self.line.is_blank():
            self.line.clear()
            return
        kind = BlockKind.HEADING if self._level else BlockKind.ITEM if self._mark else BlockKind.PARAGRAPH
        if self._preformatted and kind is not BlockKind.HEADING:
            self.blocks += _plain(self.line, self._mark)
        else:
            self.blocks += self.line.blocks(kind, self._mark if kind is BlockKind.ITEM else "", self._level)
        self.line.clear()
        self._mark = self._lead = ""

    def _write_table(self, index: int, table: Table) -> None:
        """Writes a caption, and a row or a titled item for each row."""
        if table.caption is not None:
            self.blocks += self._inside(table.caption)
        texts: dict[int, str] = {}
        spots: dict[int, Spot] = {}
        part = index
        for row in sorted(table.rows, key=lambda row: row.index):
            above = [up for up in (self._tree.parents[row.index],) if up != part]
            part = self._tree.parents[row.index]
            for node in (*above, row.index):
                self.line.move(self._page.spot_of(self._tree.nodes[node], self.line.spot))
            spot = self.line.spot
            for cell in row.cells:
                blocks = self._inside(cell.index)
                if blocks and not any(texts[before.index] for before in row.cells if before.index < cell.index):
                    spot = Spot(blocks[0].page, blocks[0].fragment)
                texts[cell.index] = " ".join(block.text for block in blocks)
            spots[row.index] = spot
        self._note_dropped_rows(index)
        self.line.clear()
        self.blocks += _rows(table, texts, spots)

    def _inside(self, index: int) -> list[Block]:
        """The blocks of a cell."""
        writer = _Writer(self._page, Line(self.line.spot))
        writer.write(index)
        self.line.move(writer.line.spot)
        return writer.blocks

    def _note_dropped_rows(self, table: int) -> None:
        tree = self._tree
        index = table + 1
        while index < tree.ends[table]:
            is_dropped = index in self._page.dropped
            if is_dropped and tree.nodes[tree.parents[index]].tag in _ROW_PARTS:
                self._page.leave_out(index, self.line.spot.page)
            index = tree.ends[index] if is_dropped else index + 1


def _rows(table: Table, texts: Mapping[int, str], spots: Mapping[int, Spot]) -> list[Block]:
    blocks: list[Block] = []
    for line in lines(table, texts):
        if not has_words("".join(line.cells)):
            continue
        spot = spots[line.index]
        if table.is_pairs:
            text = BULLET + _pair(*line.cells)
            blocks.append(Block(BlockKind.ITEM, text, 0, spot.page, spot.fragment))
        else:
            text = CELL_SEPARATOR.join(line.cells)
            blocks.append(Block(BlockKind.ROW, text, int(not blocks), spot.page, spot.fragment))
    return blocks


def _pair(title: str, value: str) -> str:
    between = " " if title.endswith(tuple(_ENDS_TERM)) else ": "
    return between.join(text for text in (title, value) if text)


def _plain(line: Line, mark: str) -> list[Block]:
    """Preformatted text, read as plain text is; a short line of it is no heading, as the page has its own."""
    blocks: list[Block] = []
    for spot, text in line.paragraphs():
        for block in parse_text(text).blocks:
            is_item = block.kind is BlockKind.PARAGRAPH or block.kind is BlockKind.HEADING
            kind = (BlockKind.ITEM if mark else BlockKind.PARAGRAPH) if is_item else block.kind
            blocks.append(Block(kind, mark * is_item + block.text, 0, spot.page, spot.fragment))
            mark = ""
    return blocks

"""The body of a Word document as blocks: headings, paragraphs, lists with their marks, tables, text boxes and notes."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar
from xml.etree.ElementTree import Element

from corpus.layout import BULLET, CELL_SEPARATOR, ITEM_MARK
from ingest.canonical import has_words
from ingest.raw import Block, BlockKind, Dropped, DroppedKind, IngestError
from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_pages import Pages
from ingest.readers.docx_paragraph import MC, Line, chosen, is_on_top
from ingest.readers.docx_styles import Style, Styles, W, integer, value
from ingest.readers.text import as_item

__all__ = ["Body"]

_OPAQUE = {f"{W}{name}" for name in ("del", "moveFrom", "p", "tbl", "tblGrid", "tblPr", "trPr", "tcPr", "sdtPr")}
_LINES = {BlockKind.ITEM, BlockKind.ROW}
_BODY_LEVEL = 9
_LONGEST_HEADING = 300
_MOST_COLUMNS = 63
_NO_LIST = "0"


@dataclass(slots=True)
class Body:
    """Reads the body once, in its order. `notes` holds the footnotes and endnotes by kind and id."""

    styles: Styles
    numbering: Numbering
    pages: Pages
    notes: Mapping[tuple[str, str], Element]
    dropped: list[Dropped] = field(default_factory=list)
    _fields: list[bool] | None = None
    _fragment: str | None = None
    _noted: list[Block] = field(default_factory=list)
    _joined: list[Element] = field(default_factory=list)
    _has_title: bool = False
    _is_in_note: bool = False

    def read(self, body: Element) -> tuple[Block, ...]:
        """The blocks of a document's body; each note follows the paragraph, the list or the table that refers to it."""
        self._fields = [] if _are_in_order(body.iter(f"{W}fldChar")) else None
        blocks: list[Block] = []
        for new, noted in self._each(body):
            waits = not new or (bool(blocks) and new[0].kind is blocks[-1].kind and new[0].kind in _LINES)
            if waits:
                self._noted = noted + self._noted
            blocks += new if waits else [*noted, *new]
        return (*blocks, *self._noted)

    def words(self, part: Element) -> str:
        """What a header or a footer says."""
        return " ".join(" ".join(block.text for block in self._within(part)).split())

    def _each(self, body: Element) -> Iterator[tuple[list[Block], list[Block]]]:
        """The blocks of each child of the body, and the notes from before that wait for their place."""
        children = list(body)
        for number, child in enumerate(children):
            noted, self._noted = self._noted, []
            new = self._child(child)
            if number == len(children) - 1:
                new += self._left_over()
            yield new, noted

    def _within(self, parent: Element) -> list[Block]:
        outer, self._joined = self._joined, []
        blocks = [block for child in parent for block in self._child(child)] + self._left_over()
        self._joined = outer
        return blocks

    def _child(self, child: Element) -> list[Block]:
        if not isinstance(child.tag, str):
            return []
        if (reader := self._READERS.get(child.tag)) is not None:
            return reader(self, child)
        return [block for part in child for block in self._child(part)]

    def _left_over(self) -> list[Block]:
        """The text of paragraphs whose end was deleted, where none follows that they could be joined to."""
        joined, self._joined = self._joined, []
        return self._told(joined) if joined else []

    def _paragraph(self, paragraph: Element) -> list[Block]:
        self._joined.append(paragraph)
        properties = paragraph.find(f"{W}pPr/{W}rPr")
        if properties is not None and any(properties.find(W + name) is not None for name in ("del", "moveFrom")):
            return []
        return self._left_over()

    def _told(self, paragraphs: list[Element]) -> list[Block]:
        """The blocks of what is seen as one paragraph; its last one says of what kind it is."""
        properties = paragraphs[-1].find(f"{W}pPr")
        style = self.styles.of(properties)
        if is_on_top(properties):
            self.pages.open_page()
        line = Line(self.styles, self.pages, self._fragment, self._fields)
        for paragraph in paragraphs:
            if style.is_hidden:
                line.leave_out(paragraph, DroppedKind.HIDDEN)
            else:
                line.read(paragraph)
        self._fragment = line.fragment
        dropped = list(line.dropped())
        self.dropped += dropped
        blocks = [] if dropped and not has_words(line.text) else self._blocks(line, style, properties)
        for box in line.boxes:
            blocks += self._within(box)
        self._note(line)
        if properties is not None and properties.find(f"{W}sectPr") is not None:
            self.pages.open_section()
        return blocks

    def _blocks(self, line: Line, style: Style, properties: Element | None) -> list[Block]:
        mark = self._mark(style, properties)
        pieces = list(line.pieces())
        if not pieces:
            return []
        if style.is_contents:
            self.dropped.append(Dropped(DroppedKind.NAVIGATION, " ".join(line.text.split()), pieces[0].page))
            return []
        kind, level, opening = self._kind(line.text, style, mark)
        first = pieces[0]
        text = as_item(first.text) or first.text if kind is BlockKind.ITEM and not opening else opening + first.text
        return [
            Block(kind, text, level, first.page, first.fragment),
            *(Block(kind, piece.text, level, piece.page, piece.fragment, continues=True) for piece in pieces[1:]),
        ]

    def _kind(self, text: str, style: Style, mark: str) -> tuple[BlockKind, int, str]:
        """What a paragraph is, the level of a heading, and what is shown before its text."""
        outline = _BODY_LEVEL if style.outline is None else style.outline
        if (style.is_title or outline < _BODY_LEVEL) and len(text) <= _LONGEST_HEADING:
            is_title = style.is_title and outline == _BODY_LEVEL
            self._has_title = self._has_title or is_title
            return (
                BlockKind.HEADING,
                1 if is_title else outline + 1 + self._has_title,
                f"{mark} " if mark.strip("-") else "",
            )
        if mark:
            is_usual = ITEM_MARK.match(f"{mark} x") is not None
            return BlockKind.ITEM, 0, f"{mark} " if is_usual else f"{BULLET}{mark} "
        return BlockKind.ITEM if as_item(text) else BlockKind.PARAGRAPH, 0, ""

    def _mark(self, style: Style, properties: Element | None) -> str:
        if style.numbering in {None, _NO_LIST}:
            return ""
        name = style.numbering or ""
        named = None if properties is None else value(properties.find(f"{W}pStyle"))
        level = self.numbering.level_of(name, named) if style.level is None else style.level
        return self.numbering.mark(name, level)

    def _note(self, line: Line) -> None:
        """Keeps the notes that a paragraph refers to; they stand on its page."""
        if self._is_in_note:
            return
        self._is_in_note = True
        for kind, name in line.notes:
            note = self.notes.get((kind, name))
            self._noted += [] if note is None else self._within(note)
        self._is_in_note = False

    def _table(self, table: Element) -> list[Block]:
        rows = [(row, list(_members(row, "tc"))) for row in _members(table, "tr")]
        if all(len(cells) <= 1 for _, cells in rows):  # a frame around text
            return [block for _, cells in rows for cell in cells for block in self._within(cell)]
        blocks = [block for row, cells in rows for block in self._row(row, cells)]
        return [replace(block, level=int(number == 0)) for number, block in enumerate(blocks)]

    def _row(self, row: Element, cells: list[Element]) -> list[Block]:
        properties = row.find(f"{W}trPr")
        if properties is not None:
            for name, why in (("del", DroppedKind.DELETED), ("hidden", DroppedKind.HIDDEN)):
                if properties.find(W + name) is not None:
                    self._drop(row, why)
                    return []
        before = None if properties is None else integer(value(properties.find(f"{W}gridBefore")), most=_MOST_COLUMNS)
        texts, found = [""] * (before or 0), list[Block]()
        start = furthest = self.pages.number
        for cell in cells:
            self.pages.number = start  # the cells of a row that goes on over a page each say so
            blocks = self._within(cell)
            furthest = max(furthest, self.pages.number)
            found += blocks
            span = integer(value(cell.find(f"{W}tcPr/{W}gridSpan")), most=_MOST_COLUMNS) or 1
            texts += [" ".join(_in_cell(blocks)), *[""] * (span - 1)]
        self.pages.number = furthest
        text = CELL_SEPARATOR.join(texts if before or len(cells) > 1 else texts[:1])
        return [Block(BlockKind.ROW, text, 0, found[0].page, found[0].fragment)] if found else []

    def _drop(self, element: Element, why: DroppedKind) -> None:
        texts = (text.text or "" for text in element.iter(f"{W}t", f"{W}delText"))  # type: ignore[call-arg]  # lxml's
        if has_words(shown := " ".join(" ".join(texts).split())):
            self.dropped.append(Dropped(why, shown, self.pages.label))

    def _control(self, control: Element) -> list[Block]:
        """A content control; a table of contents is one."""
        blocks = [block for content in control.findall(f"{W}sdtContent") for block in self._child(content)]
        gallery = value(control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery"))
        if gallery != "Table of Contents":
            return blocks
        self.dropped += [Dropped(DroppedKind.NAVIGATION, " ".join(block.text.split()), block.page) for block in blocks]
        return []

    def _bookmark(self, bookmark: Element) -> list[Block]:
        line = Line(self.styles, self.pages, self._fragment, self._fields)
        line.mark(bookmark)
        self._fragment = line.fragment
        return []

    def _alternatives(self, element: Element) -> list[Block]:
        best = chosen(element)
        return [] if best is None else [block for part in best for block in self._child(part)]

    def _deleted(self, element: Element) -> list[Block]:
        self._drop(element, DroppedKind.DELETED)
        return []

    def _properties(self, _: Element) -> list[Block]:
        return []

    def _foreign(self, _: Element) -> list[Block]:
        raise IngestError(
            "found another document within the document (altChunk), wanted all text in one; open it in a word "
            "processor and save it again"
        )

    _READERS: ClassVar[Mapping[str, Callable[["Body", Element], list[Block]]]] = {
        f"{W}p": _paragraph,
        f"{W}tbl": _table,
        f"{W}sdt": _control,
        f"{W}bookmarkStart": _bookmark,
        f"{MC}AlternateContent": _alternatives,
        f"{W}del": _deleted,
        f"{W}moveFrom": _deleted,
        f"{W}altChunk": _foreign,
        **dict.fromkeys([f"{W}{name}" for name in ("sectPr", "tcPr", "sdtPr")], _properties),
    }


def _in_cell(blocks: Iterable[Block]) -> Iterator[str]:
    """The texts of what stands in one cell; the rows of a table in it are told apart by spaces only."""
    for block in blocks:
        text = " ".join(block.text.split())
        if has_words(text):
            yield text.replace(CELL_SEPARATOR, " ") if block.kind is BlockKind.ROW else text


def _members(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, in content controls and insertions too."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif isinstance(child.tag, str) and child.tag not in _OPAQUE:
            yield from _members(child, name)


def _are_in_order(marks: Iterable[Element]) -> bool:
    """Whether every field that begins also ends."""
    depth = 0
    for mark in marks:
        depth += {"begin": 1, "end": -1}.get(mark.get(f"{W}fldCharType", ""), 0)
        if depth < 0:
            return False
    return depth == 0

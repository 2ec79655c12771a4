"""Makes Word documents of stories, and knows the page and the bookmark of every sentence."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import docx
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph as Written

from tests.made.text import Items, Paragraph, Part, Story, Table

__all__ = ["MadeDocx", "made_docx", "make_docx"]


@dataclass(frozen=True, slots=True)
class MadeDocx:
    """A Word document, and the page and the bookmark at which each sentence begins."""

    data: bytes
    pages: dict[str, str | None]
    fragments: dict[str, str | None]


def make_docx(story: Story) -> bytes:
    """A Word document of a story: title, headings, lists that are numbered by the program, tables."""
    return made_docx(story).data


def made_docx(story: Story, *, sentences_a_page: int = 0, has_bookmarks: bool = False) -> MadeDocx:
    """A Word document whose layout broke the page after so many sentences (0: it was never laid out)."""
    writer = _Writer(docx.Document(), sentences_a_page)
    for number, chapter in enumerate(story.chapters):
        heading = writer.document.add_heading(level=chapter.level - 1)
        if has_bookmarks:
            writer.fragment = f"chapter_{number}"
            _bookmark(heading, writer.fragment, number)
        heading.add_run(chapter.heading)
        for part in chapter.parts:
            writer.write(part)
    writer.document.core_properties.title = story.title
    data = io.BytesIO()
    writer.document.save(data)
    return MadeDocx(data.getvalue(), writer.pages, writer.fragments)


@dataclass(slots=True)
class _Writer:
    document: Document
    sentences_a_page: int
    pages: dict[str, str | None] = field(default_factory=dict)
    fragments: dict[str, str | None] = field(default_factory=dict)
    fragment: str | None = None
    _page: int = 1
    _on_page: int = 0

    def write(self, part: Part) -> None:
        match part:
            case Paragraph():
                paragraph = self.document.add_paragraph()
                for number, sentence in enumerate(part.sentences):
                    self._say(paragraph, sentence, " " if number else "")
            case Items():
                self._list(part)
            case Table():
                table = self.document.add_table(rows=0, cols=len(part.rows[0]))
                for row in part.rows:
                    for cell, text in zip(table.add_row().cells, row, strict=True):
                        cell.text = text

    def _list(self, items: Items) -> None:
        name = self._new_list() if items.is_numbered else None
        for sentence in items.sentences:
            item = self.document.add_paragraph(style="List Number" if items.is_numbered else "List Bullet")
            if name is not None:
                _number(item, name)
            self._say(item, sentence, "")

    def _say(self, paragraph: Written, sentence: str, before: str) -> None:
        run = paragraph.add_run(before)
        if self.sentences_a_page and self._on_page == self.sentences_a_page:
            self._page, self._on_page = self._page + 1, 0
            run._r.append(OxmlElement("w:lastRenderedPageBreak"))
        self._on_page += 1
        self.pages[sentence] = str(self._page) if self.sentences_a_page else None
        self.fragments[sentence] = self.fragment
        for word in _runs(sentence):
            paragraph.add_run(word)

    def _new_list(self) -> int:
        """The number of a list that counts from one again."""
        numbering = self.document.part.numbering_part.element
        style = self.document.styles["List Number"].element.find(f".//{qn('w:numId')}")
        kind = next(num for num in numbering.num_lst if num.numId == int(style.get(qn("w:val"))))
        num = numbering.add_num(kind.abstractNumId.val)
        num.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(num.numId)


def _runs(sentence: str) -> Iterator[str]:
    """The sentence in runs that end within words too, as Word parts them when it checks spelling."""
    for start in range(0, len(sentence), 11):
        yield sentence[start : start + 11]


def _number(paragraph: Written, name: int) -> None:
    numbers = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbers.get_or_add_ilvl().val = 0
    numbers.get_or_add_numId().val = name


def _bookmark(paragraph: Written, name: str, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        mark.set(qn("w:name"), name)
        paragraph._p.append(mark)

"""On which page of a Word document a text stands, as Word or another program last laid it out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ingest.readers.docx_numbering import count_as
from ingest.readers.docx_styles import W, integer, value

__all__ = ["Pages", "pages_of"]

_IN_PLACE = {"continuous", "nextColumn"}


@dataclass(frozen=True, slots=True)
class _Section:
    """How the pages of a section are numbered; `start` is `None` where the count goes on."""

    start: int | None = None
    format: str = "decimal"
    opens_page: bool = True


@dataclass(slots=True)
class Pages:
    """Counts pages while a document is read in its order. Without any break in it, no page is known.

    A break that the author asked for is followed by a mark of where the layout broke, which is the same break.
    """

    sections: list[_Section]
    are_known: bool
    number: int = 1
    _section: int = 0
    _awaited: int = field(default=0, repr=False)
    _is_used: bool = field(default=False, repr=False)

    @property
    def label(self) -> str | None:
        """The page's number as it is printed; `None` if the document doesn't say where its pages break."""
        if not self.are_known:
            return None
        kind = self.sections[self._section].format if self._section < len(self.sections) else "decimal"
        return count_as(self.number, kind) or str(self.number)

    def write(self) -> None:
        """Notes that the page holds text."""
        self._is_used, self._awaited = True, 0

    def ask_break(self) -> None:
        """A break that stands in the text."""
        self.number += 1
        self._awaited += 1
        self._is_used = False

    def open_page(self) -> None:
        """A paragraph that has to stand at the top of a page."""
        if self._is_used:
            self.ask_break()

    def meet_break(self) -> None:
        """A mark of where the layout broke the page."""
        if self._awaited:
            self._awaited -= 1
        else:
            self.number += 1
            self._is_used = False

    def open_section(self) -> None:
        """The end of a section: the next one has its own way of numbering."""
        self._section += 1
        if self._section < len(self.sections):
            section = self.sections[self._section]
            if section.opens_page:
                self.open_page()
            if section.start is not None:
                self.number = section.start


def pages_of(body: Element) -> Pages:
    """The pages of a document's body, at its beginning."""
    sections = [_section(element) for element in _sections(body)]
    breaks = any(True for _ in body.iter(f"{W}lastRenderedPageBreak")) or any(
        element.get(f"{W}type") == "page" for element in body.iter(f"{W}br")
    )
    first = sections[0].start if sections else None
    return Pages(sections, breaks, 1 if first is None else first)


def _sections(body: Element) -> Iterable[Element]:
    yield from body.iterfind(f".//{W}pPr/{W}sectPr")
    yield from body.findall(f"{W}sectPr")


def _section(element: Element) -> _Section:
    numbers = element.find(f"{W}pgNumType")
    start = None if numbers is None else integer(numbers.get(f"{W}start"))
    kind = "decimal" if numbers is None else numbers.get(f"{W}fmt", "decimal")
    return _Section(start, kind, value(element.find(f"{W}type")) not in _IN_PLACE)

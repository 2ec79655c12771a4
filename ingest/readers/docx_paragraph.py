"""One paragraph of a Word document: what of its runs is seen, and what is left out of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final
from xml.etree.ElementTree import Element

from ingest.canonical import has_words
from ingest.raw import Dropped, DroppedKind
from ingest.readers.docx_pages import Pages
from ingest.readers.docx_styles import Styles, W, flag
from ingest.readers.docx_symbols import M, formula, symbol

__all__ = ["MC", "Line", "Piece", "chosen", "is_on_top"]

MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OPAQUE = {f"{W}{name}" for name in ("pPr", "rPr", "sdtPr", "sdtEndPr", "instrText", "rt", "tblPr", "ffData")}
_SPACES = {f"{W}{name}" for name in ("tab", "ptab", "cr")}
# Word's own bookmarks: where it was last edited, and where a picture of a link was copied from.
_FLEETING = ("_GoBack", "_Hlk")


@dataclass(frozen=True, slots=True)
class Piece:
    """What of a paragraph stands on one page, and the bookmark that it begins at or after."""

    text: str
    page: str | None
    fragment: str | None


@dataclass(slots=True)
class Line:
    """Collects a paragraph's text, the pages that it runs over, its text boxes, its notes and what was left out.

    `fields` are those that are open, outermost first, and whether their results have begun; `None` if the document's
    are in disorder, so that all of their text counts as seen.
    """

    styles: Styles
    pages: Pages
    fragment: str | None
    fields: list[bool] | None
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _is_begun: bool = False
    _breaks: list[tuple[int, str | None]] = field(default_factory=list)
    _begun_at: str | None = None
    _left_out: list[tuple[DroppedKind, list[str], str | None]] = field(default_factory=list)
    _why: DroppedKind | None = None
    _font: str = ""

    @property
    def text(self) -> str:
        """All that is seen."""
        return "".join(self._parts)

    def read(self, parent: Element) -> None:
        """Adds what an element holds; of what is unknown, whatever text is in it."""
        for child in parent:
            tag = child.tag
            if not isinstance(tag, str) or tag in _OPAQUE:
                continue
            reader = self._READERS.get(tag)
            if reader is not None:
                reader(self, child)
            elif tag in _SPACES:
                self.say(" ")
            else:
                self.read(child)

    def leave_out(self, element: Element, why: DroppedKind) -> None:
        """Adds what an element holds to what is left out."""
        outer, self._why = self._why, self._why or why
        self.read(element)
        self._why = outer

    def say(self, text: str) -> None:
        """Adds text that is seen, or that would be, were it not left out."""
        why = self._why or (DroppedKind.HIDDEN if False in (self.fields or ()) else None)
        if why is not None:
            self._drop(text, why)
            return
        if text.strip():
            if not self._is_begun:
                self._begun_at, self._breaks, self._is_begun = self.fragment, [(0, self.pages.label)], True
            self.pages.write()
        self._parts.append(text)
        self._length += len(text)

    def pieces(self) -> Iterator[Piece]:
        """The text, parted where a page ends; a word that two pages share stays whole, on the first."""
        text = self.text
        if not has_words(text):
            return
        bounds: list[tuple[int, str | None]] = []
        for broken, page in self._breaks:
            place = max(broken, bounds[-1][0] if bounds else 0)
            while 0 < place < len(text) and not text[place - 1].isspace() and not text[place].isspace():
                place += 1
            if bounds and not has_words(text[bounds[-1][0] : place]):
                place = bounds.pop()[0]
            bounds.append((place, page))
        if len(bounds) > 1 and not has_words(text[bounds[-1][0] :]):
            bounds.pop()
        ends = [place for place, _ in bounds[1:]] + [len(text)]
        for (place, page), end in zip(bounds, ends, strict=True):
            yield Piece(text[place:end], page, self._begun_at)

    def dropped(self) -> Iterator[Dropped]:
        """What was left out, each run of it once."""
        for why, texts, page in self._left_out:
            if has_words(shown := " ".join("".join(texts).split())):
                yield Dropped(why, shown, page)

    def mark(self, element: Element) -> None:
        """Notes a bookmark: what follows can be reached by it."""
        name = element.get(f"{W}name", "")
        if name and not name.startswith(_FLEETING):
            self.fragment = name

    def _drop(self, text: str, why: DroppedKind) -> None:
        if self._left_out and self._left_out[-1][0] is why:
            self._left_out[-1][1].append(text)
        else:
            self._left_out.append((why, [text], self.pages.label))

    def _run(self, run: Element) -> None:
        properties = run.find(f"{W}rPr")
        fonts = run.find(f"{W}rPr/{W}rFonts")
        self._font = "" if fonts is None else fonts.get(f"{W}ascii", "")
        if self.styles.of(properties, "rStyle").is_hidden:
            self.leave_out(run, DroppedKind.HIDDEN)
        else:
            self.read(run)

    def _said(self, element: Element) -> None:
        text = element.text or ""
        if any("\uf000" <= sign <= "\uf0ff" for sign in text):
            text = "".join(symbol(ord(sign), self._font) if "\uf000" <= sign <= "\uf0ff" else sign for sign in text)
        self.say(text)

    def _symbol(self, element: Element) -> None:
        try:
            code = int(element.get(f"{W}char", ""), 16)
            self.say(symbol(code, element.get(f"{W}font", "")))
        except (ValueError, OverflowError):  # no character
            self.say(" ")

    def _hyphen(self, _: Element) -> None:
        self.say("-")

    def _skipped(self, _: Element) -> None:
        """A soft hyphen, which is seen at a line's end only."""

    def _broken(self, element: Element) -> None:
        self.say(" ")
        if element.get(f"{W}type") == "page" and self._why is None:
            self.pages.ask_break()
            self._breaks.append((self._length, self.pages.label))

    def _laid_out(self, _: Element) -> None:
        if self._why is None:
            self.pages.meet_break()
            self._breaks.append((self._length, self.pages.label))

    def _deleted(self, element: Element) -> None:
        self.leave_out(element, DroppedKind.DELETED)

    def _field(self, element: Element) -> None:
        """A field is its instruction, which isn't seen, and then its result, which is."""
        match element.get(f"{W}fldCharType"):
            case "begin" if self.fields is not None:
                self.fields.append(False)
            case "separate" if self.fields:
                self.fields[-1] = True
            case "end" if self.fields:
                self.fields.pop()

    def _box(self, element: Element) -> None:
        if self._why is None:
            self.boxes.append(element)
        else:
            for text in element.iter(f"{W}t"):
                self.say(f"{text.text or ''} ")

    def _note(self, element: Element) -> None:
        if self._why is None:
            self.notes.append((element.tag.removeprefix(W), element.get(f"{W}id", "")))

    def _alternatives(self, element: Element) -> None:
        if (best := chosen(element)) is not None:
            self.read(best)

    def _formula(self, element: Element) -> None:
        self.say(formula(element))

    _READERS: ClassVar[Mapping[str, Callable[["Line", Element], None]]] = {
        f"{W}t": _said,
        f"{W}delText": _said,
        f"{W}r": _run,
        f"{W}sym": _symbol,
        f"{W}noBreakHyphen": _hyphen,
        f"{W}softHyphen": _skipped,
        f"{W}br": _broken,
        f"{W}lastRenderedPageBreak": _laid_out,
        f"{W}del": _deleted,
        f"{W}moveFrom": _deleted,
        f"{W}fldChar": _field,
        f"{W}bookmarkStart": mark,
        f"{W}txbxContent": _box,
        f"{W}footnoteReference": _note,
        f"{W}endnoteReference": _note,
        f"{MC}AlternateContent": _alternatives,
        f"{M}oMath": _formula,
    }


def chosen(element: Element) -> Element | None:
    """The first of several forms of the same that holds text; they never count twice."""
    forms = [*element.findall(f"{MC}Choice"), *element.findall(f"{MC}Fallback")]
    with_text = (form for form in forms if any(True for _ in form.iter(f"{W}t")))
    return next(with_text, forms[0] if forms else None)


def is_on_top(properties: Element | None) -> bool:
    """Whether a paragraph has to begin a page."""
    return properties is not None and flag(properties.find(f"{W}pageBreakBefore")) is True

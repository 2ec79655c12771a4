"""What the styles of a Word document say of its paragraphs: headings, lists, tables of contents, hidden text.

Elements are lxml's, which have the interface of the standard library's.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

__all__ = ["Style", "Styles", "W", "flag", "integer", "styles_of", "value"]

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Word keeps "heading 1" in whatever language it speaks; other programs write the name of theirs.
_HEADING = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|titlu|kop|rubrik|overskrift|otsikko|nagłówek|nadpis|címsor|başlık"
    r"|заголовок)\s*([1-9])",
    re.IGNORECASE,
)
_TITLE = {"title", "titel", "titre principal", "tytuł", "název"}
_CONTENTS = re.compile(r"(?:toc (?:\d|heading)|contents \d|table of figures)", re.IGNORECASE)
_BODY_LEVEL = 9
_LONGEST_CHAIN = 50


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph or its style says: `None` is what it leaves to the style that it is based on.

    `outline` counts from 0, 9 is body text. `numbering` names a numbered list, `level` the level in it.
    """

    outline: int | None = None
    numbering: str | None = None
    level: int | None = None
    is_hidden: bool | None = None
    is_title: bool = False
    is_contents: bool = False


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles by their ids, with what they inherit, and the one of paragraphs that name none."""

    by_id: Mapping[str, Style]
    default: Style

    def of(self, properties: Element | None, name: str = "pStyle") -> Style:
        """What holds for a paragraph or a run with these properties: its own, then those of its style."""
        if properties is None:
            return self.default if name == "pStyle" else Style()
        default = self.default if name == "pStyle" else Style()
        base = self.by_id.get(value(properties.find(W + name)) or "", default)
        return _over(_stated(properties), base)


def styles_of(root: Element | None) -> Styles:
    """The styles of a part of styles; none of a document that has no such part."""
    elements = {} if root is None else {style.get(f"{W}styleId", ""): style for style in root.findall(f"{W}style")}
    by_id = {name: _inherited(name, elements) for name in elements}
    defaults = (
        name
        for name, style in elements.items()
        if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in {"1", "true"}
    )
    return Styles(by_id, by_id.get(next(defaults, ""), Style()))


def value(element: Element | None) -> str | None:
    """The `w:val` of an element that may not be there."""
    return None if element is None else element.get(f"{W}val")


def flag(element: Element | None) -> bool | None:
    """Whether a switch is on; `None` if it isn't there."""
    return None if element is None else value(element) not in {"0", "false", "off"}


def integer(text: str | None, *, most: int = 32767) -> int | None:
    """The number that `text` states, if it is one from 0 to `most`."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 6:  # noqa: PLR2004 - "032767" at most
        return None
    return min(int(text), most)


def _inherited(name: str, elements: Mapping[str, Element]) -> Style:
    style = Style()
    for element in _chain(name, elements):
        style = _over(style, _named(element))
    return style


def _chain(name: str, elements: Mapping[str, Element]) -> Iterator[Element]:
    """The style and those that it is based on, nearest first; a circle is walked once."""
    for _ in range(_LONGEST_CHAIN):
        if name not in elements:
            return
        yield elements[name]
        name = value(elements[name].find(f"{W}basedOn")) or ""


def _named(element: Element) -> Style:
    """What a style says by itself: by its properties, or else by a name that everyone uses."""
    name = (value(element.find(f"{W}name")) or element.get(f"{W}styleId") or "").strip()
    stated = _stated(element.find(f"{W}pPr"))
    hidden = flag(element.find(f"{W}rPr/{W}vanish"))
    outline = stated.outline
    if outline is None and (heading := _HEADING.fullmatch(name)):
        outline = int(heading[1]) - 1
    is_contents = _CONTENTS.fullmatch(name) is not None
    return Style(outline, stated.numbering, stated.level, hidden, name.lower() in _TITLE, is_contents)


def _stated(properties: Element | None) -> Style:
    if properties is None:
        return Style()
    return Style(
        integer(value(properties.find(f"{W}outlineLvl")), most=_BODY_LEVEL),
        value(properties.find(f"{W}numPr/{W}numId")),
        integer(value(properties.find(f"{W}numPr/{W}ilvl")), most=8),
        flag(properties.find(f"{W}vanish")),
    )


def _over(nearer: Style, farther: Style) -> Style:
    return Style(
        farther.outline if nearer.outline is None else nearer.outline,
        farther.numbering if nearer.numbering is None else nearer.numbering,
        farther.level if nearer.level is None else nearer.level,
        farther.is_hidden if nearer.is_hidden is None else nearer.is_hidden,
        nearer.is_title or farther.is_title,
        nearer.is_contents or farther.is_contents,
    )

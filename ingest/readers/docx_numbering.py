"""The marks of a Word document's lists, counted as Word counts them: the file holds only what kind each list is."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from ingest.readers.docx_styles import W, integer, value

__all__ = ["BULLET_FORMAT", "Numbering", "count_as", "numbering_of"]

BULLET_FORMAT = "bullet"
_BULLET = "-"
_DEEPEST = 8
_PLACEHOLDER = re.compile(r"%([1-9])")
_LONGEST_MARK = 40
_MOST_LETTERS = 260
_MOST_ROMAN = 3999
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list is counted; `restart` is the level, from 1, whose count starts it again (0: none does)."""

    start: int = 0
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    is_legal: bool = False
    style: str | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """A list as paragraphs name it: what it counts with, its levels, and those that it starts anew."""

    counter: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]


@dataclass(slots=True)
class Numbering:
    """The lists of a document by the names that paragraphs use, and how far each has been counted."""

    kinds: Mapping[str, _Kind]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def mark(self, name: str, level: int) -> str:
        """Counts one paragraph of the list and gives its mark: "-" for a bullet, "" for none, else as it is shown."""
        kind = self.kinds.get(name)
        if kind is None or level not in kind.levels:
            return ""
        counts = self._counted(kind, name, level)
        shown = kind.levels[level]
        if shown.format == BULLET_FORMAT:
            return _BULLET
        if shown.format == "none":
            return ""
        return _PLACEHOLDER.sub(lambda found: _counted_as(found, counts, kind, shown), shown.text).strip()[
            :_LONGEST_MARK
        ]

    def level_of(self, name: str, style: str | None) -> int:
        """The level of a list that is tied to a paragraph style."""
        kind = self.kinds.get(name)
        levels = () if kind is None or style is None else kind.levels.items()
        return next((number for number, level in levels if level.style == style), 0)

    def _counted(self, kind: _Kind, name: str, level: int) -> dict[int, int]:
        counts = self._counts.setdefault(kind.counter, {})
        is_first = (name, level) not in self._begun
        self._begun.add((name, level))
        if is_first and level in kind.starts:
            counts[level] = kind.starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else kind.levels[level].start
        for deeper in [number for number in counts if number > level]:
            restart = kind.levels[deeper].restart if deeper in kind.levels else None
            if restart is None or level < restart:
                del counts[deeper]
        for higher in range(level):
            counts.setdefault(higher, kind.levels[higher].start if higher in kind.levels else 1)
        return counts


def numbering_of(root: Element | None) -> Numbering:
    """The lists of a part of numbering; none of a document that has no such part."""
    if root is None:
        return Numbering({})
    abstract = root.findall(f"{W}abstractNum")
    linked = {value(kind.find(f"{W}styleLink")): kind for kind in abstract}
    levels: dict[str, Mapping[int, _Level]] = {}
    for kind in abstract:
        meant = linked.get(value(kind.find(f"{W}numStyleLink")) or "", kind)
        levels[kind.get(f"{W}abstractNumId", "")] = _levels(meant.findall(f"{W}lvl"))
    return Numbering(dict(_kinds(root, levels)))


def count_as(number: int, kind: str) -> str:
    """`number` in one of Word's formats; in digits, where the format is none that is known."""
    match kind:
        case "lowerLetter" | "upperLetter" if 0 < number <= _MOST_LETTERS:
            letters = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
            return letters.upper() if kind == "upperLetter" else letters
        case "lowerRoman" | "upperRoman" if 0 < number <= _MOST_ROMAN:
            return _roman(number).upper() if kind == "upperRoman" else _roman(number)
        case "decimalZero":
            return f"{number:02d}"
        case "none":
            return ""
    return str(number)


def _kinds(root: Element, levels: Mapping[str, Mapping[int, _Level]]) -> Iterator[tuple[str, _Kind]]:
    for number in root.findall(f"{W}num"):
        counter = value(number.find(f"{W}abstractNumId")) or ""
        own: dict[int, _Level] = dict(levels.get(counter, {}))
        starts: dict[int, int] = {}
        for override in number.findall(f"{W}lvlOverride"):
            own |= _levels(override.findall(f"{W}lvl"))
            level = integer(override.get(f"{W}ilvl"), most=_DEEPEST)
            start = integer(value(override.find(f"{W}startOverride")))
            if level is not None and start is not None:
                starts[level] = start
        yield number.get(f"{W}numId", ""), _Kind(counter, own, starts)


def _levels(elements: list[Element]) -> dict[int, _Level]:
    return {
        integer(element.get(f"{W}ilvl"), most=_DEEPEST) or 0: _Level(
            integer(value(element.find(f"{W}start"))) or 0,
            value(element.find(f"{W}numFmt")) or "decimal",
            value(element.find(f"{W}lvlText")) or "",
            integer(value(element.find(f"{W}lvlRestart"))),
            element.find(f"{W}isLgl") is not None,
            value(element.find(f"{W}pStyle")),
        )
        for element in elements
    }


def _counted_as(found: re.Match[str], counts: Mapping[int, int], kind: _Kind, shown: _Level) -> str:
    level = int(found[1]) - 1
    way = kind.levels[level].format if level in kind.levels and not shown.is_legal else "decimal"
    return count_as(counts.get(level, 1), way)


def _roman(number: int) -> str:
    shown = ""
    for size, sign in _ROMAN:
        shown += sign * (number // size)
        number %= size
    return shown

"""The marks of list items as a browser shows them."""

import re
from dataclasses import dataclass

from corpus.layout import BULLET
from ingest.readers.dom import Node, Tree

__all__ = ["Numbering"]

_INTEGER = re.compile(r"\s*([+-]?\d{1,9})(?!\d)")
_LARGEST_MARK = 999
_LARGEST_ROMAN = 3999
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(slots=True)
class Numbering:
    """The number of a list's next item, by how much it grows, and the kind of its marks; no kind is a bullet."""

    following: int
    step: int
    kind: str

    @classmethod
    def of(cls, tree: Tree, index: int) -> "Numbering":
        """The numbering of the list at node `index`."""
        node = tree.nodes[index]
        if node.tag != "ol":
            return cls(0, 0, "")
        is_reversed = "reversed" in node.attributes
        first = sum(tree.nodes[child].tag == "li" for child in tree.children(index)) if is_reversed else 1
        start = _integer(node.attributes.get("start", ""))
        return cls(first if start is None else start, -1 if is_reversed else 1, node.attributes.get("type", "") or "1")

    def mark(self, item: Node) -> str:
        """The mark of the next item with the space after it: `corpus.layout` knows bullets and numbers up to 999."""
        if not self.kind:
            return BULLET
        value = _integer(item.attributes.get("value", ""))
        number = self.following if value is None else value
        self.following = number + self.step
        shown = _shown(number, item.attributes.get("type", "") or self.kind)
        is_plain = shown.isdigit() and number <= _LARGEST_MARK
        return f"{shown}. " if is_plain else f"{BULLET}{shown}. "


def _integer(value: str) -> int | None:
    found = _INTEGER.match(value)
    return int(found[1]) if found else None


def _shown(number: int, kind: str) -> str:
    if kind in {"a", "A"} and number > 0:
        letters = _letters(number)
        return letters if kind == "a" else letters.upper()
    if kind in {"i", "I"} and 0 < number <= _LARGEST_ROMAN:
        roman = _roman(number)
        return roman if kind == "i" else roman.upper()
    return str(number)


def _letters(number: int) -> str:
    """1 is a, 26 is z, 27 is aa."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("a") + rest) + letters
    return letters


def _roman(number: int) -> str:
    roman = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        roman += sign * count
    return roman

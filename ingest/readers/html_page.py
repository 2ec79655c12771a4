"""An HTML page while its blocks are written: its tables, where its words stand, and what was left out of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.canonical import has_words
from ingest.raw import Dropped, DroppedKind
from ingest.readers.dom import Node, Tree
from ingest.readers.html_hidden import SILENT
from ingest.readers.html_line import NOWHERE, Spot
from ingest.readers.html_tables import data_tables

__all__ = ["Page", "Place", "page_label", "turns_page"]

_PAGE_TURN = frozenset({"pagebreak", "doc-pagebreak"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page or a chapter begins. Fragments are ids after `prefix`; `pages` are labels by id."""

    spot: Spot = NOWHERE
    prefix: str = ""
    pages: Mapping[str, str] | None = None


class Page:
    """What writers of the page and of its tables' cells share."""

    def __init__(self, tree: Tree, dropped: Mapping[int, DroppedKind | None], place: Place) -> None:
        self.tree = tree
        self.dropped = dropped
        self.tables = data_tables(tree, dropped)
        self.place = place
        self.left_out: list[Dropped] = []

    def leave_out(self, index: int, page: str | None) -> None:
        """Notes the words of a dropped node."""
        kind = self.dropped[index]
        words = [] if kind is None else self._words(index)
        if kind is not None and has_words(text := " ".join(" ".join(words).split())):
            self.left_out.append(Dropped(kind, text, page))

    def _words(self, index: int) -> list[str]:
        words: list[str] = []
        at = index
        while at < self.tree.ends[index]:
            node = self.tree.nodes[at]
            words.append(node.text)
            at = self.tree.ends[at] if node.tag in SILENT else at + 1
        return words

    def spot_of(self, node: Node, spot: Spot) -> Spot:
        """Where the words after the beginning of `node` stand, if it can be linked to or turns a page."""
        anchor = node.attributes.get("id") or (node.attributes.get("name") if node.tag == "a" else None)
        label = page_label(node) or (self.place.pages.get(anchor) if anchor and self.place.pages else None)
        fragment = self.place.prefix + anchor if anchor else spot.fragment
        return Spot(label or spot.page, fragment)


def page_label(node: Node) -> str | None:
    """The label of the page that a break in an electronic book says begins here."""
    if not turns_page(node):
        return None
    label = node.attributes.get("aria-label") or node.attributes.get("title") or ""
    return " ".join(label.split()).rstrip(".") or None


def turns_page(node: Node) -> bool:
    """Whether a page of an electronic book begins at the node."""
    if not node.attributes:
        return False
    kinds = f"{node.attributes.get('epub:type', '')} {node.attributes.get('role', '')}".split()
    return bool(_PAGE_TURN.intersection(kinds))

"""HTML as a flat tree: the only door to selectolax. Nothing here recurses, however deep the page is nested."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ingest.readers.html_source import tamed

__all__ = ["Node", "Tree", "parse"]

_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Node:
    """An element, or a text, whose tag is empty."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A page's nodes in document order. Node `i` holds the nodes from `i + 1` up to `ends[i]`; node 0 is the root."""

    nodes: tuple[Node, ...]
    ends: tuple[int, ...]
    parents: tuple[int, ...]

    def children(self, index: int) -> Iterator[int]:
        """The nodes right under `index`."""
        child = index + 1
        while child < self.ends[index]:
            yield child
            child = self.ends[child]

    def ancestors(self, index: int) -> Iterator[int]:
        """The nodes that hold `index`, innermost first."""
        while index > 0:
            index = self.parents[index]
            yield index

    def text(self, index: int) -> str:
        """All characters in node `index`."""
        return "".join(node.text for node in self.nodes[index : self.ends[index]])


def parse(text: str, *, xml: bool = False) -> Tree:
    """The page as a browser would build it; comments go. `xml` says that it is written as XHTML.

    Raises:
        IngestError: if it has more tags than a page can have.
    """
    parsed = LexborHTMLParser(tamed(text, xml=xml))
    nodes: list[Node] = []
    ends: list[int] = []
    parents: list[int] = []
    path: list[int] = []
    current = parsed.root
    while current is not None:
        number = len(nodes)
        nodes.append(_node(current))
        ends.append(number + 1)
        parents.append(path[-1] if path else 0)
        following = current.first_child
        if following is not None:
            path.append(number)
        else:
            following = current.next
        while following is None and path:
            ends[path.pop()] = len(nodes)
            parent = current.parent
            if parent is None or not path:
                break
            current = parent
            following = current.next
        current = following
    return Tree(tuple(nodes), tuple(ends), tuple(parents))


def _node(node: LexborNode) -> Node:
    tag = node.tag
    if tag == "-text":
        return Node("", _NOTHING, node.text_content or "")
    if tag is None or tag.startswith("-"):
        return Node("-", _NOTHING)
    return Node(tag, {name: value or "" for name, value in node.attributes.items()} or _NOTHING)

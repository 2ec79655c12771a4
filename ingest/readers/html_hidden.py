"""Which parts of an HTML document nobody reads as text: hidden, struck out, controls, marks of notes and links."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ingest.raw import DroppedKind
from ingest.readers.dom import Node, Tree

__all__ = ["HEADINGS", "SILENT", "Dropped", "hidden", "inside", "left", "tokens"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Elements whose words no browser shows.
SILENT = frozenset(
    "- head script style template noscript iframe object embed canvas audio video noembed noframes rp "
    "annotation annotation-xml datalist area map param source track".split()
)
_CONTROLS = frozenset("input select textarea button label progress meter optgroup option".split())
_KINDS: Mapping[str, DroppedKind] = {
    **dict.fromkeys(_CONTROLS, DroppedKind.CONTROL),
    **dict.fromkeys(("del", "s", "strike"), DroppedKind.DELETED),
    "rt": DroppedKind.PRONUNCIATION,
    "rtc": DroppedKind.PRONUNCIATION,
    "svg": DroppedKind.PICTURE,
    "dialog": DroppedKind.HIDDEN,
    "nav": DroppedKind.NAVIGATION,
}
_ROLES: Mapping[str, DroppedKind] = {
    **dict.fromkeys(
        "navigation search menu menubar toolbar contentinfo doc-toc doc-backlink".split(),
        DroppedKind.NAVIGATION,
    ),
    **dict.fromkeys(
        "tablist button checkbox combobox listbox option radio searchbox slider spinbutton switch textbox".split(),
        DroppedKind.CONTROL,
    ),
    "alertdialog": DroppedKind.HIDDEN,
    "dialog": DroppedKind.HIDDEN,
    "doc-noteref": DroppedKind.NOTE_MARK,
    "tooltip": DroppedKind.HIDDEN,
}
_HIDING_STYLE = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_CLICKED_TITLES = HEADINGS | {"summary", "dt"}
_PERMALINKS = frozenset("headerlink permalink anchorjs editsection anchorlink headinganchor".split())
# What links to a heading, a note's mark or the top are written with.
_LINK_SIGNS = " \t\n¶#§↩↵⏎↑⇧⤴^🔗🔖\ufe0e\ufe0f"
_LONGEST_MARK = 6
_MOST_MARK_NODES = 10
_MOST_TITLE_NODES = 50
_SKIP = re.compile(
    r"(?:skip|jump) (?:straight |directly )?to (?:the )?(?:main |page )?(?:content|navigation|menu|search|footer)\W*"
    r"|skip (?:navigation|links?|repeated .{0,40})\W*|(?:direkt )?zum (?:haupt)?inhalt.{0,20}"
    r"|(?:aller|passer) au contenu.{0,20}|(?:ir|saltar|pular) (?:al|para o) (?:contenido|conteúdo).{0,20}"
    r"|vai al contenuto.{0,20}|(?:naar de inhoud|hoppa till innehåll|przejdź do treści).{0,20}",
    re.IGNORECASE,
)
_TO_TOP = re.compile(r"\W*(?:go |return )?(?:back )?to (?:the )?top(?: of (?:the )?page)?\W*", re.IGNORECASE)
Dropped = dict[int, DroppedKind | None]


def hidden(tree: Tree) -> Dropped:
    """The nodes that no visitor reads as text, and why; `None` for those that hold nothing that is shown."""
    dropped: Dropped = {}
    opened = _opened_by_controls(tree)
    # A page behind a dialog is hidden from screen readers for as long as that is open, and may be saved so.
    titles = [index for index, node in enumerate(tree.nodes) if node.tag in {"h1", "main"}]
    for index in left(tree, dropped):
        node = tree.nodes[index]
        if node.tag in SILENT:
            dropped[index] = None
        elif kind := _kind(tree, index, opened, titles):
            dropped[index] = kind
    return dropped


def left(tree: Tree, dropped: Mapping[int, DroppedKind | None]) -> Iterator[int]:
    """The nodes in order, without those dropped; what is dropped meanwhile is left out, too."""
    index = 0
    while index < len(tree.nodes):
        if index in dropped:
            index = tree.ends[index]
            continue
        yield index
        index = tree.ends[index] if index in dropped else index + 1


def inside(tree: Tree, index: int, tags: frozenset[str]) -> bool:
    """Whether the node stands in an element of one of the `tags`."""
    return any(tree.nodes[above].tag in tags for above in tree.ancestors(index))


def tokens(node: Node) -> frozenset[str]:
    """The words of the names that the page's makers gave the node."""
    attributes = node.attributes
    return _words_of(f"{attributes.get('id', '')} {attributes.get('class', '')} {attributes.get('aria-label', '')}")


@lru_cache(maxsize=4096)
def _words_of(names: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", names).lower()))


def _holds_any(tree: Tree, index: int, indices: Sequence[int]) -> bool:
    following = bisect_left(indices, index)
    return following < len(indices) and indices[following] < tree.ends[index]


def _kind(tree: Tree, index: int, opened: frozenset[str], titles: Sequence[int]) -> DroppedKind | None:
    """Why no visitor reads this node as text, or None."""
    node = tree.nodes[index]
    attributes = node.attributes
    if not attributes and node.tag not in _KINDS and node.tag != "sup":
        return None
    is_decoration = attributes.get("aria-hidden", "").lower() == "true" and not _holds_any(tree, index, titles)
    if is_decoration or (_is_hidden(node) and attributes.get("id", "") not in opened):
        return DroppedKind.HIDDEN
    if node.tag in {"sup", "a"}:
        return _mark(tree, index)
    kind = _KINDS.get(node.tag) or _ROLES.get(attributes.get("role", "").lower())
    is_kept = node.tag in {"html", "body", "main"} or (kind is DroppedKind.CONTROL and _is_title(tree, index))
    return None if is_kept else kind


def _is_title(tree: Tree, index: int) -> bool:
    """Whether the control is how a title is clicked on; a label that belongs to no form titles something, too."""
    for above in tree.ancestors(index):
        if tree.nodes[above].tag in _CLICKED_TITLES:
            is_long = tree.ends[above] - above > _MOST_TITLE_NODES
            return is_long or 2 * len(tree.text(index).strip()) >= len(tree.text(above).strip())
    return tree.nodes[index].tag == "label" and not inside(tree, index, frozenset({"form"}))


def _is_hidden(node: Node) -> bool:
    attributes = node.attributes
    if node.tag in {"html", "body"}:
        return False
    return ("hidden" in attributes and attributes["hidden"].lower() != "until-found") or (
        "style" in attributes and _HIDING_STYLE.search(attributes["style"]) is not None
    )


def _opened_by_controls(tree: Tree) -> frozenset[str]:
    """The ids of parts that a visitor opens with a button that says so: they belong to the text."""
    return frozenset(
        opened
        for node in tree.nodes
        if "aria-controls" in node.attributes
        and ("aria-expanded" in node.attributes or node.attributes.get("role") == "tab")
        for opened in node.attributes["aria-controls"].split()
    )


def _mark(tree: Tree, index: int) -> DroppedKind | None:
    """Whether a link, or what stands raised, is the mark of a note, a link to itself, to the top or over the menu."""
    node = tree.nodes[index]
    link = node if node.tag == "a" else next((tree.nodes[child] for child in tree.children(index)), node)
    target = link.attributes.get("href", "")
    kind = f"{link.attributes.get('epub:type', '')} {link.attributes.get('role', '')}"
    if node.tag == "sup" or "noteref" in kind:
        is_short = tree.ends[index] - index <= _MOST_MARK_NODES and len(tree.text(index).strip()) <= _LONGEST_MARK
        is_mark = is_short and ("noteref" in kind or (link.tag == "a" and "#" in target))
        return DroppedKind.NOTE_MARK if is_mark else None
    if not target.startswith("#") or tree.ends[index] - index > _MOST_MARK_NODES:
        return None
    text = tree.text(index).strip()
    is_link_of_page = not text.strip(_LINK_SIGNS) or _SKIP.fullmatch(text) or _TO_TOP.fullmatch(text)
    return DroppedKind.NAVIGATION if is_link_of_page or tokens(node) & _PERMALINKS else None

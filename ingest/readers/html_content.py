"""Which parts of an HTML page are its text, and which are navigation, banners, controls or hidden from its visitors.

In doubt a part is kept: a quote never shows a menu because somebody asks about it, but words that are lost stay lost.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ingest.raw import DroppedKind
from ingest.readers.dom import Node, Tree
from ingest.readers.html_hidden import HEADINGS, Dropped, hidden, inside, left, tokens

__all__ = ["content"]

# A header or footer in one of these belongs to it and not to the page.
_SECTIONS = frozenset("article aside main section blockquote details dialog fieldset figure nav td".split())
_COOKIES = frozenset("cookie cookies cookiebanner cookieconsent cookienotice gdpr ccpa".split())
_CONSENT_TOOLS = frozenset(
    "onetrust cookiebot cookieconsent cookiebanner cookienotice usercentrics didomi truste trustarc osano klaro "
    "cookieyes cmplz borlabs iubenda".split()
)
_COMMENTS = frozenset("comments-area comments-wrapper comment-list commentlist comment-respond disqus_thread".split())
_SHARE = frozenset("share sharing social sharedaddy addtoany".split())
_MOST_SHARE_WORDS = 30
_MOST_UNLINKED_WORDS = 6
_ACTIVE = frozenset({"button", "input", "nav"})
_TITLES = frozenset({"h1", "main"})
_LINK_LISTS = frozenset(
    "nav navbar navbars navheader navfooter navigation "
    "menu sidebar breadcrumb breadcrumbs toc pagination pager related share sharing social "
    "sitemap footer header masthead topbar".split()
)
_MOST_COOKIE_WORDS = 300
_MOST_FORM_WORDS = 60
_LINK_SHARE = 0.6
_HALF = 0.5
_FEWEST_CONTENTS = 3
_NAMED = frozenset("div section p ul ol dl table td".split())
_WORD = re.compile(r"\w+")
_Rule = Callable[["_Page", int], DroppedKind | None]


def content(tree: Tree) -> Mapping[int, DroppedKind | None]:
    """The nodes whose words are left out, and why; `None` for those that hold nothing that is shown."""
    unread = hidden(tree)
    dropped = dict(unread)
    page = _Page.of(tree, dropped)
    if _choose_main(page):
        page = _Page.of(tree, dropped)
    title = page.only_title()
    for index in page.left():
        _drop_page_part(page, index, title)
    return dropped if any(_WORD.search(tree.nodes[index].text) for index in page.left()) else unread


@dataclass(frozen=True, slots=True)
class _Page:
    """A page with what stands in it before each node, so that asking how much a node holds takes no time."""

    tree: Tree
    dropped: Dropped
    words: Sequence[int]
    linked: Sequence[int]
    links: Sequence[int]
    local_links: Sequence[int]
    controls: Sequence[int]
    titles: Sequence[int]
    cookies: Sequence[int]

    @classmethod
    def of(cls, tree: Tree, dropped: Dropped) -> "_Page":
        """The page as it is without the nodes that are dropped already; words of links are counted as `linked`."""
        counts = [[0] * len(tree.nodes) for _ in range(7)]
        words, linked, links, local_links, controls, titles, cookies = counts
        link_end = 0
        for index in left(tree, dropped):
            node = tree.nodes[index]
            if node.text:
                words[index] = len(_WORD.findall(node.text))
                linked[index] = words[index] if index < link_end else 0
                cookies[index] = "cookie" in node.text.casefold()
            elif node.tag == "a" and "href" in node.attributes:
                link_end = max(link_end, tree.ends[index])
                links[index] = 1
                local_links[index] = node.attributes["href"].startswith("#")
            titles[index] = node.tag in _TITLES
        for index, node in enumerate(tree.nodes):
            controls[index] = node.tag in _ACTIVE or node.attributes.get("role") == "button"
        return cls(tree, dropped, *(tuple(accumulate(count, initial=0)) for count in counts))

    def left(self) -> Iterator[int]:
        """The nodes that are not dropped, in order."""
        return left(self.tree, self.dropped)

    def count(self, index: int, counts: Sequence[int] | None = None) -> int:
        """How many words, or what else `counts` counts, stand in the node."""
        counts = self.words if counts is None else counts
        return counts[self.tree.ends[index]] - counts[index]

    def link_share(self, index: int) -> float:
        """The share of the node's words that are in links."""
        return self.count(index, self.linked) / (self.count(index) or 1)

    def is_bulk(self, index: int) -> bool:
        """Whether more than half of the page stands in the node."""
        return self.count(index) > _HALF * self.words[-1]

    def only_title(self) -> int | None:
        """The page's heading of level 1 with words, if there is just one."""
        found = [index for index in self.left() if self.tree.nodes[index].tag == "h1" and self.count(index)]
        return found[0] if len(found) == 1 else None


def _choose_main(page: _Page) -> bool:
    """Leaves out what stands around the page's main part; gives whether it has one."""
    tree = page.tree
    mains = _outermost(tree, [index for index in page.left() if _is_main(tree.nodes[index]) and page.count(index)])
    if not mains:
        articles = _outermost(tree, [index for index in page.left() if tree.nodes[index].tag == "article"])
        mains = articles if len(articles) == 1 and page.is_bulk(articles[0]) else []
    if len(mains) == 1:
        title = page.only_title()
        is_kept = title is not None and not inside(tree, title, frozenset({"aside", "footer"}))
        _drop_around(page, 0, [*mains, title] if title is not None and is_kept else mains)
    return len(mains) == 1


def _outermost(tree: Tree, indices: list[int]) -> list[int]:
    """Those of the nodes, which are in order, that none of the others holds."""
    found: list[int] = []
    for index in indices:
        if not found or index >= tree.ends[found[-1]]:
            found.append(index)
    return found


def _is_main(node: Node) -> bool:
    return node.tag == "main" or node.attributes.get("role", "").lower() == "main"


def _drop_around(page: _Page, top: int, kept: list[int]) -> None:
    """Leaves out the nodes in `top` that neither are nor hold nor lie in one of the `kept`."""
    tree = page.tree
    paths = {above for index in kept for above in tree.ancestors(index)}
    index = top + 1
    while index < tree.ends[top]:
        if index in kept:
            index = tree.ends[index]
        elif index in paths:
            index += 1
        else:
            if index not in page.dropped:
                page.dropped[index] = _cookie_banner(page, index) or DroppedKind.NAVIGATION
            index = tree.ends[index]


def _drop_page_part(page: _Page, index: int, title: int | None) -> None:
    """Leaves the node out if it is a menu, a banner or a form, and not the bulk of the page."""
    node = page.tree.nodes[index]
    if not node.tag or node.tag in HEADINGS or not page.count(index) or page.is_bulk(index):
        return
    if node.tag in {"header", "footer"}:
        _drop_page_edge(page, index, title)
        return
    kind = next((kind for rule in _RULES if (kind := rule(page, index))), None)
    if kind is not None:
        page.dropped[index] = kind


def _drop_page_edge(page: _Page, index: int, title: int | None) -> None:
    """Leaves out the page's own footer, and of a header that holds links or controls all but the page's title."""
    around = [page.tree.nodes[above] for above in page.tree.ancestors(index)]
    if any(node.tag in _SECTIONS or _is_main(node) for node in around):
        return
    is_menu = page.count(index, page.linked) > 0 or page.count(index, page.controls) > 0
    if page.tree.nodes[index].tag == "footer" or is_menu:
        is_titled = title is not None and index < title < page.tree.ends[index]
        if title is not None and is_titled:
            _drop_around(page, index, [title])
        else:
            page.dropped[index] = DroppedKind.NAVIGATION


def _cookie_banner(page: _Page, index: int) -> DroppedKind | None:
    """A small part that is named after cookies, and either asks for a click or was made by a tool for consent."""
    names = tokens(page.tree.nodes[index])
    if not names & (_COOKIES | _CONSENT_TOOLS) or page.count(index) > _MOST_COOKIE_WORDS:
        return None
    asks = page.count(index, page.controls) or page.count(index, page.links)
    is_banner = names & _CONSENT_TOOLS or (asks and page.count(index, page.cookies))
    return DroppedKind.COOKIES if is_banner and not page.count(index, page.titles) else None


def _menu(page: _Page, index: int) -> DroppedKind | None:
    """A part named like a menu, or set aside, of which most words are links; a list of the page's own headings."""
    node = page.tree.nodes[index]
    is_aside = node.tag == "aside" or node.attributes.get("role") in {"complementary", "banner"}
    is_named = is_aside or (node.tag in _NAMED and bool(tokens(node) & _LINK_LISTS))
    links = page.count(index, page.links)
    is_contents = (
        node.tag in {"ul", "ol"}
        and links >= _FEWEST_CONTENTS
        and links == page.count(index, page.local_links)
        and page.link_share(index) == 1
    )
    is_menu = is_contents or (is_named and page.link_share(index) >= _LINK_SHARE)
    return DroppedKind.NAVIGATION if is_menu else None


def _share(page: _Page, index: int) -> DroppedKind | None:
    """Buttons to pass the page on, with a few words around them such as "Share this page:"."""
    words, linked = page.count(index), page.count(index, page.linked)
    is_small = words <= _MOST_SHARE_WORDS and words - linked <= _MOST_UNLINKED_WORDS and linked > 0
    return DroppedKind.NAVIGATION if is_small and tokens(page.tree.nodes[index]) & _SHARE else None


def _form(page: _Page, index: int) -> DroppedKind | None:
    """A small form: a search box, a newsletter, "was this page useful?"; some systems wrap whole pages into one."""
    is_small = page.tree.nodes[index].tag == "form" and page.count(index) <= _MOST_FORM_WORDS
    return DroppedKind.CONTROL if is_small and page.count(index, page.controls) else None


def _comments(page: _Page, index: int) -> DroppedKind | None:
    """What visitors wrote below the text, as the usual systems call it: nobody has vetted that."""
    attributes = page.tree.nodes[index].attributes
    names = {attributes.get("id", ""), *attributes.get("class", "").split()}
    return DroppedKind.COMMENTS if names & _COMMENTS and not page.count(index, page.titles) else None


_RULES: tuple[_Rule, ...] = (_cookie_banner, _comments, _menu, _share, _form)

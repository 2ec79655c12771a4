"""What an HTML page says about itself: its title, address, publisher, licence and review dates."""

import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from corpus.model import Source
from ingest.canonical import has_words, visible
from ingest.raw import Block, BlockKind
from ingest.readers.dom import Tree

__all__ = ["address", "day", "stated"]

_MOST_DATA_CHARACTERS = 1_000_000
_REVIEWED = ("last-reviewed", "lastreviewed", "date-reviewed", "reviewed", "dcterms.reviewed")
_REVIEW_DUE = ("review-due", "next-review", "date-review-due", "next-review-date", "review_due")
_LICENCE = ("dcterms.license", "dc.rights.license", "dcterms.rights", "dc.rights", "license", "licence")
_PUBLISHER = ("og:site_name", "citation_publisher", "dcterms.publisher", "dc.publisher", "publisher")


def stated(tree: Tree, blocks: Sequence[Block]) -> Source:
    """What the page states in its head, in its data for search engines and in its links; None is what it doesn't."""
    said = _said(tree)
    data = _data(tree)
    return Source(
        title=_first(said, ("citation_title", "og:title")) or _heading(blocks) or _first(said, ("title",)) or "",
        url=_first_address(said, ("canonical", "og:url")),
        publisher=_first(said, _PUBLISHER) or _name(_of(data, "publisher")),
        licence=_first_address(said, ("license",)) or address(_name(_of(data, "license"))) or _first(said, _LICENCE),
        reviewed=_first_day([_of(data, "lastReviewed"), *(said.get(name) for name in _REVIEWED)]),
        review_due=_first_day(said.get(name) for name in _REVIEW_DUE),
    )


def address(text: str | None) -> str | None:
    """`text` if it is a whole address on the web."""
    try:
        parts = urlsplit((text or "").strip())
    except ValueError:
        return None
    is_web = parts.scheme in {"http", "https"} and bool(parts.netloc)
    return (text or "").strip() if is_web and not any(sign.isspace() for sign in (text or "").strip()) else None


def day(text: str | None) -> date | None:
    """The day that begins `text`, if it is written as 2031-03-12."""
    try:
        return date.fromisoformat((text or "").strip()[:10])
    except ValueError:
        return None


def _said(tree: Tree) -> Mapping[str, str]:
    """What the page says first under each name: of its meta elements, links and titles."""
    said: dict[str, str] = {}
    for index, node in enumerate(tree.nodes):
        attributes = node.attributes
        if node.tag == "meta":
            name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop") or ""
            said.setdefault(name.lower(), attributes.get("content", ""))
        elif node.tag in {"link", "a"} and "rel" in attributes:
            for name in attributes["rel"].lower().split():
                if node.tag == "link" or name == "license":
                    said.setdefault(name, attributes.get("href", ""))
        elif node.tag == "title":
            said.setdefault("title", tree.text(index))
    return said


def _heading(blocks: Sequence[Block]) -> str | None:
    """The one heading of level 1; several of them title parts of the page."""
    found = [block.text for block in blocks if block.kind is BlockKind.HEADING and block.level == 1]
    return _plain(found[0]) if len(found) == 1 else None


def _plain(text: str | None) -> str | None:
    shown = " ".join(visible(text or "").split())
    return shown if has_words(shown) else None


def _first(said: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((text for name in names if (text := _plain(said.get(name)))), None)


def _first_address(said: Mapping[str, str], names: Sequence[str]) -> str | None:
    return next((found for name in names if (found := address(said.get(name)))), None)


def _first_day(texts: Iterator[object] | Sequence[object]) -> date | None:
    return next((found for text in texts if isinstance(text, str) and (found := day(text))), None)


def _data(tree: Tree) -> list[Mapping[str, object]]:
    """The objects of the page's JSON-LD that describe a page or an article, in order."""
    found: list[Mapping[str, object]] = []
    for index, node in enumerate(tree.nodes):
        if node.tag == "script" and node.attributes.get("type", "").lower().startswith("application/ld+json"):
            found += _objects(tree.text(index))
    return found


def _objects(text: str) -> Iterator[Mapping[str, object]]:
    try:
        parsed: object = json.loads(text) if len(text) <= _MOST_DATA_CHARACTERS else None
    except (ValueError, RecursionError):
        return
    waiting = deque([parsed])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, list):
            waiting.extendleft(reversed(value))
        elif isinstance(value, dict):
            waiting.append(value.get("@graph"))
            kinds = value.get("@type")
            named = kinds if isinstance(kinds, list) else [kinds]
            if any(str(kind).endswith(("Page", "Article", "Posting")) for kind in named):
                yield value


def _of(data: Sequence[Mapping[str, object]], name: str) -> object:
    return next((value for described in data if (value := described.get(name))), None)


def _name(value: object) -> str | None:
    """The name of a thing that is described, or the text itself."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id") or value.get("url")
    return _plain(value) if isinstance(value, str) else None

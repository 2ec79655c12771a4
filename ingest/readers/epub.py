"""EPUB: the chapters of a book in reading order, each range with the path and id to get there and its page."""

import posixpath
from collections.abc import Mapping
from urllib.parse import unquote, urldefrag

from ingest.raw import Block, Dropped, DroppedKind, RawDocument
from ingest.readers.dom import Tree
from ingest.readers.epub_package import Book, Chapter, Package, open_book, package_of, read_tree
from ingest.readers.html_blocks import Shown, shown
from ingest.readers.html_hidden import hidden
from ingest.readers.html_line import Spot
from ingest.readers.html_page import Place

__all__ = ["read_epub"]

_Labels = Mapping[str, Mapping[str, str]]


def read_epub(data: bytes) -> RawDocument:
    """Reads a book. The fragments are of the form `chapter.xhtml#id`, with the document's path within the book.

    Covers, tables of contents and what stands outside the reading order are left out and listed. Pages are labelled as
    the book marks them, in the text or in its list of pages.

    Raises:
        IngestError: if it is no EPUB, is encrypted, broken, or larger than a book.
    """
    book = open_book(data)
    package = package_of(book)
    labels = _page_labels(book, package)
    blocks: list[Block] = []
    dropped: list[Dropped] = []
    page: str | None = None
    for chapter in package.chapters:
        read = _read_chapter(book, chapter, labels, page)
        if not chapter.is_text:
            text = " ".join([*(block.text for block in read.blocks), *(part.text for part in read.dropped)])
            dropped += [Dropped(DroppedKind.NAVIGATION, text)] if text else []
            continue
        page = read.end.page
        blocks += read.blocks
        dropped += read.dropped
    return RawDocument(tuple(blocks), package.stated, tuple(dropped))


def _read_chapter(book: Book, chapter: Chapter, labels: _Labels, page: str | None) -> Shown:
    tree = read_tree(book, chapter.path)
    pages = labels.get(chapter.path, {})
    place = Place(Spot(pages.get("", page), chapter.path), f"{chapter.path}#", pages)
    return shown(tree, hidden(tree), place)


def _page_labels(book: Book, package: Package) -> _Labels:
    """The labels of pages by the path and the id where they begin, as the book's lists of pages say."""
    labels: dict[str, dict[str, str]] = {}
    for path in package.page_lists:
        tree = read_tree(book, path)
        for index, node in enumerate(tree.nodes):
            if "page-list" in node.attributes.get("epub:type", "").split() or node.tag == "pagelist":
                _note_labels(tree, index, posixpath.dirname(path), labels)
    return labels


def _note_labels(tree: Tree, index: int, folder: str, labels: dict[str, dict[str, str]]) -> None:
    """Adds the links of one list of pages: `<a href>label</a>`, or in older books a `content` after its label."""
    label = ""
    for at in range(index + 1, tree.ends[index]):
        node = tree.nodes[at]
        target = ""
        if node.tag == "a":
            label, target = tree.text(at), node.attributes.get("href", "")
        elif node.tag == "text":
            label = tree.text(at)
        elif node.tag == "content":
            target = node.attributes.get("src", "")
        if target and label.strip():
            address, fragment = urldefrag(target)
            path = posixpath.normpath(posixpath.join(folder, unquote(address)))
            labels.setdefault(path, {}).setdefault(unquote(fragment), " ".join(label.split()))

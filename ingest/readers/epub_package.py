"""What an EPUB file holds: its documents in reading order and what its package states, within limits."""

import lzma
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote, urldefrag

from corpus.model import Source
from ingest.canonical import has_words, visible
from ingest.raw import IngestError
from ingest.readers.dom import Tree, parse
from ingest.readers.encoding import decode
from ingest.readers.html_source import declared_encoding
from ingest.readers.html_stated import address

__all__ = ["Book", "Chapter", "Package", "open_book", "package_of", "read_tree"]

_MOST_MEMBERS = 20_000
_MOST_MEMBER_BYTES = 16_000_000
_MOST_BYTES = 100_000_000
# Text packs about 5 to 1; a file that unpacks to more than this was made to fill a memory.
_MOST_RATIO = 200
_SMALL_BYTES = 2_000_000
_LONGEST_NAMED = 80
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
# Fonts are only disguised, and no text is.
_DISGUISES = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_DOCUMENTS = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml", "text/x-oeb1-document"})
_ENDINGS = (".xhtml", ".html", ".htm", ".xml")
_NAVIGATING = frozenset({"toc", "cover", "title-page-verso", "loi", "lot", "landmarks"})
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError, RuntimeError, ValueError,
    OverflowError, LookupError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chapter:
    """A document of a book: its path, and whether it is part of the text or only helps to find one's way."""

    path: str
    is_text: bool


@dataclass(frozen=True, slots=True)
class Package:
    """A book's documents in reading order, those that list its pages, and what it states about itself."""

    chapters: tuple[Chapter, ...]
    page_lists: tuple[str, ...]
    stated: Source


class Book:
    """An EPUB's members by path, read within limits.

    Raises:
        IngestError: from `read`, if a member isn't there, is broken, or is too large.
    """

    def __init__(self, members: zipfile.ZipFile, size: int) -> None:
        self._members = members
        self._names = {member.filename: member for member in members.infolist()}
        self._left = min(_MOST_BYTES, max(_SMALL_BYTES, size * _MOST_RATIO))

    def __contains__(self, path: str) -> bool:
        """Whether there is such a member."""
        return path in self._names

    def read(self, path: str) -> bytes:
        """The bytes of the member at `path`."""
        if path not in self._names:
            raise IngestError(
                f"found no {_named(path)} in the EPUB, wanted what its package names; export the book again"
            )
        most = min(_MOST_MEMBER_BYTES, self._left)
        try:
            with self._members.open(self._names[path]) as member:
                data = member.read(most + 1)
        except _BROKEN as error:
            # Not what zipfile says: it quotes the bytes of headers.
            raise IngestError(f"{_named(path)} in the EPUB is damaged; export the book again") from error
        if len(data) > most:
            raise IngestError(
                f"{_named(path)} in the EPUB unpacks to more than {most:,} bytes, wanted a book; split it"
            )
        self._left -= len(data)
        return data


def open_book(data: bytes) -> Book:
    """The members of an EPUB file.

    Raises:
        IngestError: if it is no EPUB, or what it holds is encrypted.
    """
    try:
        members = zipfile.ZipFile(BytesIO(data))
    except _BROKEN as error:
        raise IngestError(f"not an EPUB: {error}; export the book again") from error
    if len(members.infolist()) > _MOST_MEMBERS:
        raise IngestError(
            f"found {len(members.infolist()):,} files in the EPUB, wanted at most {_MOST_MEMBERS:,}; split it"
        )
    book = Book(members, len(data))
    if _CONTAINER not in book:
        raise IngestError(f"not an EPUB: found no {_CONTAINER} in it; export the book again")
    if _ENCRYPTION in book:
        _refuse_encrypted(read_tree(book, _ENCRYPTION))
    return book


def _refuse_encrypted(tree: Tree) -> None:
    for node in tree.nodes:
        algorithm = node.attributes.get("algorithm", "")
        if _name(node.tag) == "encryptionmethod" and algorithm not in _DISGUISES:
            raise IngestError(
                "found an encrypted EPUB (DRM), wanted one that may be read; ask the publisher for a copy"
            )


def read_tree(book: Book, path: str) -> Tree:
    """The XML or XHTML document at `path` of the book. Entities that it defines itself are never expanded."""
    data = book.read(path)
    return parse(decode(data, declared=declared_encoding(data)), xml=True)


def package_of(book: Book) -> Package:
    """The book's package.

    Raises:
        IngestError: if it has none, or no documents in it.
    """
    path = next((found for found in _attributes(read_tree(book, _CONTAINER), "rootfile", "full-path") if found), None)
    if path is None:
        raise IngestError(f"found no package named in {_CONTAINER} of the EPUB, wanted one; export the book again")
    tree = read_tree(book, path)
    items = {node["id"]: node for node in _elements(tree, "item") if node.get("id") and node.get("href")}
    folder = posixpath.dirname(path)
    guide = {
        _resolved(folder, node.get("href", "")): node.get("type", "").lower() for node in _elements(tree, "reference")
    }
    chapters: dict[str, Chapter] = {}
    for reference in _elements(tree, "itemref"):
        item = items.get(reference.get("idref", ""), {})
        if not _is_document(item):
            continue
        at = _resolved(folder, item["href"])
        is_navigation = "nav" in item.get("properties", "").split() or guide.get(at) in _NAVIGATING
        is_text = reference.get("linear", "yes") != "no" and not is_navigation
        chapters.setdefault(at, Chapter(at, is_text))
    if not any(chapter.is_text for chapter in chapters.values()):
        raise IngestError("found no text in the reading order of the EPUB, wanted chapters; export the book again")
    return Package(tuple(chapters.values()), tuple(_page_lists(items, folder, book)), _stated(tree))


def _page_lists(items: Mapping[str, Mapping[str, str]], folder: str, book: Book) -> Iterator[str]:
    for item in items.values():
        is_list = "nav" in item.get("properties", "").split() or item.get("media-type") == "application/x-dtbncx+xml"
        if is_list and (at := _resolved(folder, item["href"])) in book:
            yield at


def _is_document(item: Mapping[str, str]) -> bool:
    kind = item.get("media-type", "")
    return kind in _DOCUMENTS or (not kind and item.get("href", "").lower().endswith(_ENDINGS))


def _resolved(folder: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(folder, unquote(urldefrag(href)[0])))


def _name(tag: str) -> str:
    """The tag without the prefix of its namespace."""
    return tag.rpartition(":")[2]


def _elements(tree: Tree, name: str) -> Iterator[Mapping[str, str]]:
    return (node.attributes for node in tree.nodes if _name(node.tag) == name)


def _attributes(tree: Tree, name: str, attribute: str) -> Iterator[str]:
    return (attributes.get(attribute, "") for attributes in _elements(tree, name))


def _stated(tree: Tree) -> Source:
    said: dict[str, list[str]] = {}
    for index, node in enumerate(tree.nodes):
        if node.tag.startswith("dc:"):
            text = " ".join(visible(tree.text(index)).split())
            if has_words(text):
                said.setdefault(node.tag.removeprefix("dc:"), []).append(text)
    return Source(
        title=next(iter(said.get("title", [])), ""),
        url=next((text for text in (*said.get("source", []), *said.get("identifier", [])) if address(text)), None),
        publisher=next(iter(said.get("publisher", [])), None),
        licence=next(iter(said.get("rights", [])), None),
    )


def _named(path: str) -> str:
    """A path as a message names it; a path is whatever the file says."""
    return repr(path) if len(path) <= _LONGEST_NAMED else f"{path[:_LONGEST_NAMED]!r}…"

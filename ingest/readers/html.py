"""HTML: the words that a visitor of the page reads, without its navigation and what is hidden."""

from dataclasses import replace

from ingest.raw import Block, IngestError, RawDocument
from ingest.readers.dom import parse
from ingest.readers.encoding import decode
from ingest.readers.html_blocks import shown
from ingest.readers.html_content import content
from ingest.readers.html_hidden import hidden
from ingest.readers.html_page import Place
from ingest.readers.html_source import declared_encoding, is_xml
from ingest.readers.html_stated import stated

__all__ = ["blocks_of_html", "read_html"]

_MOST_BYTES = 32_000_000


def read_html(data: bytes) -> RawDocument:
    """Reads a page: headings, paragraphs, lists and tables of its main part, each with the fragment to get there.

    A fragment is the id that stands nearest before the words. Text that is struck out, hidden, a control, a menu, a
    cookie banner, the mark of a note or in a picture is left out and listed.

    Raises:
        IngestError: if the file is no text, or too large or of too many tags to be a page.
    """
    if len(data) > _MOST_BYTES:
        found, most = len(data) // 1_000_000, _MOST_BYTES // 1_000_000
        raise IngestError(f"found a page of {found} MB, wanted at most {most} MB; split it into several files")
    text = decode(data, declared=declared_encoding(data))
    tree = parse(text, xml=is_xml(text))
    page = shown(tree, content(tree), Place())
    return RawDocument(page.blocks, stated(tree, page.blocks), page.dropped)


def blocks_of_html(text: str) -> tuple[Block, ...]:
    """The blocks of HTML that is part of another text, such as a Markdown file; nothing in it counts as navigation.

    Raises:
        IngestError: if it has too many tags.
    """
    tree = parse(text)
    blocks = shown(tree, hidden(tree), Place()).blocks
    return tuple(replace(block, page=None) for block in blocks)

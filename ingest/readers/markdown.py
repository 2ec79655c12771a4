"""Markdown (CommonMark and tables): the words that a reader of the rendered page would see."""

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from corpus.layout import BULLET, CELL_SEPARATOR
from ingest.canonical import has_words, visible
from ingest.raw import Block, BlockKind, IngestError, RawDocument
from ingest.readers.encoding import decode

__all__ = ["parse_markdown", "read_markdown"]

_CELLS = {"th_open", "td_open"}
_COMMENTS = re.compile(r"\s*(<!--.*?-->\s*)*", re.DOTALL)


def read_markdown(data: bytes) -> RawDocument:
    """Reads a Markdown file; front matter, images, comments and HTML tags in a line are no part of the text.

    Raises:
        IngestError: if the file is no text, in an encoding that can't be told, or holds a block of raw HTML.
    """
    return parse_markdown(decode(data))


def parse_markdown(text: str) -> RawDocument:
    """Blocks of a Markdown text.

    Raises:
        IngestError: if there is a block of raw HTML.
    """
    tokens = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).parse(visible(text))
    _refuse_html(tokens)
    blocks: list[Block] = []
    cells: list[str] = []
    mark = ""
    for opening, token in pairwise([Token("root", "", 1), *tokens]):
        match token.type:
            case "list_item_open":
                mark = f"{token.info}{token.markup} " if token.info else BULLET
            case "list_item_close":
                mark = ""
            case "tr_close":
                blocks.append(Block(BlockKind.ROW, CELL_SEPARATOR.join(cells)))
                cells.clear()
            case "fence" | "code_block":
                blocks.append(Block(BlockKind.PARAGRAPH, token.content))
            case "inline" if opening.type in _CELLS:
                cells.append(_words(token))
            case "inline" if has_words(words := _words(token)):
                blocks.append(_block(opening, mark, words))
                mark = ""
    return RawDocument(tuple(blocks))


def _refuse_html(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type == "html_block" and not _COMMENTS.fullmatch(token.content):
            line = 1 + (token.map or [0])[0]
            raise IngestError(f"line {line}: found a block of raw HTML, wanted Markdown only; write it as Markdown")


def _block(opening: Token, mark: str, words: str) -> Block:
    if opening.type == "heading_open":
        return Block(BlockKind.HEADING, words, level=int(opening.tag.removeprefix("h")))
    return Block(BlockKind.ITEM, mark + words) if mark else Block(BlockKind.PARAGRAPH, words)


def _words(token: Token) -> str:
    """The visible words of an inline token; line breaks become spaces."""
    words = ""
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline" | "text_special":
                words += child.content
            case "softbreak" | "hardbreak":
                words += " "
            case "html_inline" if child.content.lower().startswith("<br"):
                words += " "
    return words

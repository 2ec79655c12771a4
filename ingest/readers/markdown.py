"""Markdown (CommonMark and tables): the words that a reader of the rendered page would see."""

from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from corpus.layout import BULLET, CELL_SEPARATOR
from ingest.canonical import has_words, visible
from ingest.raw import Block, BlockKind, RawDocument
from ingest.readers.text import decode

__all__ = ["parse_markdown", "read_markdown"]

_CELLS = {"th_open", "td_open"}


def read_markdown(path: Path) -> RawDocument:
    """Reads a UTF-8 Markdown file; front matter, images and raw HTML are no part of the text.

    Raises:
        IngestError: if the file is no UTF-8 text.
    """
    return parse_markdown(decode(path))


def parse_markdown(text: str) -> RawDocument:
    """Blocks of a Markdown text."""
    tokens = MarkdownIt("commonmark").enable("table").use(front_matter_plugin).parse(visible(text))
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

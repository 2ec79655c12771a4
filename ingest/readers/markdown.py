"""Markdown (CommonMark and tables): the words that a reader of the rendered page would see."""

import re
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from corpus.layout import BULLET, CELL_SEPARATOR
from corpus.model import Source
from ingest.canonical import has_words, visible
from ingest.raw import UNSTATED, Block, BlockKind, IngestError, RawDocument
from ingest.readers.encoding import decode
from ingest.readers.stated import parted

__all__ = ["parse_markdown", "read_markdown"]

_CELLS = {"th_open", "td_open"}
_COMMENTS = re.compile(r"\s*(<!--.*?-->\s*)*", re.DOTALL)
_NAMED = re.compile(r"\s*\{#([\w:.-]+)\}\s*$")
_ANCHOR = re.compile(r"<[a-z][a-z0-9]*\b[^>]*?\s(?:id|name)\s*=\s*[\"']?([^\s\"'>]+)", re.IGNORECASE)
# Levels of the parser, which counts a list and its item as one each.
_DEEPEST = 100
# Characters of a paragraph times its opening brackets: the parser looks from each to the end, 30 million in a second.
_MOST_LOOKED_AT = 30_000_000
_NO_SLUG = re.compile(r"[^\w\- ]")


def read_markdown(data: bytes) -> RawDocument:
    """Reads a Markdown file; images, comments and HTML tags in a line are no part of the text.

    What its front matter states is known of the source. Fragments are the ids of headings and anchors, as GitHub makes
    them where the file gives none.

    Raises:
        IngestError: if the file is no text, in an encoding that can't be told, or states what can't be understood.
    """
    stated, text = parted(visible(decode(data)).replace("\r\n", "\n").replace("\r", "\n"))
    return parse_markdown(text, stated)


def parse_markdown(text: str, stated: Source = UNSTATED) -> RawDocument:
    """Blocks of a Markdown text without front matter.

    Raises:
        IngestError: if lists or quotations are nested deeper than the parser goes, which leaves out what is deeper, or
            a paragraph has so many brackets that it takes too long.
    """
    page = _Page()
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable("table")
    parser.core.ruler.before("inline", "bounds", _refuse_brackets)
    tokens = parser.parse(visible(text))
    if max((token.level for token in tokens), default=0) >= _DEEPEST - 1:
        raise IngestError(f"lists or quotations are nested {_DEEPEST // 2} levels deep, wanted fewer; nest them less")
    for opening, token in pairwise([Token("root", "", 1), *tokens]):
        page.take(opening, token)
    return RawDocument(tuple(page.blocks), stated)


def _refuse_brackets(state: StateCore) -> None:
    for token in state.tokens:
        brackets = token.content.count("[") if token.type == "inline" else 0
        if brackets * len(token.content) > _MOST_LOOKED_AT:
            line = 1 + (token.map or [0])[0]
            raise IngestError(f"line {line}: found a paragraph with {brackets:,} brackets, wanted fewer; part it")


@dataclass(slots=True)
class _Page:
    """The blocks so far. `items` holds for each list that is open its item's mark, until that is written, and block."""

    blocks: list[Block] = field(default_factory=list)
    items: list[tuple[str, int | None]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    opens_table: bool = False
    fragment: str | None = None
    slugs: dict[str, int] = field(default_factory=dict)

    def take(self, opening: Token, token: Token) -> None:
        """Adds what a token shows; `opening` is the one before it."""
        match token.type:
            case "list_item_open":
                self.items.append((f"{token.info}{token.markup} " if token.info else BULLET, None))
            case "table_open":
                self.opens_table = True
            case "list_item_close":
                self.items.pop()
            case "tr_close":
                self.add(BlockKind.ROW, CELL_SEPARATOR.join(self.cells), int(self.opens_table))
                self.opens_table = False
                self.cells.clear()
            case "fence" | "code_block":
                self.add_text(token.content)
            case "html_block":
                self.add_html(token)
            case "inline":
                self.add_inline(opening, token)

    def add_inline(self, opening: Token, token: Token) -> None:
        """Adds a heading, a cell, or a paragraph or part of an item, and notes the anchors in it."""
        words, first, last = _words(token)
        self.fragment = first or self.fragment
        if opening.type in _CELLS:
            self.cells.append(words)
        elif opening.type == "heading_open":
            self.add_heading(int(opening.tag.removeprefix("h")), words, first)
        elif has_words(words):
            self.add_text(words)
        self.fragment = last or self.fragment

    def add_heading(self, level: int, words: str, anchor: str | None) -> None:
        """Adds a heading, whose own id or slug leads to what follows."""
        named = _NAMED.search(words)
        words = words[: named.start()] if named else words
        slug = _NO_SLUG.sub("", words.strip().lower()).replace(" ", "-")
        number = self.slugs.get(slug, 0)
        self.slugs[slug] = number + 1
        if has_words(words):
            made = f"{slug}-{number}" if number else slug
            self.fragment = named[1] if named else anchor or made or self.fragment
            self.add(BlockKind.HEADING, words, level)

    def add_text(self, words: str) -> None:
        """Adds a paragraph; in an item, its beginning or what goes on with it."""
        mark, number = self.items[-1] if self.items else ("", None)
        if mark and has_words(words):
            self.items[-1] = ("", len(self.blocks))
            self.add(BlockKind.ITEM, mark + words)
        elif number is not None and number == len(self.blocks) - 1:
            self.blocks[-1] = replace(self.blocks[-1], text=f"{self.blocks[-1].text} {words}")
        else:
            self.add(BlockKind.PARAGRAPH, words)

    def add_html(self, token: Token) -> None:
        """Adds what a block of HTML shows."""
        if not _COMMENTS.fullmatch(token.content):
            for block in _blocks_of_html(token):
                self.fragment = block.fragment or self.fragment
                self.blocks.append(replace(block, fragment=self.fragment))
            if (anchors := _ANCHOR.findall(token.content)) and not has_words(re.sub("<[^>]*>", "", token.content)):
                self.fragment = anchors[-1]

    def add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        """Adds a block as it is."""
        self.blocks.append(Block(kind, text, level, fragment=self.fragment))


def _blocks_of_html(token: Token) -> tuple[Block, ...]:
    try:
        html = import_module("ingest.readers.html")  # loads its parser, which most files don't need
    except ModuleNotFoundError:
        line = 1 + (token.map or [0])[0]
        raise IngestError(
            f"line {line}: found a block of raw HTML, wanted Markdown only; write it as Markdown"
        ) from None
    blocks: tuple[Block, ...] = html.blocks_of_html(token.content)
    return blocks


def _words(token: Token) -> tuple[str, str | None, str | None]:
    """The visible words of an inline token, where line breaks become spaces, and the anchors before and after any."""
    words = ""
    first = last = None
    for child in token.children or []:
        match child.type:
            case "text" | "code_inline" | "text_special":
                words += child.content
            case "softbreak" | "hardbreak":
                words += " "
            case "html_inline" if child.content.lower().startswith("<br"):
                words += " "
            case "html_inline" if anchor := _ANCHOR.match(child.content):
                first, last = (anchor[1], last) if not has_words(words) else (first, anchor[1])
    return words, first, last

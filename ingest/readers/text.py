"""Plain text: paragraphs, headings and lists told apart by their lines."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus.layout import BULLET, ITEM_MARK
from corpus.model import Source
from ingest.canonical import has_words, visible
from ingest.raw import UNSTATED, Block, BlockKind, RawDocument
from ingest.readers.encoding import decode
from ingest.readers.stated import parted

__all__ = ["as_item", "parse_text", "read_text"]

_BULLETS = re.compile(r"[-*•◦▪‣·–]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3}[.)])\s+(?=\S)")
_CELLS = re.compile(r"\s\|\s")
_LINE_END = re.compile(r"\r\n?|[\x85\u2028]")
_PARAGRAPH_END = "\u2029"
_PAGE_END = "\f"
# The shortest and the longest line that can be the work of an editor's hard wrap, in characters.
_NARROWEST_WRAP = 40
_WIDEST_WRAP = 120
_LONGEST_HEADING_WORDS = 12
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?:;,…][\"'”’)\]]*$")

# A line's text, in parts where a page ended within it, and the page of each.
_Line = list[tuple[str, str | None]]


def read_text(data: bytes) -> RawDocument:
    """Reads a text file. Form feeds part its pages; `key: value` lines between dashes at its top state its source.

    Raises:
        IngestError: if the file is no text, in an encoding that can't be told, or states what can't be understood.
    """
    stated, text = parted(_LINE_END.sub("\n", visible(decode(data))))
    return parse_text(text, stated)


def parse_text(text: str, stated: Source = UNSTATED) -> RawDocument:
    """Blocks of a plain text: a blank line, a line end that is no hard wrap, or a list mark begins a new one."""
    shown = _LINE_END.sub("\n", visible(text)).replace(_PARAGRAPH_END, "\n\n")
    lines = _paged(shown.split(_PAGE_END))
    blocks = _with_headings([_block(" ".join(text for text, _ in line)) for line in lines])
    return RawDocument(
        tuple(part for block, line in zip(blocks, lines, strict=True) for part in _parts(block, line)), stated
    )


def _paged(pages: list[str]) -> list[_Line]:
    """The lines of all pages; one that a page's end parts within is one line."""
    lines: list[_Line] = []
    is_parted = False
    for number, page in enumerate(pages, start=1):
        label = str(number) if len(pages) > 1 else None
        new = [[(" ".join(line.split()), label)] for line in _lines(page)]
        if is_parted and lines and new and not page.lstrip(" \t").startswith("\n"):
            lines[-1] += new.pop(0)
        lines += new
        is_parted = bool(new or is_parted) and not page.rstrip(" \t").endswith("\n")
    return [line for line in lines if has_words(" ".join(text for text, _ in line))]


def _lines(page: str) -> list[str]:
    groups = (
        [stripped for line in group.split("\n") if (stripped := line.strip())] for group in re.split(r"\n\s*\n", page)
    )
    return [line for group in groups for line in _unwrapped(group)]


def _parts(block: Block, line: _Line) -> Iterator[Block]:
    """The block in parts, one for each page that it stands on; a mark alone is no part."""
    texts = [text for text, _ in line]
    first = as_item(texts[0]) if block.kind is BlockKind.ITEM else texts[0]
    if len(line) == 1 or first is None or not all(map(has_words, texts)):
        yield replace(block, page=line[0][1])
        return
    yield replace(block, text=first, page=line[0][1])
    for text, page in line[1:]:
        yield replace(block, text=text, page=page, continues=True)


def _unwrapped(lines: list[str]) -> list[str]:
    """Joins what a hard wrap parted: lines whose next word would not have fitted into the group's width."""
    width = max(map(len, lines), default=0)
    if not _NARROWEST_WRAP <= width <= _WIDEST_WRAP:
        return lines
    joined = lines[:1]
    for line, following in pairwise(lines):
        word = following.split(maxsplit=1)[0]
        if not _is_marked(following) and len(line) + 1 + len(word) > width:
            joined[-1] += f" {following}"
        else:
            joined.append(following)
    return joined


def _is_marked(line: str) -> bool:
    return any(pattern(line) for pattern in (_BULLETS.match, _NUMBER.match, _CELLS.search))


def as_item(line: str) -> str | None:
    """The line as an item of a list, with its mark as `corpus.layout` has it; `None` if it opens with none."""
    line = line.strip()
    mark = _BULLETS.match(line)
    line = " ".join((BULLET + line[mark.end() :] if mark else line).split())
    return line if ITEM_MARK.match(line) else None


def _block(line: str) -> Block:
    if _CELLS.search(line):
        return Block(BlockKind.ROW, line)
    item = as_item(line)
    return Block(BlockKind.PARAGRAPH, line) if item is None else Block(BlockKind.ITEM, item)


def _with_headings(blocks: list[Block]) -> list[Block]:
    """Marks the short lines that title what follows: the first one as level 1, others as level 2."""
    marked: list[Block] = []
    for number, (block, following) in enumerate(zip(blocks, [*blocks, None][1:], strict=True)):
        titles = following is not None and (number == 0 or not _is_short(following)) and not following.text[0].islower()
        if block.kind is BlockKind.PARAGRAPH and _is_short(block) and titles:
            marked.append(Block(BlockKind.HEADING, block.text, level=1 if number == 0 else 2))
        else:
            marked.append(block)
    return marked


def _is_short(block: Block) -> bool:
    return (
        block.kind is BlockKind.PARAGRAPH
        and len(block.text.split()) <= _LONGEST_HEADING_WORDS
        and not _ENDS_LIKE_A_SENTENCE.search(block.text)
        and any(character.isalpha() for character in block.text)
    )

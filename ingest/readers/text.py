"""Plain text: paragraphs, headings and lists told apart by their lines."""

import re
from itertools import pairwise

from corpus.layout import BULLET, ITEM_MARK
from ingest.canonical import has_words, visible
from ingest.raw import Block, BlockKind, RawDocument
from ingest.readers.encoding import decode

__all__ = ["as_item", "parse_text", "read_text"]

_BULLETS = re.compile(r"[-*•◦▪‣·–]\s+(?=\S)")
_NUMBER = re.compile(r"(\d{1,3}[.)])\s+(?=\S)")
_CELLS = re.compile(r"\s\|\s")
_LINE_END = re.compile(r"\r\n?|[\x85\u2028]")
_PARAGRAPH_END = "\u2029"
# The shortest and the longest line that can be the work of an editor's hard wrap, in characters.
_NARROWEST_WRAP = 40
_WIDEST_WRAP = 120
_LONGEST_HEADING_WORDS = 12
_ENDS_LIKE_A_SENTENCE = re.compile(r"[.!?:;,…][\"'”’)\]]*$")


def read_text(data: bytes) -> RawDocument:
    """Reads a text file.

    Raises:
        IngestError: if the file is no text, or in an encoding that can't be told.
    """
    return parse_text(decode(data))


def parse_text(text: str) -> RawDocument:
    """Blocks of a plain text: a blank line, a line end that is no hard wrap, or a list mark begins a new one."""
    lines: list[str] = []
    shown = _LINE_END.sub("\n", visible(text)).replace(_PARAGRAPH_END, "\n\n")
    for group in re.split(r"\n\s*\n", shown):
        lines += _unwrapped([stripped for line in group.split("\n") if (stripped := line.strip())])
    blocks = [_block(" ".join(line.split())) for line in lines if has_words(line)]
    return RawDocument(tuple(_with_headings(blocks)))


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

"""From blocks to the text of record: the last place where text may change, and only its white space and markup.

Every rule mends a fault of real files: a sentence parted by a paragraph break is joined again, a title that runs into
the first sentence is told apart as a heading, and invisible characters go. No word is ever changed, added or removed.
"""

import re
import unicodedata
from dataclasses import dataclass, replace

from corpus.layout import ITEM_MARK, PARAGRAPH_BREAK
from corpus.model import Heading
from ingest.raw import Block, BlockKind, RawDocument

__all__ = ["CanonicalText", "canonicalise"]

_LINES = {BlockKind.ITEM, BlockKind.ROW}
_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’)\]]*$")
# A heading of fewer words may as well be the subject of the sentence that it seems to run into.
_SHORTEST_RUN_IN_WORDS = 3
# A fragment of fewer words is taken for a label and not for the first part of a sentence.
_SHORTEST_FRAGMENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """A text of record, laid out as `corpus.layout` says, and the ranges in it that are headings."""

    text: str
    headings: tuple[Heading, ...]


def canonicalise(raw: RawDocument) -> CanonicalText:
    """Lays the blocks out as one text. Idempotent: reading the text again gives the same text."""
    blocks = [replace(block, text=text) for block in raw.blocks if (text := _clean(block.text))]
    return _lay_out(_healed(blocks))


def _clean(text: str) -> str:
    visible = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or not _is_invisible(character)
    )
    return re.sub(" +", " ", "".join(visible)).strip(" ")


def _is_invisible(character: str) -> bool:
    """Control characters, soft hyphens, zero-width spaces, byte order marks; joiners and direction marks stay."""
    return unicodedata.category(character) in {"Cc", "Cs"} or character in "\u00ad\u200b\u2060\ufeff"


def _healed(blocks: list[Block]) -> list[Block]:
    """Joins paragraphs where a break fell into the middle of a sentence."""
    healed: list[Block] = []
    for block in blocks:
        if healed and _continues(healed[-1], block):
            healed[-1] = replace(healed[-1], text=f"{healed[-1].text} {block.text}")
        else:
            healed.append(block)
    return healed


def _continues(block: Block, following: Block) -> bool:
    return (
        block.kind is following.kind is BlockKind.PARAGRAPH
        and following.text[0].islower()
        and not _ENDS_SENTENCE.search(block.text)
        and len(block.text.split()) >= _SHORTEST_FRAGMENT_WORDS
    )


def _lay_out(blocks: list[Block]) -> CanonicalText:
    text = ""
    headings: list[Heading] = []
    titles: list[Block] = []
    previous: BlockKind | None = None
    for block in blocks:
        if text:
            text += "\n" if previous == block.kind and block.kind in _LINES else PARAGRAPH_BREAK
        start = len(text)
        text += block.text
        previous = block.kind
        if block.kind is BlockKind.HEADING:
            titles.append(block)
            headings.append(Heading(start, len(text), block.level))
        elif block.kind is BlockKind.PARAGRAPH and (title := _run_in(block, titles)):
            headings.append(Heading(start, start + len(title.text), title.level))
    return CanonicalText(text, tuple(headings))


def _run_in(block: Block, titles: list[Block]) -> Block | None:
    """The earlier heading that this paragraph repeats before its first sentence, if any."""
    for title in titles:
        rest = block.text.removeprefix(title.text)
        if (
            rest != block.text
            and len(title.text.split()) >= _SHORTEST_RUN_IN_WORDS
            and re.match(r"[ :–—-]+[A-Z0-9\"“(]", rest)
            and not ITEM_MARK.match(block.text)
        ):
            return title
    return None

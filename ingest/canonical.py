"""From blocks to the text of record: the last place where text may change, and only its white space and markup.

Every rule mends a fault of real files: a sentence parted by a paragraph break is joined again, a title that runs into
the first sentence is told apart as a heading, and invisible characters go. No word is ever changed, added or removed.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import assert_never

from corpus.layout import CELL_SEPARATOR, ITEM_MARK, PARAGRAPH_BREAK
from corpus.model import Heading, Place
from ingest.raw import Block, BlockKind, RawDocument
from retrieval.lexical import content_words

__all__ = ["CanonicalText", "canonicalise", "has_words", "visible"]

_ENDS_SENTENCE = re.compile(r"[.!?…:;][\"'”’)\]]*$")
# A heading of fewer words may as well be the subject of the sentence that it seems to run into.
_SHORTEST_RUN_IN_WORDS = 3
_RUN_IN = re.compile(r"(?P<separator>[ :–—-]+)[\"“]?(?P<word>\w\w+)")
# Of the categories Cc and Cs all but white space; soft hyphens, zero-width spaces, word joiners, byte order marks.
_INVISIBLE = re.compile("[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060\ud800-\udfff\ufeff]")
# A fragment of fewer words is taken for a label and not for the first part of a sentence.
_SHORTEST_FRAGMENT_WORDS = 4
# What is longer is a paragraph that is set large: as a heading it would go before every passage below it.
_LONGEST_HEADING_WORDS = 50


@dataclass(frozen=True, slots=True)
class CanonicalText:
    """A text of record, laid out as `corpus.layout` says, the ranges in it that are headings, and where it stood."""

    text: str
    headings: tuple[Heading, ...]
    places: tuple[Place, ...] = ()


def canonicalise(raw: RawDocument) -> CanonicalText:
    """Lays the blocks out as one text. Idempotent: reading the text again gives the same text."""
    blocks = [_block(replace(block, text=_clean(block.text))) for block in raw.blocks if has_words(block.text)]
    return _lay_out(_healed(blocks))


def visible(text: str) -> str:
    """`text` in NFC and without invisible characters; white space and line ends stay as they are.

    Control characters, soft hyphens, zero-width spaces and byte order marks go; joiners and direction marks stay.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def has_words(text: str) -> bool:
    """Whether `text` holds anything to read; a line of dashes or dots is markup."""
    return any(character.isalnum() for character in text)


def _clean(text: str) -> str:
    return " ".join(visible(text).split())


def _block(block: Block) -> Block:
    """The block as what it can be: an item needs its mark, a row more cells than one, and a heading is short."""
    if block.continues:
        return block
    match block.kind:
        case BlockKind.ITEM:
            holds = ITEM_MARK.match(block.text) is not None
        case BlockKind.ROW:
            holds = CELL_SEPARATOR in f" {block.text} "
        case BlockKind.HEADING:
            holds = len(block.text.split()) <= _LONGEST_HEADING_WORDS
        case BlockKind.PARAGRAPH:
            holds = True
        case _:
            assert_never(block.kind)
    return block if holds else replace(block, kind=BlockKind.PARAGRAPH)


def _healed(blocks: list[Block]) -> list[list[Block]]:
    """Each block with those that go on with it, where a break fell into the middle of a sentence."""
    healed: list[list[Block]] = []
    for block in blocks:
        if healed and _continues(healed[-1], block):
            healed[-1].append(block)
        else:
            healed.append([block])
    return healed


def _continues(parts: list[Block], following: Block) -> bool:
    last = parts[-1]
    if following.continues and last.kind is following.kind:
        return True
    return (
        last.kind is following.kind is BlockKind.PARAGRAPH
        and following.text[0].islower()
        and not _ENDS_SENTENCE.search(last.text)
        # Every block has words, so that a few are enough to count: a text may be one long run of fragments.
        and sum(len(part.text.split()) for part in parts[:_SHORTEST_FRAGMENT_WORDS]) >= _SHORTEST_FRAGMENT_WORDS
    )


def _lay_out(runs: list[list[Block]]) -> CanonicalText:
    text = ""
    headings: list[Heading] = []
    places: list[Place] = []
    titles: list[Block] = []
    previous: BlockKind | None = None
    for parts in runs:
        block = replace(parts[0], text=" ".join(part.text for part in parts))
        if text:
            text += "\n" if previous == block.kind and _goes_on(block) else PARAGRAPH_BREAK
        start = len(text)
        text += block.text
        previous = block.kind
        _note_places(parts, start, places)
        if block.kind is BlockKind.HEADING:
            titles.append(block)
            headings.append(Heading(start, len(text), block.level))
        elif block.kind is BlockKind.PARAGRAPH and (title := _run_in(block, titles)):
            headings.append(Heading(start, start + len(title.text), title.level))
    return CanonicalText(text, tuple(headings), tuple(places))


def _goes_on(block: Block) -> bool:
    """Whether the block is a further line of the list or table before it."""
    return block.kind is BlockKind.ITEM or (block.kind is BlockKind.ROW and block.level == 0)


def _note_places(parts: list[Block], start: int, places: list[Place]) -> None:
    """Adds a place wherever the page or the fragment is another than before."""
    for part in parts:
        before = (places[-1].page, places[-1].fragment) if places else (None, None)
        if (part.page, part.fragment) != before:
            places.append(Place(start, part.page, part.fragment))
        start += len(part.text) + 1


def _run_in(block: Block, titles: list[Block]) -> Block | None:
    """The longest earlier heading that this paragraph repeats before its first sentence, with the sign that parts them.

    A capital letter alone is no proof: the heading may be the subject of the sentence ("Glimmer Moth of Vantor (GMV)
    is …", "Glimmer Moth of Vantor Lake is …"). The sentence has to open with a word that can't go on a name, or with
    one of the heading's own.
    """
    for title in sorted(titles, key=lambda title: -len(title.text)):
        words = title.text.casefold().split()
        found = _RUN_IN.match(block.text, len(title.text)) if block.text.startswith(title.text) else None
        if found is None or len(words) < _SHORTEST_RUN_IN_WORDS or ITEM_MARK.match(block.text):
            continue
        word = found["word"]
        if word[0].isupper() and (word.casefold() in words or not content_words(word)):
            return replace(title, text=title.text + found["separator"].rstrip())
    return None

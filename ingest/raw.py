"""What a reader makes of a file: blocks of text with their kind, before anything is vetted."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Block", "BlockKind", "IngestError", "RawDocument"]


class IngestError(Exception):
    """A file that can't be vetted; the message says what, found, wanted and the remedy."""


class BlockKind(StrEnum):
    """What a block of text is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item (its mark included) or table row. `level` counts for headings only."""

    kind: BlockKind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The blocks of a file in reading order."""

    blocks: tuple[Block, ...]

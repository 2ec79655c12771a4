"""What a reader makes of a file: blocks of text with their kind, before anything is vetted."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from corpus.model import Source

__all__ = ["UNSTATED", "Block", "BlockKind", "Dropped", "DroppedKind", "IngestError", "RawDocument", "Reader"]


UNSTATED = Source("")


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
    """One heading, paragraph, list item (its mark included) or table row.

    `level` counts for headings; of rows, one of level 1 begins a table.

    `page` and `fragment` say where in the original it begins, as `corpus.model.Place` does. A block that `continues`
    goes on with the one before it, of the same kind, in the middle of a sentence: where a page break parted them.
    """

    kind: BlockKind
    text: str
    level: int = 0
    page: str | None = None
    fragment: str | None = None
    continues: bool = False


class DroppedKind(StrEnum):
    """Why a reader left words of the file out of the text."""

    HEADER = "running header"
    FOOTER = "running footer"
    PAGE_NUMBER = "page number"
    HYPHEN = "hyphen at a line end"
    NAVIGATION = "navigation"
    HIDDEN = "hidden text"
    COOKIES = "cookie banner"
    COMMENTS = "comments of visitors"
    CONTROL = "form control"
    DELETED = "deleted text"
    NOTE_MARK = "mark of a note"
    PRONUNCIATION = "pronunciation beside a word"
    PICTURE = "words in a picture"
    IMAGE_PAGE = "page without text"


@dataclass(frozen=True, slots=True)
class Dropped:
    """Words of the file that are no part of the text, and why; of a healed hyphen, the word as it was parted."""

    kind: DroppedKind
    text: str
    page: str | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """The blocks of a file in reading order, what the file states about itself, and what was left out of it.

    An empty title of `stated` is one that the file doesn't state.
    """

    blocks: tuple[Block, ...]
    stated: Source = UNSTATED
    dropped: tuple[Dropped, ...] = ()


Reader = Callable[[bytes], RawDocument]
"""Makes a document of a file's bytes, or raises an IngestError that says what was found and wanted, not where."""

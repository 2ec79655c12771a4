"""What is taken in, one item a document, wherever it lies: in a folder, an archive, a file of records, on the web."""

import hashlib
from dataclasses import dataclass

from corpus.model import Source
from ingest.raw import UNSTATED

__all__ = ["Item", "Refused", "Skipped", "Unchanged"]


@dataclass(frozen=True, slots=True)
class Item:
    """The bytes of one document. `path` names it within what is taken in: "leaflets/moths.pdf", "all.zip/moths.pdf".

    `ending` says its format, as the ending of a file's name does (".pdf"). `stated` is what is known of its source from
    outside it: a record's title and address, the address of a page. `etag` and `modified` are the web server's words.
    """

    path: str
    ending: str
    data: bytes
    stated: Source = UNSTATED
    etag: str | None = None
    modified: str | None = None

    @property
    def sha256(self) -> str:
        """SHA-256 of the bytes, in lower-case hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was not taken in, and why in one line: what was found, what was wanted, the remedy."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """What is no document and was never meant to be one, a picture or a style sheet, or is to be left out; and why."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What is as it was when it was taken in, so that nobody read it again."""

    path: str

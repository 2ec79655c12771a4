"""Ids of documents out of their paths: the same from one run to the next, whatever other files come and go."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from corpus.model import Document
from ingest.raw import IngestError

__all__ = ["Ids", "Known", "slug", "valid_id"]

# Names of files hold an id, two digests' worth of letters and an ending, and may be of 255 bytes on any disk.
_LONGEST = 100
_DIGITS = range(8, 65)
_SCHEME = re.compile(r"^[a-z]+://(www\.)?", re.IGNORECASE)
_RECORD = re.compile(r"\.(jsonl|ndjson)(\.gz)?#(?P<record>.+)$", re.IGNORECASE | re.DOTALL)
_ARCHIVE = re.compile(r"\.zip(?=/)", re.IGNORECASE)
_ENDING = re.compile(r"(?<=[^/.])(\.[A-Za-z0-9]{1,8}|/)$")


def slug(name: str) -> str:
    """`name` as an id of lower-case letters, digits and hyphens; "document" if nothing is left of it."""
    return _plain(name) or "document"


def valid_id(document_id: str) -> str:
    """The id that somebody gave on the command line.

    Raises:
        IngestError: if it is none.
    """
    if slug(document_id) != document_id:
        raise IngestError(f"id {document_id!r}: wanted lower-case letters, digits and hyphens; give another --id")
    return document_id


@dataclass(frozen=True, slots=True)
class Known:
    """What a corpus has of one root: id and digest of the origin by path; `taken` are the ids of everything else."""

    paths: Mapping[str, tuple[str, str]]
    taken: frozenset[str]

    @classmethod
    def of(cls, documents: Iterable[Document], root: str) -> "Known":
        """What the documents say of themselves; one that says nothing of its origin leaves its id to a newcomer."""
        paths: dict[str, tuple[str, str]] = {}
        taken: set[str] = set()
        for document in documents:
            if document.origin and document.origin.root == root:
                paths[document.origin.path] = (document.id, document.origin.sha256)
            elif document.origin:
                taken.add(document.id)
        return cls(paths, frozenset(taken))

    @classmethod
    def nothing(cls) -> "Known":
        """Of an empty corpus."""
        return cls({}, frozenset())

    def has(self, path: str, sha256: str) -> bool:
        """Whether what lies at `path` was taken in as it is."""
        return path in self.paths and self.paths[path][1] == sha256


class Ids:
    """Gives every path its id, none twice.

    A path that the corpus knows keeps its id. Another gets one of the words of its path, a record its own; where that
    is taken, or not a letter of it can be written in an id, a hash of the path tells it apart.
    """

    def __init__(self, known: Known) -> None:
        self._known = {path: document_id for path, (document_id, _) in known.paths.items()}
        self._owners = {document_id: path for path, document_id in self._known.items()}
        self._owners |= dict.fromkeys(known.taken, "another document of the corpus")

    def of(self, path: str, stated: str | None) -> str:
        """The id of what lies at `path`; `stated` is the one that somebody gave it.

        Raises:
            IngestError: if the stated one is none, or another's.
        """
        document_id = self._stated(path, stated) if stated else self._known.get(path) or self._free(path)
        self._owners[document_id] = path
        return document_id

    def _stated(self, path: str, stated: str) -> str:
        if slug(stated) != stated or len(stated) > _LONGEST:
            raise IngestError(
                f"its id {stated!r} is none, wanted lower-case letters, digits and hyphens, {_LONGEST} at most; "
                "state another"
            )
        if self._owners.get(stated, path) != path:
            raise IngestError(f"its id {stated!r} is that of {self._owners[stated]} already; state another")
        return stated

    def _free(self, path: str) -> str:
        record = _RECORD.search(path)
        words = _plain(record["record"] if record else _ENDING.sub("", _ARCHIVE.sub("", _SCHEME.sub("", path))))
        if words and len(words) <= _LONGEST and self._owners.get(words, path) == path:
            return words
        told_apart = hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()
        # Somebody may have named another file like an id with a hash: then more of its digits tell the two apart.
        ids = (
            f"{(words or 'document')[: _LONGEST - digits - 1].strip('-')}-{told_apart[:digits]}" for digits in _DIGITS
        )
        return next(one for one in ids if self._owners.get(one, path) == path)


def _plain(name: str) -> str:
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")

"""From what was found to documents that are ready for the corpus: read, laid out, with source and id."""

import hashlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from corpus.model import Document, Origin, Source
from corpus.store import digest, stated
from ingest.canonical import CanonicalText, canonicalise, has_words
from ingest.ids import Ids, Known
from ingest.items import Item, Refused, Skipped, Unchanged
from ingest.names import LEFT_OUT, name_of
from ingest.provenance import NAMES, Finding, Provenance
from ingest.raw import UNSTATED, Dropped, IngestError
from ingest.readers.formats import reader_of
from ingest.readers.signatures import check_name
from ingest.worker import Limits
from ingest.workers import isolated

__all__ = ["READING_VERSION", "Prepared", "Reading", "prepare", "read_apart", "read_item", "source_of"]

READING_VERSION = 1
"""Counts up when readers make something else of the same bytes, so that a synchronisation reads every file again."""

Passed = TypeVar("Passed")
_LIMITS = Limits()
# A file that states everything, to see what would count more than that.
_ALL_STATED = Source("-", "-", "-", "-", date.min, date.min)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of an item: its text of record, what the file states of itself, what was left out."""

    canonical: CanonicalText
    stated: Source
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that is ready for the corpus.

    `sha256` is of the bytes it was read from and of everything else that bears on the result, as `corpus.model.Origin`
    keeps it. `dropped` is what was left out of the text, `findings` where the words about its source come from.
    """

    path: str
    id: str
    source: Source
    canonical: CanonicalText
    sha256: str
    etag: str | None = None
    modified: str | None = None
    dropped: tuple[Dropped, ...] = ()
    findings: tuple[Finding, ...] = ()

    def document(self, root: str) -> Document:
        """As the corpus holds it; `root` is that of its origin (`corpus.model.Origin`)."""
        return Document(
            self.id,
            self.source,
            digest(self.canonical.text),
            self.canonical.headings,
            self.canonical.text,
            self.canonical.places,
            Origin(root, self.path, self.sha256, self.etag, self.modified),
        )


def prepare(
    found: Iterable[Item | Passed], provenance: Provenance, known: Known, limits: Limits = _LIMITS
) -> Generator[Prepared | Unchanged | Skipped | Refused | Passed]:
    """Reads each item, in order; what `known` has as it is isn't read again, and what is no item is passed on.

    Close what this gives to end its processes, if it is not exhausted.
    """
    ids = Ids(known)
    with closing(isolated(read_item, _asked(found, provenance, known), limits)) as read:
        for (one, sha256), reading in read:
            if not isinstance(one, Item):
                yield one
            elif isinstance(reading, Reading):
                yield _prepared(one, sha256, reading, provenance, ids)
            else:
                yield Refused(one.path, str(reading))


def read_item(item: Item) -> Reading:
    """The text of record of an item.

    Raises:
        IngestError: if it can't be read, or holds no words.
    """
    reader = reader_of(item.ending)
    check_name(item.data, item.ending)
    raw = reader(item.data)
    canonical = canonicalise(raw)
    if not has_words(canonical.text):
        raise IngestError("holds no words, wanted a text to quote from; name another file")
    return Reading(canonical, raw.stated, raw.dropped)


def read_apart(item: Item, limits: Limits) -> Reading:
    """Does what `read_item` does, in a process of its own.

    Raises:
        IngestError: if the item can't be read within the limits.
    """
    ((_, outcome),) = isolated(read_item, [(None, item)], limits)
    if isinstance(outcome, Reading):
        return outcome
    raise outcome or IngestError("was not read; try again")


def _asked(
    found: Iterable[Item | Passed], provenance: Provenance, known: Known
) -> Iterator[tuple[tuple[Item | Unchanged | Skipped | Passed, str], Item | None]]:
    """What to read with what has to be remembered of it, its bytes apart; or what to pass on."""
    for one in found:
        if not isinstance(one, Item):
            yield (one, ""), None
        elif provenance.skips(one.path):
            yield (Skipped(one.path, LEFT_OUT), ""), None
        else:
            sha256 = _sha256(one, provenance)
            if known.has(one.path, sha256):
                yield (Unchanged(one.path), ""), None
            else:
                yield (replace(one, data=b""), sha256), one


def _prepared(item: Item, sha256: str, reading: Reading, provenance: Provenance, ids: Ids) -> Prepared | Refused:
    try:
        source, findings = source_of(item, reading, provenance)
        document_id = ids.of(item.path, provenance.id_of(item.path))
    except IngestError as error:
        return Refused(item.path, str(error))
    return Prepared(
        *(item.path, document_id, source, reading.canonical, sha256, item.etag, item.modified),
        *(reading.dropped, findings),
    )


def source_of(item: Item, reading: Reading, provenance: Provenance) -> tuple[Source, tuple[Finding, ...]]:
    """The source of a document as the manifest keeps it, and who states something of it.

    A title that nobody states is the document's first heading, or else the file's name.

    Raises:
        IngestError: if one of its texts can't be written, because it came from bytes that are no UTF-8.
    """
    says = _both(item.stated, reading.stated)
    source = provenance.of(item.path, says)
    canonical = reading.canonical
    heading = next((canonical.text[heading.start : heading.end] for heading in canonical.headings), "")
    texts = (source.title or heading or name_of(item.path), source.url, source.publisher, source.licence)
    for text in texts:
        try:
            (text or "").encode("utf-8")
        except UnicodeEncodeError:
            raise IngestError(f"{text!a} is no text in UTF-8; state it in UTF-8, a title with --title") from None
    title, *others = texts
    url, publisher, licence = map(stated, others)
    kept = Source(title or "", url, publisher, licence, source.reviewed, source.review_due)
    return kept, provenance.findings(item.path, says)


def _both(outside: Source, inside: Source) -> Source:
    """What is known from outside a file (a record's title, a page's address), else what it says of itself."""
    values: dict[str, Any] = {name: getattr(outside, name) or getattr(inside, name) for name in NAMES}
    return Source(**values)


def _sha256(item: Item, provenance: Provenance) -> str:
    """Of the item's bytes and all that bears on what becomes of them."""
    entry = (provenance.of(item.path, UNSTATED), provenance.of(item.path, _ALL_STATED), provenance.id_of(item.path))
    bears = repr((READING_VERSION, item.ending, item.stated, *entry))
    return hashlib.sha256(item.data + bears.encode("utf-8", "surrogatepass")).hexdigest()

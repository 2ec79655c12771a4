"""From what was found to documents that are ready for the corpus: read, laid out, with source and id."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.model import Document, Origin, Source
from corpus.store import digest, stated
from ingest.canonical import CanonicalText, canonicalise, has_words
from ingest.ids import Ids, Known
from ingest.items import Item, Refused, Skipped, Unchanged
from ingest.provenance import Finding, Provenance
from ingest.raw import Dropped, IngestError
from ingest.readers.formats import reader_of

__all__ = ["READING_VERSION", "Prepared", "prepare"]

READING_VERSION = 1
"""Counts up when readers make something else of the same bytes, so that a synchronisation reads every file again."""


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
    found: Iterable[Item | Unchanged | Skipped | Refused],
    provenance: Provenance,
    known: Known,
) -> Iterator[Prepared | Unchanged | Skipped | Refused]:
    """Reads each item, in order; what `known` has as it is is not read again, and what isn't read is passed on."""
    ids = Ids(known)
    for one in found:
        if not isinstance(one, Item):
            yield one
            continue
        sha256 = _sha256(one, provenance)
        if known.has(one.path, sha256):
            yield Unchanged(one.path)
            continue
        try:
            yield _prepared(one, sha256, provenance, ids)
        except IngestError as error:
            yield Refused(one.path, str(error))


def _prepared(item: Item, sha256: str, provenance: Provenance, ids: Ids) -> Prepared:
    raw = reader_of(item.ending)(item.data)
    canonical = canonicalise(raw)
    if not has_words(canonical.text):
        raise IngestError("holds no words, wanted a text to quote from; leave it out or name another file")
    says = Source(
        raw.stated.title or item.stated.title,
        item.stated.url or raw.stated.url,
        raw.stated.publisher or item.stated.publisher,
        raw.stated.licence or item.stated.licence,
        raw.stated.reviewed or item.stated.reviewed,
        raw.stated.review_due or item.stated.review_due,
    )
    source = provenance.of(item.path, says)
    heading = next((canonical.text[heading.start : heading.end] for heading in canonical.headings), "")
    source = replace(source, title=source.title or heading or PurePosixPath(item.path).stem)
    source = replace(source, url=stated(source.url), publisher=stated(source.publisher), licence=stated(source.licence))
    document_id = ids.of(item.path, provenance.id_of(item.path))
    findings = provenance.findings(item.path, says)
    return Prepared(item.path, document_id, source, canonical, sha256, item.etag, item.modified, raw.dropped, findings)


def _sha256(item: Item, provenance: Provenance) -> str:
    """Of the item's bytes and all that bears on what becomes of them."""
    bears = (
        READING_VERSION,
        item.ending,
        item.stated,
        provenance.of(item.path, Source("")),
        provenance.id_of(item.path),
    )
    return hashlib.sha256(item.data + repr(bears).encode("utf-8", "surrogatepass")).hexdigest()

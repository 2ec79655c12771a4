"""Vets a file into a corpus folder: read, canonicalise, write the text, then its line in the manifest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Document, Source
from corpus.store import CorpusError, digest, load_corpus, manifest_path
from ingest.folder import contents
from ingest.ids import slug, valid_id
from ingest.items import Item, Refused, Skipped
from ingest.merge import same_but_for_origin
from ingest.prepare import Reading, read_item, source_of
from ingest.provenance import Finding, Provenance
from ingest.publish import publish, writing
from ingest.raw import Dropped, IngestError
from ingest.sizes import Sizes

__all__ = ["Vetted", "Wanted", "vet", "vet_with"]

_SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Vetted:
    """A document as stored, what was left out of its text, and who states something of its source."""

    document: Document
    dropped: tuple[Dropped, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody says of a file's source, and of its id if they give one, and whether it may replace another."""

    source: Source
    document_id: str | None
    replace_existing: bool


def vet(path: Path, root: Path, source: Source, *, document_id: str | None, replace_existing: bool) -> Document:
    """Vets one file into the corpus at `root`, which is made if need be, and gives the document as stored.

    What `source` doesn't state comes from `corpus.toml` beside the file and from the file itself, a title at last from
    the first heading or the file's name; a missing `document_id` from `corpus.toml` or the file's name. A document that
    is there already with the same text and source stays as it is.

    Raises:
        IngestError: if the file can't be read, holds no words, or would silently replace another document.
        CorpusError: if the corpus at `root` can't be trusted.
    """
    return vet_with(read_item, path, root, Wanted(source, document_id, replace_existing)).document


def vet_with(read: Callable[[Item], Reading], path: Path, root: Path, wanted: Wanted, sizes: Sizes = _SIZES) -> Vetted:
    """Does what `vet` does, with a reader of one's own."""
    if not path.is_file():
        raise IngestError(f"{path} is no file; name a file that exists")
    provenance = Provenance.read(path.parent, wanted.source, recursive=False)
    stated_id = wanted.document_id or provenance.id_of(path.name)
    document_id = valid_id(stated_id) if stated_id else slug(path.stem)
    try:
        item = _only(contents(path, path.name, sizes=sizes))
        reading = read(item)
        source, findings = source_of(item, reading, provenance)
    except IngestError as error:
        raise IngestError(f"{path}: {error}") from None
    text = reading.canonical
    new = Document(document_id, source, digest(text.text), text.headings, text.text, text.places)
    with writing(root):
        stored = _stored(new, root, replace_existing=wanted.replace_existing)
    return Vetted(stored, reading.dropped, findings)


def _only(found: Iterator[Item | Skipped | Refused]) -> Item:
    """The item that a file is, if it is one document."""
    first, *others = [*found] or [Refused("", "holds no document; name another file")]
    if others:
        raise IngestError("holds many documents, wanted one; take them in with: insights ingest")
    if not isinstance(first, Item):
        raise IngestError(first.why)
    return first


def _stored(new: Document, root: Path, *, replace_existing: bool) -> Document:
    documents = _present(new.id, root, replace_existing=replace_existing)
    present = documents.get(new.id)
    if present is not None and same_but_for_origin(present, new):
        return present
    if present is not None and not replace_existing:
        raise IngestError(
            f"{new.id!r} is in {root} already with another text or source; replace it with --replace, "
            "or keep both with --id OTHER"
        )
    publish(root, documents, documents | {new.id: new})
    return new


def _present(document_id: str, root: Path, *, replace_existing: bool) -> dict[str, Document]:
    """The documents of the corpus; one that is about to be replaced need not be as it was vetted."""
    if not manifest_path(root).exists():
        return {}
    try:
        return dict(load_corpus(root).documents)
    except CorpusError:
        if not replace_existing:
            raise
        return dict(load_corpus(root, without=document_id).documents)

"""Vets a file into a corpus folder: read, canonicalise, write the text, then its line in the manifest."""

from dataclasses import replace
from pathlib import Path

from corpus.model import Document, Source
from corpus.store import CorpusError, digest, load_corpus, manifest_line, manifest_path, stated
from ingest.canonical import CanonicalText, canonicalise, has_words
from ingest.ids import slug
from ingest.publish import publish, writing
from ingest.raw import IngestError, Reader
from ingest.readers.formats import reader_of

__all__ = ["vet"]


def vet(path: Path, root: Path, source: Source, *, document_id: str | None, replace_existing: bool) -> Document:
    """Vets one file into the corpus at `root`, which is made if need be, and gives the document as stored.

    An empty `source.title` is filled with the document's first heading, or else the file's name; a missing
    `document_id` with the file's name. A document that is there already with the same text and source stays as it is.

    Raises:
        IngestError: if the file can't be read, holds no words, or would silently replace another document.
        CorpusError: if the corpus at `root` can't be trusted.
    """
    canonical = _read(path)
    if not has_words(canonical.text):
        raise IngestError(f"{path} holds no words, wanted a text to quote from; name another file")
    new = Document(
        _valid_id(document_id) if document_id else slug(path.stem),
        _as_stored(replace(source, title=source.title or _first_heading(canonical) or path.stem)),
        digest(canonical.text),
        canonical.headings,
        canonical.text,
        canonical.places,
    )
    with writing(root):
        _stored(new, root, replace_existing=replace_existing)
    return new


def _read(path: Path) -> CanonicalText:
    reader = _reader(path)
    try:
        return canonicalise(reader(path.read_bytes()))
    except OSError as error:
        raise IngestError(f"{path} can't be read: {error.strerror}; name a readable file") from error
    except IngestError as error:
        raise IngestError(f"{path}: {error}") from None


def _reader(path: Path) -> Reader:
    if not path.is_file():
        raise IngestError(f"{path} is no file; name a file that exists")
    try:
        return reader_of(path.suffix)
    except IngestError as error:
        raise IngestError(f"{path}: {error}") from None


def _first_heading(canonical: CanonicalText) -> str:
    return next((canonical.text[heading.start : heading.end] for heading in canonical.headings), "")


def _valid_id(document_id: str) -> str:
    if slug(document_id) != document_id:
        raise IngestError(f"id {document_id!r}: wanted lower-case letters, digits and hyphens; give another --id")
    return document_id


def _as_stored(source: Source) -> Source:
    """`source` as the manifest gives it back.

    Raises:
        IngestError: if one of its texts can't be written, because it came from bytes that are no UTF-8.
    """
    for text in (source.title, source.url, source.publisher, source.licence):
        try:
            (text or "").encode("utf-8")
        except UnicodeEncodeError:
            raise IngestError(f"{text!a} is no text in UTF-8; state it in UTF-8, a title with --title") from None
    return replace(source, url=stated(source.url), publisher=stated(source.publisher), licence=stated(source.licence))


def _stored(new: Document, root: Path, *, replace_existing: bool) -> None:
    documents = _present(new.id, root, replace_existing=replace_existing)
    present = documents.get(new.id)
    if present is not None and manifest_line(present) == manifest_line(new):
        return
    if present is not None and not replace_existing:
        raise IngestError(
            f"{new.id!r} is in {root} already with another text or source; replace it with --replace, "
            "or keep both with --id OTHER"
        )
    publish(root, documents, documents | {new.id: new})


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

"""Vets a file into a corpus folder: read, canonicalise, write the text, then its line in the manifest."""

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.model import Document, Source
from corpus.store import (
    CorpusError,
    digest,
    document_path,
    load_corpus,
    manifest_line,
    manifest_path,
    staged_path,
    stated,
)
from ingest.canonical import CanonicalText, canonicalise, has_words
from ingest.raw import IngestError, RawDocument
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_text
from retrieval.generation import sync

__all__ = ["READERS", "slug", "vet"]

_LOCK = "ingest.lock"
_LOCK_TIMEOUT_S = 30

READERS: Mapping[str, Callable[[Path], RawDocument]] = {
    ".txt": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
}


def vet(path: Path, root: Path, source: Source, *, document_id: str | None, replace_existing: bool) -> Document:
    """Vets one file into the corpus at `root`, which is made if need be, and gives the document as stored.

    An empty `source.title` is filled with the document's first heading, or else the file's name; a missing
    `document_id` with the file's name. A document that is there already with the same text and source stays as it is.

    Raises:
        IngestError: if the file can't be read, holds no words, or would silently replace another document.
        CorpusError: if the corpus at `root` can't be trusted.
    """
    canonical = canonicalise(_reader(path)(path))
    if not has_words(canonical.text):
        raise IngestError(f"{path} holds no words, wanted a text to quote from; name another file")
    new = Document(
        _valid_id(document_id) if document_id else slug(path.stem),
        _as_stored(replace(source, title=source.title or _first_heading(canonical) or path.stem)),
        digest(canonical.text),
        canonical.headings,
        canonical.text,
    )
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / _LOCK, timeout=_LOCK_TIMEOUT_S):
            _store(new, root, replace_existing=replace_existing)
    except Timeout:
        raise IngestError(
            f"another document is being vetted into {root}; wait until that ends, then try again"
        ) from None
    except OSError as error:
        raise IngestError(f"{root} can't be written to ({error}); name another folder with --corpus") from error
    return new


def slug(name: str) -> str:
    """`name` as an id of lower-case letters, digits and hyphens; "document" if nothing is left of it."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-") or "document"


def _reader(path: Path) -> Callable[[Path], RawDocument]:
    if not path.is_file():
        raise IngestError(f"{path} is no file; name a file that exists")
    try:
        return READERS[path.suffix.lower()]
    except KeyError:
        kinds = ", ".join(READERS)
        raise IngestError(
            f"{path}: found the ending {path.suffix!r}, wanted one of {kinds}; convert it first"
        ) from None


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


def _store(new: Document, root: Path, *, replace_existing: bool) -> None:
    """Writes the text, then the manifest that vouches for it: killed at any moment, the corpus is the old or the new.

    The text of a document that is replaced stays in its place until the manifest no longer vouches for it.
    """
    documents = _present(new.id, root, replace_existing=replace_existing)
    present = documents.get(new.id)
    if present is not None and manifest_line(present) == manifest_line(new):
        return
    if present is not None and not replace_existing:
        raise IngestError(
            f"{new.id!r} is in {root} already with another text or source; replace it with --replace, "
            "or keep both with --id OTHER"
        )
    path, staged = document_path(root, new.id), staged_path(root, new.id, new.sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(staged, new.text)
    documents[new.id] = new
    manifest = manifest_path(root)
    manifest_staged = manifest.with_name(f".{manifest.name}.new")
    _write(manifest_staged, "".join(f"{manifest_line(document)}\n" for document in documents.values()))
    manifest_staged.replace(manifest)
    sync(root)
    staged.replace(path)
    sync(path.parent)
    for left in path.parent.glob(f".{new.id}.*.new"):
        with suppress(FileNotFoundError):
            left.unlink()


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


def _write(path: Path, text: str) -> None:
    """Writes a file, and waits until it and its name are on the disk."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)

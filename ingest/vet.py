"""Vets a file into a corpus folder: read, canonicalise, write the text, then its line in the manifest."""

import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from corpus.model import Document, Source
from corpus.store import digest, document_path, load_corpus, manifest_line, manifest_path
from ingest.canonical import CanonicalText, canonicalise
from ingest.raw import IngestError, RawDocument
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_text

__all__ = ["READERS", "slug", "vet"]

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
    if not any(character.isalnum() for character in canonical.text):
        raise IngestError(f"{path} holds no words, wanted a text to quote from; name another file")
    title = source.title or _first_heading(canonical) or path.stem
    new = Document(
        _valid_id(document_id) if document_id else slug(path.stem),
        replace(source, title=title),
        digest(canonical.text),
        canonical.headings,
        canonical.text,
    )
    _store(new, root, replace_existing=replace_existing)
    return new


def slug(name: str) -> str:
    """`name` as an id of lower-case letters, digits and hyphens; "document" if nothing is left of it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "document"


def _write_atomically(path: Path, text: str) -> None:
    """Writes beside `path`, syncs, and renames over it: a reader sees the old text or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f".{path.name}.new")
    with staged.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)


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


def _store(new: Document, root: Path, *, replace_existing: bool) -> None:
    documents: dict[str, Document] = {}
    if manifest_path(root).exists():
        documents |= load_corpus(root, without=new.id if replace_existing else None).documents
    present = documents.get(new.id)
    if present is not None and (present != new or present.source != new.source):
        raise IngestError(
            f"{new.id!r} is in {root} already with another text or source; replace it with --replace, "
            "or keep both with --id OTHER"
        )
    documents[new.id] = new
    _write_atomically(document_path(root, new.id), new.text)
    _write_atomically(manifest_path(root), "".join(f"{manifest_line(document)}\n" for document in documents.values()))

"""Writes a corpus out: all of it to move or archive, its texts alone, or its documents as JSON lines.

The same corpus always gives the same bytes.
"""

import gzip
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.model import Document
from corpus.store import Corpus, document_path, manifest_line, manifest_path
from corpus.versions import version_paths
from ingest.raw import IngestError

__all__ = ["Format", "export", "format_of"]

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can write
_MODE = 0o100644 << 16


class Format(StrEnum):
    """What is written: a whole corpus folder, its texts alone, or a JSON object a document."""

    CORPUS = "corpus"
    TXT = "txt"
    JSONL = "jsonl"


def format_of(target: Path) -> Format:
    """The format that the name of a file asks for."""
    return Format.JSONL if target.name.lower().endswith((".jsonl", ".jsonl.gz")) else Format.CORPUS


def export(corpus: Corpus, target: Path, form: Format) -> int:
    """Writes the corpus to `target`: JSON lines to a file, gzipped if it is called .gz; else to a ZIP or a new folder.

    Gives how many files or lines were written. What was there is replaced when all is written; a folder has to be
    empty.

    Raises:
        IngestError: if the target is a folder where a file is wanted, or a folder that holds something.
    """
    if form is Format.JSONL:
        return _write_lines(corpus, target)
    files = dict(_files(corpus) if form is Format.CORPUS else _texts(corpus))
    if target.suffix.lower() == ".zip":
        _write_zip(files, target)
    else:
        _write_folder(files, target)
    return len(files)


def _files(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    """The files of a corpus folder by their paths in it, as a reader of the corpus finds them."""
    root, documents = corpus.root, corpus.documents.values()
    manifest = "".join(f"{manifest_line(document)}\n" for document in documents)
    yield manifest_path(root).name, manifest.encode("utf-8")
    for document in documents:
        yield str(document_path(root, document.id).relative_to(root)), document.text.encode("utf-8")
    folder = version_paths(root, "any", "")[0].parent
    for path in sorted(folder.glob("*@*")):
        yield str(path.relative_to(root)), path.read_bytes()


def _texts(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    for document in corpus.documents.values():
        yield f"{document.id}.txt", document.text.encode("utf-8")


def _record(document: Document) -> str:
    source = document.source
    known = {
        "id": document.id,
        "title": source.title,
        "text": document.text,
        "url": source.url,
        "publisher": source.publisher,
        "licence": source.licence,
        "reviewed": source.reviewed and source.reviewed.isoformat(),
        "review_due": source.review_due and source.review_due.isoformat(),
    }
    return json.dumps({key: value for key, value in known.items() if value is not None}, ensure_ascii=False) + "\n"


def _write_lines(corpus: Corpus, target: Path) -> int:
    data = "".join(map(_record, corpus.documents.values())).encode("utf-8")
    _replace(target, gzip.compress(data, mtime=0) if target.suffix.lower() == ".gz" else data)
    return len(corpus.documents)


def _write_zip(files: dict[str, bytes], target: Path) -> None:
    with _beside(target) as staged:
        with zipfile.ZipFile(staged, "w") as archive:
            for name in sorted(files):
                entry = zipfile.ZipInfo(Path(name).as_posix(), _FIRST_DAY)
                entry.external_attr = _MODE
                entry.create_system = 3  # Unix, wherever it is written
                archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 6)
        staged.replace(target)


def _write_folder(files: dict[str, bytes], target: Path) -> None:
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise IngestError(f"{target} is there already, wanted a new or empty folder, or a name that ends in .zip")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as made:
        staged = Path(made) / "all"
        for name, data in files.items():
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        if target.is_dir():
            target.rmdir()
        shutil.move(staged, target)


def _replace(target: Path, data: bytes) -> None:
    with _beside(target) as staged:
        staged.write_bytes(data)
        staged.replace(target)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A file to write beside the target, in a folder that goes afterwards."""
    if target.is_dir():
        raise IngestError(f"{target} is a folder, wanted a file to write; name one in it")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as made:
        yield Path(made) / target.name

"""Puts documents into a corpus folder, its only writer: killed at any moment, the corpus is the old or the new.

The manifest is what counts, and it is replaced with one rename. Before that, every new text waits beside the old one
under a name of its own (`corpus.store` finds it there), and every text that is about to go is kept as an earlier
version.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.model import Document
from corpus.store import document_path, manifest_line, manifest_path, staged_path
from corpus.versions import version_paths
from ingest.raw import IngestError
from retrieval.generation import sync

__all__ = ["publish", "writing"]

_LOCK = "ingest.lock"
_LOCK_TIMEOUT_S = 30


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Makes the folder of a corpus if need be, and holds the lock of its only writer.

    Raises:
        IngestError: if another one is writing, or the folder can't be written to.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / _LOCK, timeout=_LOCK_TIMEOUT_S):
            yield
    except Timeout:
        raise IngestError(
            f"another document is being vetted into {root}; wait until that ends, then try again"
        ) from None
    except OSError as error:
        raise IngestError(f"{root} can't be written to ({error}); name another folder with --corpus") from error


def publish(root: Path, before: Mapping[str, Document], after: Mapping[str, Document]) -> None:
    """Makes the documents of the corpus at `root`, which are `before`, those of `after`; `writing` must be held."""
    replaced = [one for one in before.values() if one.id not in after or after[one.id].sha256 != one.sha256]
    new = [one for one in after.values() if one.id not in before or before[one.id].sha256 != one.sha256]
    for folder in {document_path(root, "any").parent, *(path.parent for path in version_paths(root, "any", ""))}:
        folder.mkdir(parents=True, exist_ok=True)
    written: set[Path] = set()
    for document in replaced:
        text_path, line_path = version_paths(root, document.id, document.sha256)
        written |= {_write(text_path, document.text), _write(line_path, f"{manifest_line(document)}\n")}
    for document in new:
        written.add(_write(staged_path(root, document.id, document.sha256), document.text))
    _sync_all(written)
    manifest = manifest_path(root)
    manifest_staged = _write(manifest.with_name(f".{manifest.name}.new"), _lines(after))
    sync(manifest_staged)
    manifest_staged.replace(manifest)
    sync(root)
    _settle(root, new, [one for one in replaced if one.id not in after])


def _settle(root: Path, new: list[Document], removed: list[Document]) -> None:
    """Moves the texts that count by now to their places, and sweeps up what no manifest vouches for."""
    for document in new:
        staged_path(root, document.id, document.sha256).replace(document_path(root, document.id))
    for document in removed:
        with suppress(FileNotFoundError):
            document_path(root, document.id).unlink()
    folder = document_path(root, "any").parent
    sync(folder)
    for left in folder.glob(".*.new"):
        with suppress(FileNotFoundError):
            left.unlink()


def _lines(documents: Mapping[str, Document]) -> str:
    return "".join(f"{manifest_line(document)}\n" for document in documents.values())


def _write(path: Path, text: str) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _sync_all(paths: set[Path]) -> None:
    """Waits until the files and their names are on the disk."""
    for path in [*paths, *{path.parent for path in paths}]:
        sync(path)

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
from retrieval.generation import file_digest, sync

__all__ = ["publish", "settle", "writing"]

_LOCK = "ingest.lock"
_PATIENCE_S = 30.0  # for what is vetted in a moment


@contextmanager
def writing(root: Path, *, patience_s: float = _PATIENCE_S) -> Iterator[None]:
    """Makes the folder of a corpus if need be, and holds the lock of its only writer; waits so long for it.

    Raises:
        IngestError: if another one is writing, or the folder can't be written to.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / _LOCK, timeout=patience_s):
            yield
    except Timeout:
        raise IngestError(f"another command is writing to {root}; wait until that ends, then try again") from None
    except OSError as error:
        raise IngestError(f"{root} can't be written to ({error}); name another folder with --corpus") from error


def publish(root: Path, before: Mapping[str, Document], after: Mapping[str, Document]) -> None:
    """Makes the documents of the corpus at `root`, which are `before`, those of `after`; `writing` must be held.

    Raises:
        OSError: if something can't be written; what was written by then is removed again.
    """
    replaced = [one for one in before.values() if one.id not in after or after[one.id].sha256 != one.sha256]
    new = [one for one in after.values() if one.id not in before or before[one.id].sha256 != one.sha256]
    for folder in {document_path(root, "any").parent, *(path.parent for path in version_paths(root, "any", ""))}:
        folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        _keep(replaced, root, written)
        _stage(new, root, written)
        manifest = manifest_path(root)
        manifest_staged = _write(manifest.with_name(f".{manifest.name}.new"), _lines(after), written)
        sync(manifest_staged)
        manifest_staged.replace(manifest)
    except BaseException:
        for path in written:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        raise
    sync(root)
    settle(root, after)


def _keep(replaced: list[Document], root: Path, written: list[Path]) -> None:
    """Keeps what is about to go as earlier versions, the line of each last: where that is, the version is whole."""
    moves: list[tuple[Path, Path]] = []
    for document in replaced:
        paths = version_paths(root, document.id, document.sha256)
        texts = (document.text, f"{manifest_line(document)}\n")
        for path, text in zip(paths, texts, strict=True):
            moves.append((_write(path.with_name(f".{path.name}.new"), text, written), path))
    _sync_all([staged for staged, _ in moves])
    for staged, path in moves:
        staged.replace(path)
    for folder in {path.parent for _, path in moves}:
        sync(folder)


def _stage(new: list[Document], root: Path, written: list[Path]) -> None:
    """Puts every new text beside the old one; it counts as soon as the manifest vouches for it."""
    _sync_all([_write(staged_path(root, one.id, one.sha256), one.text, written) for one in new])


def settle(root: Path, documents: Mapping[str, Document]) -> None:
    """Moves the texts that count by now to their places, and sweeps up what no manifest vouches for.

    A run that was killed after the manifest was replaced leaves both. Of texts that have their names already only those
    go which are kept as earlier versions.
    """
    folder = document_path(root, "any").parent
    waiting = [*folder.glob(".*.new")]
    counting = {staged_path(root, one.id, one.sha256).name: one for one in documents.values()} if waiting else {}
    for staged in waiting:
        one = counting.get(staged.name)
        if one is not None and file_digest(staged) == one.sha256:
            staged.replace(document_path(root, one.id))
        else:
            staged.unlink(missing_ok=True)
    gone = [path for path in folder.glob("*.txt") if path.stem not in documents]
    for path in gone:
        if version_paths(root, path.stem, file_digest(path))[1].exists():
            path.unlink(missing_ok=True)
    for left in version_paths(root, "any", "")[0].parent.glob(".*.new"):
        left.unlink(missing_ok=True)
    if waiting or gone:
        sync(folder)


def _lines(documents: Mapping[str, Document]) -> str:
    return "".join(f"{manifest_line(document)}\n" for document in documents.values())


def _write(path: Path, text: str, written: list[Path]) -> Path:
    written.append(path)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _sync_all(paths: list[Path]) -> None:
    """Waits until the files and their names are on the disk."""
    for path in [*paths, *{path.parent for path in paths}]:
        sync(path)

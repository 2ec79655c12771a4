"""What lies in a folder, one item a document, read as it is asked for."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.archive import members
from ingest.items import Item, Refused, Skipped
from ingest.jsonl import records
from ingest.names import LEFT_OUT, PROVENANCE, ending_of, is_archive, is_hidden, is_records, listed, no_document
from ingest.sizes import Sizes, in_words

__all__ = ["Found", "contents", "listing", "root_of", "walk"]

_SIZES = Sizes()


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a folder; `path` names it within that, `file` on the disk."""

    path: str
    file: Path


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder on the way down: `real` is where it lies, `chain` where those lie that it was reached through."""

    path: str
    file: Path
    real: str
    chain: frozenset[str]


def _nothing(_: str) -> bool:
    return False


def _silent(_what: str, _done: int, _total: int) -> None:
    pass


def walk(
    folder: Path,
    *,
    sizes: Sizes = _SIZES,
    skips: Callable[[str], bool] = _nothing,
    progress: Callable[[str, int, int], None] = _silent,
) -> Iterator[Item | Skipped | Refused]:
    """Every document of the folder and the folders in it, in the order of their paths.

    Archives and files of records give one item for each document in them. What `skips` says of a path is left out.
    `progress` is told what is done, how many files were read, and how many there are.
    """
    found = list(listing(folder))
    for number, one in enumerate(found):
        progress("Reading files", number, len(found))
        if not isinstance(one, Found):
            yield one
        elif skips(one.path):
            yield Skipped(one.path, LEFT_OUT)
        elif one.file.name != PROVENANCE:
            yield from contents(one.file, one.path, sizes=sizes, skips=skips)
    progress("Reading files", len(found), len(found))


def contents(
    file: Path, path: str, *, sizes: Sizes = _SIZES, skips: Callable[[str], bool] = _nothing
) -> Iterator[Item | Skipped | Refused]:
    """The documents of one file, which `path` names: one, or those of an archive or of a file of records."""
    other = no_document(path)
    if other is not None:
        yield other
        return
    try:
        size_bytes = file.stat().st_size
        limit = sizes.unpacked_bytes if is_archive(path) else sizes.file_bytes
        if size_bytes == 0:
            yield Refused(path, "is empty, 0 bytes; copy it again from where it came from")
        elif size_bytes > limit:
            yield Refused(path, f"is larger than {in_words(limit)}; split it, or raise the limit with --max-size")
        elif is_archive(path):
            with file.open("rb") as opened:
                yield from members(opened, path, sizes, skips)
        else:
            with file.open("rb") as opened:
                data = opened.read(limit + 1)
            yield from documents(path, data)
    except OSError as error:
        yield Refused(path, f"can't be read: {_reason(error)}; make it readable, or leave it out")


def documents(path: str, data: bytes) -> Iterator[Item | Refused]:
    """The document or the records that the bytes of a file hold."""
    if is_records(path):
        yield from records(data, path)
    else:
        yield Item(path, ending_of(path), data)


def listing(folder: Path) -> Iterator[Found | Skipped | Refused]:
    """The files of the folder and the folders in it, in the order of their paths, without what is hidden.

    Links are followed within the folder, each folder that they lead to once.
    """
    root = os.path.realpath(folder)
    waiting: list[_Folder | Found | Skipped | Refused] = [_Folder("", folder, root, frozenset())]
    followed: set[str] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, _Folder):
            waiting += reversed(_entries(one, root, followed))
        else:
            yield one


def _entries(folder: _Folder, root: str, followed: set[str]) -> list[_Folder | Found | Skipped | Refused]:
    """What lies in the folder, in order."""
    try:
        with os.scandir(folder.file) as scanned:
            entries = [entry for entry in scanned if not is_hidden(entry.name)]
    except OSError as error:
        return [Refused(folder.path or str(folder.file), f"can't be read: {_reason(error)}; make it readable")]
    names = {entry.name for entry in entries}
    if {"manifest.jsonl", "documents"} <= names:
        return [Skipped(folder.path or str(folder.file), "is a corpus folder")]
    return [_entry(folder, entry, root, followed) for entry in sorted(entries, key=_place)]


def _place(entry: os.DirEntry[str]) -> str:
    """What makes the order within a folder that of whole paths."""
    return entry.name + "/" if Path(entry.path).is_dir() else entry.name


def _entry(
    folder: _Folder, entry: os.DirEntry[str], root: str, followed: set[str]
) -> _Folder | Found | Skipped | Refused:
    try:
        path = folder.path + listed(entry.name.encode("utf-8").decode("utf-8"))
    except UnicodeEncodeError:
        shown = folder.path + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
        return Refused(shown, "its name is no text in UTF-8; give it another name")
    try:
        real = os.path.join(folder.real, entry.name)  # noqa: PTH118 - not a path to look at, a name
        if entry.is_symlink():
            real = os.path.realpath(entry.path, strict=True)
            if why := _no_way(real, folder, root, followed):
                return Refused(path, why)
        mode = entry.stat().st_mode
    except OSError as error:
        return Refused(path, f"can't be read: {_reason(error)}; mend it or remove it")
    if stat.S_ISDIR(mode):
        return _Folder(f"{path}/", Path(entry.path), real, folder.chain | {folder.real})
    if not stat.S_ISREG(mode):
        return Refused(path, "is a pipe, a socket or a device, wanted a file; remove it")
    return Found(path, Path(entry.path))


def _no_way(real: str, folder: _Folder, root: str, followed: set[str]) -> str | None:
    """Why a link that leads to `real` is not followed."""
    if os.path.commonpath([real, root]) != root:
        return f"is a link that leads out of the folder, to {real}; copy what it leads to, or name that too"
    if real == folder.real or real in folder.chain:
        return "is a link to a folder that it lies in itself; remove it"
    if not Path(real).is_dir():
        return None
    if real in followed:
        return "is one more link to the same folder; remove it"
    followed.add(real)
    return None


def _reason(error: OSError) -> str:
    if error.errno == errno.ELOOP:
        return "a link that leads back to itself"
    return error.strerror or str(error)


def root_of(folder: Path, corpus: Path) -> str:
    """How `corpus.model.Origin` names a folder: relative to that of the corpus, so that both can be moved together."""
    try:
        return Path(os.path.relpath(folder.resolve(), corpus.resolve())).as_posix()
    except ValueError:  # on another drive
        return folder.resolve().as_posix()

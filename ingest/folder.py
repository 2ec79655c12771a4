"""What lies in a folder, one item a document, read as it is asked for."""

import os
from collections.abc import Iterator
from pathlib import Path

from ingest.items import Item, Refused, Skipped

__all__ = ["root_of", "walk"]


def walk(folder: Path) -> Iterator[Item | Skipped | Refused]:
    """Every document of the folder and the folders in it, in the order of their paths."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield Item(path.relative_to(folder).as_posix(), path.suffix.lower(), path.read_bytes())


def root_of(folder: Path, corpus: Path) -> str:
    """How `corpus.model.Origin` names a folder: relative to that of the corpus, so that both can be moved together."""
    try:
        return Path(os.path.relpath(folder.resolve(), corpus.resolve())).as_posix()
    except ValueError:  # on another drive
        return folder.resolve().as_posix()

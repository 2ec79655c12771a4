"""Where documents come from, as their keeper states it: in `corpus.toml` beside the files, or on the command line.

```toml
publisher = "Vantor Moth Society"              # of every file in this folder, unless the file says otherwise
base_url = "https://vantor.example/leaflets/"  # followed by a file's path, its address

[folders."keepers/ledgers"]
licence = "CC BY 4.0"

[files."keepers/moths.pdf"]                    # counts more than what the file says of itself
title = "The glimmer moths of Vantor"
reviewed = 2026-03-01
```
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from corpus.model import Source
from ingest.folder import Found, listing
from ingest.names import PROVENANCE, is_archive, is_records
from ingest.provenance_file import Entry, Stated, read_file
from ingest.raw import UNSTATED

__all__ = ["NAMES", "Finding", "Provenance"]

NAMES = tuple(one.name for one in fields(Source))


@dataclass(frozen=True, slots=True)
class Finding:
    """What one place states of a document's source; an empty title is one that it doesn't state."""

    where: str
    source: Source


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is stated of the documents of a folder, by their paths in it; `everywhere` on the command line.

    Command line, then the file's entry, then what the file says of itself, then the folders' defaults, the nearest
    first: of each word about a document the first that is stated counts. An entry of an archive or of a file of records
    speaks for each document in it. `warnings` are lines about entries that are of no use.
    """

    everywhere: Source = UNSTATED
    files: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    folders: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path, everywhere: Source = UNSTATED, *, recursive: bool = True) -> "Provenance":
        """What the `corpus.toml` of the folder states, and if `recursive` those of the folders in it.

        Raises:
            IngestError: if one can't be read, or states something that can't be.
        """
        if recursive:
            found = [one for one in listing(folder) if isinstance(one, Found)]
        else:
            found = [Found(PROVENANCE, folder / PROVENANCE)] if (folder / PROVENANCE).is_file() else []
        files: dict[str, tuple[Entry, ...]] = {}
        folders: dict[str, tuple[Entry, ...]] = {}
        warnings: list[str] = []
        # Those of inner folders come later and stand first: the nearest counts.
        for one in sorted((one for one in found if one.file.name == PROVENANCE), key=lambda one: one.path.count("/")):
            inside = one.path.removesuffix(PROVENANCE)
            stated = read_file(one.file, one.path)
            for name, entry in stated.files.items():
                files[inside + name] = (entry, *files.get(inside + name, ()))
            for name, entry in stated.folders.items():
                key = (inside + name).rstrip("/")
                folders[key] = (entry, *folders.get(key, ()))
            warnings += _idle(stated, one.file.parent)
        return cls(everywhere, files, folders, tuple(warnings))

    def findings(self, path: str, stated: Source) -> tuple[Finding, ...]:
        """Who states something of the document at `path`, the one that counts first; `stated` is what the file says."""
        found = [
            Finding("the command line", self.everywhere),
            *(Finding(entry.where, entry.source) for entry in self.files.get(path, ())),
        ]
        defaults: list[Finding] = []
        for container, entry in self._of_containers(path):
            found.append(_with_address(entry, path[len(container) + 1 :]))
        inmost = next(iter(_containers(path)), None)
        for folder in _folders(path):
            rest = path[len(folder) :].lstrip("/")
            is_outside = inmost is not None and len(folder) < len(inmost)
            entries = self.folders.get(folder, ())
            defaults += [Finding(one.where, one.source) if is_outside else _with_address(one, rest) for one in entries]
        everything = [*found, Finding("the file", stated), *defaults]
        return tuple(finding for finding in everything if finding.source != UNSTATED)

    def of(self, path: str, stated: Source) -> Source:
        """The source of the document at `path`, with an empty title if nobody states one."""
        found = [finding.source for finding in self.findings(path, stated)]
        values: dict[str, Any] = {"title": ""}
        for name in NAMES:
            values[name] = next((value for source in found if (value := getattr(source, name))), values.get(name))
        return Source(**values)

    def id_of(self, path: str) -> str | None:
        """The id that is stated for the document at `path`."""
        return next((entry.id for entry in self.files.get(path, ()) if entry.id), None)

    def skips(self, path: str) -> bool:
        """Whether what lies at `path` is to be left out."""
        entries = [
            *self.files.get(path, ()),
            *(entry for _, entry in self._of_containers(path)),
            *(entry for folder in _folders(path) for entry in self.folders.get(folder, ())),
        ]
        return next((entry.skip for entry in entries if entry.skip is not None), False)

    def _of_containers(self, path: str) -> Iterator[tuple[str, Entry]]:
        """The entries of the archive and of the file of records that the document lies in, the nearest first."""
        for container in _containers(path):
            yield from ((container, entry) for entry in self.files.get(container, ()))


def _with_address(entry: Entry, rest: str) -> Finding:
    """What an entry states of a document whose path goes on with `rest` where the entry's ends."""
    address = entry.source.url or (entry.base_url + quote(rest) if entry.base_url else None)
    return Finding(entry.where, replace(entry.source, url=address))


def _containers(path: str) -> list[str]:
    """Of "a/all.zip/b.jsonl#1" the path of the records and that of the archive."""
    ends = [number for number, sign in enumerate(path) if sign in "/#"]
    return [path[:end] for end in reversed(ends) if is_archive(path[:end]) or is_records(path[:end])]


def _folders(path: str) -> list[str]:
    """The folders that a file lies in, the nearest first; the last one is that of all, ""."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:number]) for number in range(len(parts), -1, -1)]


def _idle(stated: Stated, folder: Path) -> list[str]:
    """A line for each entry of what isn't there; what lies in archives and files of records isn't looked for."""
    entries = [*stated.files.items(), *stated.folders.items()]
    return [
        f"{entry.where}: there is no such file or folder; mend the path or remove the entry"
        for path, entry in entries
        if not _containers(f"{path}/") and not (folder / path).exists()
    ]

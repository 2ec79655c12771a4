"""What `insights ingest` does with many files: collect and read them all, then say what becomes of the corpus."""

import os
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.model import Document, Source
from ingest.folder import contents, root_of, walk
from ingest.ids import Known
from ingest.items import Item, Refused, Skipped, Unchanged
from ingest.merge import Changes, documents_of, same_but_for_origin
from ingest.names import is_archive, is_records
from ingest.prepare import Prepared, prepare
from ingest.provenance import Provenance
from ingest.raw import IngestError
from ingest.sizes import Sizes
from ingest.worker import Limits

__all__ = ["Given", "Intake", "Manner", "Progress", "collect", "given"]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is to do (0: unknown)."""

_Outcomes = Generator[Prepared | Unchanged | Skipped | Refused]


@dataclass(frozen=True, slots=True)
class Manner:
    """How files are taken in: what is stated of all of them, whether they may replace others, within what limits."""

    everywhere: Source
    replace_existing: bool
    sizes: Sizes
    limits: Limits


@dataclass(frozen=True, slots=True)
class Given:
    """A folder to be taken in: all of it, or the files of it that were named."""

    folder: Path
    names: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What was found, and the changes that it makes; paths are as somebody would name them on the command line."""

    changes: Changes
    new: tuple[Prepared, ...]
    replaced: tuple[Prepared, ...]
    unchanged: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    refused: tuple[Refused, ...]
    warnings: tuple[str, ...]


def given(paths: Iterable[Path]) -> list[Given]:
    """The folders among the paths, and the files of one folder together.

    Raises:
        IngestError: if there is nothing where one of them leads to.
    """
    folders: dict[Path, list[str] | None] = {}
    for path in paths:
        if path.is_dir():
            folders[path] = None
        elif not path.exists():
            raise IngestError(f"{path} is no file and no folder; name what exists")
        elif (names := folders.setdefault(path.parent, [])) is not None and path.name not in names:
            names.append(path.name)
    return [Given(folder, None if names is None else tuple(names)) for folder, names in folders.items()]


def collect(named: Sequence[Given], root: Path, manner: Manner, progress: Progress) -> Intake:
    """Reads everything that was named, for the corpus at `root`, and changes nothing yet.

    Raises:
        IngestError: if a `corpus.toml` states what can't be.
        CorpusError: if the corpus can't be trusted.
    """
    before = documents_of(root)
    provenances = [
        Provenance.read(one.folder, manner.everywhere, recursive=one.names is None) for one in named
    ]  # before the first file is read: a slip in one of them is no reason to have waited
    ledger = _Ledger(before, manner.replace_existing)
    for one, provenance in zip(named, provenances, strict=True):
        found = _found(one, provenance, manner.sizes, progress)
        known = Known.of(ledger.documents.values(), root_of(one.folder, root))
        outcomes: _Outcomes = prepare(found, provenance, known, manner.limits)
        with closing(outcomes):
            for outcome in outcomes:
                ledger.enter(outcome, known, one.folder, root)
    return ledger.closed([line for provenance in provenances for line in provenance.warnings])


def _found(one: Given, provenance: Provenance, sizes: Sizes, progress: Progress) -> Iterator[Item | Skipped | Refused]:
    if one.names is None:
        yield from walk(one.folder, sizes=sizes, skips=provenance.skips, progress=progress)
        return
    total = len(one.names)
    for number, name in enumerate(one.names):
        progress("Reading files", number, total)
        found = contents(one.folder / name, name, sizes=sizes, skips=provenance.skips)
        if total == 1 and (is_archive(name) or is_records(name)):
            found = _counted(found, progress)
        yield from found
    progress("Reading files", total, total)


def _counted(found: Iterator[Item | Skipped | Refused], progress: Progress) -> Iterator[Item | Skipped | Refused]:
    for number, item in enumerate(found, start=1):
        progress("Reading documents", number, 0)
        yield item


class _Ledger:
    """Enters one outcome after the other, and knows what the corpus would be."""

    def __init__(self, before: dict[str, Document], replace_existing: bool) -> None:
        self.documents = dict(before)
        self._before = before
        self._replace_existing = replace_existing
        self._changed: dict[str, Document] = {}
        self._removed: set[str] = set()
        self._new: list[Prepared] = []
        self._replaced: list[Prepared] = []
        self._unchanged: list[str] = []
        self._skipped: list[Skipped] = []
        self._refused: list[Refused] = []

    def enter(self, outcome: Prepared | Unchanged | Skipped | Refused, known: Known, folder: Path, root: Path) -> None:
        path = os.path.join(folder, outcome.path)  # noqa: PTH118 - Path would mend what is only a name
        match outcome:
            case Prepared():
                self._enter(replace(outcome, path=path), outcome.document(root_of(folder, root)), known)
            case Unchanged():
                self._unchanged.append(path)
            case Skipped():
                self._skipped.append(replace(outcome, path=path))
            case Refused():
                self._refused.append(replace(outcome, path=path))

    def _enter(self, prepared: Prepared, new: Document, known: Known) -> None:
        """Files a document as new, as one in the place of another, or as nothing new."""
        present = self.documents.get(new.id)
        was, _ = known.paths.get(new.origin.path if new.origin else "", (new.id, ""))
        if present is None and was == new.id:
            self._new.append(prepared)
        elif present is not None and was == new.id and same_but_for_origin(present, new):
            self._unchanged.append(prepared.path)
            if present.origin is None:  # a document that was named alone stays one
                return
        elif self._replace_existing:
            self._replaced.append(prepared)
        else:
            why = f"with another text or source (as {new.id!r})" if was == new.id else f"under another id ({was!r})"
            self._refused.append(Refused(prepared.path, f"is in the corpus already {why}; add --replace"))
            return
        if was != new.id:
            self.documents.pop(was, None)
            self._removed.add(was)
        self.documents[new.id] = self._changed[new.id] = new

    def closed(self, warnings: list[str]) -> Intake:
        """Everything that was entered."""
        return Intake(
            Changes(self._before, self._changed, frozenset(self._removed - self._changed.keys())),
            *(tuple(self._new), tuple(self._replaced), tuple(self._unchanged)),
            *(tuple(self._skipped), tuple(self._refused), tuple(warnings)),
        )

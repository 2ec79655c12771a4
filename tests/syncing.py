"""Synchronises a folder with the corpus and the index of a workshop, as `insights sync` does, and stops on the way."""

import errno
import os
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Source
from corpus.store import Corpus, load_corpus
from ingest.build import stage
from ingest.gather import Gathering
from ingest.merge import documents_of
from ingest.plan import Before, Plan, plan
from ingest.publish import writing
from ingest.sync import commit
from tests.workshop import POLICY, Workshop
from ui.inputs import Places

__all__ = ["Desk", "full_at_call", "killed_at_call", "planned_of", "synchronise", "texts_of", "with_small_files"]

_CALLS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}
_FULL = 28


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder of leaflets, and the corpus and index that are made of it."""

    folder: Path
    encoder: str

    @property
    def leaflets(self) -> Path:
        """What is synchronised."""
        return self.folder / "leaflets"

    @property
    def places(self) -> Places:
        """The corpus and the index."""
        return Places(self.folder / "corpus", self.folder / "index")

    @property
    def arguments(self) -> list[str]:
        """The command line."""
        where = ["--corpus", str(self.places.corpus), "--index", str(self.places.index)]
        return ["sync", str(self.leaflets), *where, "--encoder", self.encoder]

    def files(self) -> dict[str, tuple[int, bytes]]:
        """Everything in the corpus and the index, and when it was written."""
        paths = [path for place in ("corpus", "index") for path in (self.folder / place).rglob("*") if path.is_file()]
        return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def planned_of(folder: Path, root: Path, *, allow_empty: bool = False) -> Plan:
    """What becomes of the corpus at `root` when the folder is taken in."""
    gathering = Gathering.of(str(folder), root, Source(""))
    before = Before.of(documents_of(root), gathering.root, root, within=gathering.within)
    found = gathering.synced(before, lambda *_: None)
    return plan(before, found, stated_id=gathering.provenance.id_of, allow_empty=allow_empty)


def synchronise(workshop: Workshop, folder: Path) -> Plan:
    """Takes the folder in, and builds and serves the index."""
    with writing(workshop.corpus, patience_s=0):
        planned = planned_of(folder, workshop.corpus)
        corpus = Corpus(workshop.corpus, planned.after)
        with stage(corpus, workshop.home, POLICY, encoder=workshop.encoder, progress=lambda *_: None) as staged:
            commit(planned, workshop.corpus, staged)
    return planned


def texts_of(root: Path) -> dict[str, str]:
    """The texts of a corpus by id."""
    return {one.id: one.text for one in load_corpus(root).documents.values()}


def killed_at_call(workshop: Workshop, folder: Path, number: int) -> None:
    """Synchronises, and dies just before the given call that changes the corpus or publishes the index."""
    _at_call(workshop, number, lambda: os.kill(os.getpid(), signal.SIGKILL))
    synchronise(workshop, folder)


def full_at_call(workshop: Workshop, folder: Path, number: int) -> None:
    """Synchronises, and finds the disk full from the given call on; exits with 28 then."""

    def full() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    _at_call(workshop, number, full, makes_only=True)
    try:
        synchronise(workshop, folder)
    except Exception as error:  # noqa: BLE001 - whatever class it is, it has to say what is wrong
        sys.exit(_FULL if "No space left" in str(error) else str(error))


def with_small_files(workshop: Workshop, folder: Path, limit_bytes: int) -> None:
    """Synchronises where no file may be larger, as on a disk that gets full in one; exits with 28 then."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
    try:
        synchronise(workshop, folder)
    except Exception as error:  # noqa: BLE001 - as above
        sys.exit(_FULL if "can't be written to" in str(error) else str(error))


def _at_call(workshop: Workshop, number: int, act: Callable[[], None], *, makes_only: bool = False) -> None:
    calls = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal calls
        if event in _CALLS and _is_of_the_commit(str(arguments[0]), workshop) and not _only_reads(event, arguments):
            if makes_only and event not in {"open", "os.mkdir", "os.rename"}:
                return
            calls += 1
            if calls == number or (makes_only and calls > number):
                act()

    sys.addaudithook(count)


def _is_of_the_commit(path: str, workshop: Workshop) -> bool:
    """What a build does in its own folder is killed in tests/test_ingest_kill.py."""
    if path.startswith(str(workshop.corpus)):
        return True
    inside = path.removeprefix(f"{workshop.home}/")
    return inside != path and not (inside.startswith(".new-") and "/" in inside)


def _only_reads(event: str, arguments: tuple[object, ...]) -> bool:
    return event == "open" and not (int(str(arguments[2])) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))

"""Shelf: the edition of the moment, and how a newer index takes its place while questions are being answered."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from corpus.store import CorpusError, manifest_path
from retrieval.answer import Responder
from retrieval.emergency_numbers import Numbers
from retrieval.encoder import EncoderError
from retrieval.generation import CURRENT, IndexFolderError
from retrieval.policy import PolicyError
from retrieval.reader_network import NetworkError
from ui.edition import Edition

__all__ = ["Shelf"]

_LOG: Final = logging.getLogger(__name__)
_UNUSABLE: Final = (CorpusError, EncoderError, IndexFolderError, NetworkError, PolicyError, OSError)
_LOOK_S: Final = 1.0
_AGAIN_S: Final = 30.0


class Shelf:
    """Gives the edition of the moment; looks at most once a second whether there is a newer one.

    `opened` opens the newest, and `newest` names it (by its folder, since the same index may be built twice, and by the
    corpus's version). A
    newer one is opened in a thread of its own and answers a question before it is served. One that can't be opened is
    logged in one line, and tried again after a while.
    """

    def __init__(self, opened: Callable[[], Edition], newest: Callable[[], str]) -> None:
        self.opened = opened
        self.newest = newest
        self._served = newest()
        self._edition = _tried(opened())
        self._looked_at = time.monotonic()
        self._failed: tuple[str, float] | None = None  # the one that can't be opened, and when that was found
        self._turn = threading.Lock()  # whoever has it is the one that looks

    @classmethod
    def over(cls, home: Path, corpus: Path, numbers: Numbers, *, refuse_overdue: bool = False) -> "Shelf":
        """A shelf of the indexes that are built in `home` over `corpus`; notices give `numbers` to call.

        With `refuse_overdue`, documents whose review is overdue are left out of replies.

        Raises:
            IndexFolderError, CorpusError, EncoderError, NetworkError, PolicyError: if the one of now can't be opened.
        """

        def opened() -> Edition:
            responder = Responder.open(home, corpus=corpus)
            return Edition.of(replace(responder, numbers=numbers, refuses_overdue=refuse_overdue), corpus)

        return cls(opened, lambda: f"{_named(home / CURRENT)} over {_version_of(manifest_path(corpus))}")

    def __call__(self) -> Edition:
        """The edition of the moment."""
        if time.monotonic() - self._looked_at >= _LOOK_S:
            self.look()
        return self._edition

    def look(self) -> None:
        """Sees now, in another thread, whether there is a newer edition."""
        if self._turn.acquire(blocking=False):
            self._looked_at = time.monotonic()
            threading.Thread(target=self._look, name="newer index", daemon=True).start()

    def _look(self) -> None:
        try:
            self._replace()
        finally:
            self._looked_at = time.monotonic()
            self._turn.release()

    def _replace(self) -> None:
        name = ""  # what can't be named is known as that
        try:
            name = self.newest()
            if name != self._served and not self._has_just_failed(name):
                self._edition = _tried(self.opened())
                self._served = name
                _LOG.warning("the index %s is served now", self._edition.index)
        except _UNUSABLE as error:
            if self._failed is None or self._failed[0] != name:
                served, why = self._edition.index, " ".join(str(error).split())
                _LOG.error("a newer index can't be served (%s); the index %s still is", why, served)
            self._failed = (name, time.monotonic())

    def _has_just_failed(self, name: str) -> bool:
        return self._failed is not None and self._failed[0] == name and time.monotonic() - self._failed[1] < _AGAIN_S


def _named(current: Path) -> str:
    """What CURRENT names; nothing if it isn't there, as when the first synchronisation was stopped before its end."""
    try:
        return current.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return ""


def _version_of(manifest: Path) -> str:
    """Something else as soon as the corpus is: its texts and what is said of them may change without a new index."""
    try:
        found = manifest.stat()
    except OSError:
        return "no corpus"
    return f"{found.st_mtime_ns}-{found.st_ino}-{found.st_size}"


def _tried(edition: Edition) -> Edition:
    """The edition, after it has answered a question: what it loads at the first one, nobody waits for."""
    for topic in edition.topics[:1]:
        edition.ask(" ".join(topic.text.split()), ())
    return edition

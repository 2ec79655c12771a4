"""Builds that end by SIGKILL at a chosen moment; run in processes of their own."""

import os
import signal
import sys
from dataclasses import replace

from corpus.store import load_corpus
from ingest.build import build
from tests.workshop import POLICY, Workshop

__all__ = ["build_with", "killed_at_call", "killed_while_encoding"]

_CALLS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "shutil.copyfile", "shutil.rmtree"}


def build_with(workshop: Workshop, passages_read: int) -> None:
    """Builds with a policy of its own, so that there is something to build."""
    workshop.build(replace(POLICY, k=passages_read))


def killed_at_call(workshop: Workshop, number: int) -> None:
    """Builds, and dies just before the given call that opens, makes, renames or removes something in the home."""
    calls = 0

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal calls
        if event in _CALLS and str(arguments[0]).startswith(str(workshop.home)):
            calls += 1
            if calls == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    build_with(workshop, 100 + number)


def killed_while_encoding(workshop: Workshop, encoded: int) -> None:
    """Builds, and dies when that many texts are encoded."""

    def die(done: int, _: int) -> None:
        if done >= encoded:
            os.kill(os.getpid(), signal.SIGKILL)

    build(load_corpus(workshop.corpus), workshop.home, POLICY, encoder=workshop.encoder, progress=die)

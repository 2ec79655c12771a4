"""A process that reads items for `ingest.workers`, within limits of time and memory that it puts on itself."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TypeVar

from ingest.items import Item
from ingest.raw import IngestError
from ingest.sizes import in_words
from retrieval.workers import CORES

if sys.platform != "win32":
    import resource

__all__ = ["DAMAGED", "Limits", "serve"]

Result = TypeVar("Result")

DAMAGED = "open it in the program that it was made with and save it again, or leave it out"
# How long a process that nobody listens to any more goes on after its time is over.
_GRACE_S = 1.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one item may take; the memory is beyond what an idle process has, and not bounded on Windows."""

    seconds: float = 60.0
    memory_bytes: int = 2 * 10**9
    processes: int = CORES


def serve(pipe: Connection, function: Callable[[Item], Result], limits: Limits) -> None:
    """What a process does: answers each item of a batch with whether it has to end, and the result or the error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a parser in C prints as it fails is of no use to anybody.
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    _limit_memory(limits.memory_bytes)
    while True:
        try:
            items = pipe.recv()
        except EOFError:
            return
        for item in items:
            pipe.send((False, _outcome(pipe, function, item, limits)))


def _outcome(pipe: Connection, function: Callable[[Item], Result], item: Item, limits: Limits) -> Result | IngestError:
    try:
        _set_alarm(limits.seconds + _GRACE_S)
        return function(item)
    except IngestError as error:
        return error
    except MemoryError:
        pipe.send((True, IngestError(f"needed more than {in_words(limits.memory_bytes)} of memory; split it")))
        raise
    except Exception as error:
        found = " ".join(f"{type(error).__name__}: {error}".split())
        pipe.send((True, IngestError(f"its reader failed ({found[:200]}); {DAMAGED}")))
        raise
    finally:
        _set_alarm(0)


def _set_alarm(seconds: float) -> None:
    """Ends this process after so long, even if what started it is gone and can't."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(beyond_bytes: int) -> None:
    """Lets this process have so much memory more than it has now, and leave no file of it behind when it crashes."""
    if sys.platform == "win32":
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:  # macOS; what an idle process has is little against the limit
        pages = 0
    try:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + beyond_bytes, resource.RLIM_INFINITY))
    except (OSError, ValueError):  # not every system bounds this
        return

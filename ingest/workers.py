"""Reads items in processes of their own: a file that crashes its reader, hangs it or eats memory costs one line.

Each process gets a few items at a time and answers them one by one, so that it is known which of them it died of. A
process that dies or takes too long is replaced, and what it had not begun goes to another. Results come in the order of
what was asked, and no more is asked at a time than fits into a bounded store.
"""

import multiprocessing
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

from ingest.items import Item
from ingest.raw import IngestError
from ingest.worker import DAMAGED, Limits, serve

__all__ = ["isolated"]

Key = TypeVar("Key")
Result = TypeVar("Result")

_BATCH_ITEMS, _BATCH_BYTES = 64, 2**20
_WINDOW_ITEMS, _WINDOW_BYTES = 1024, 2**26


@dataclass(slots=True, eq=False)
class _Asked(Generic[Key, Result]):
    """What was asked, in its place in the order; `item` goes when there is an `outcome`."""

    key: Key
    item: Item | None
    outcome: Result | IngestError | None = None


@dataclass(slots=True, eq=False)
class _Worker(Generic[Key, Result]):
    """A process, our end of its pipe, and what it has been given and not answered yet."""

    process: BaseProcess
    pipe: Connection
    given: deque[_Asked[Key, Result]] = field(default_factory=deque)
    deadline_s: float = 0.0


def isolated(
    function: Callable[[Item], Result], asked: Iterable[tuple[Key, Item | None]], limits: Limits
) -> Generator[tuple[Key, Result | IngestError | None]]:
    """What `function` makes of each item, with its key, in order; the error if it raised one or its process died.

    A key without an item is passed on in its place. `function` is one of a module's own, its results can be pickled.
    Close what this gives to end the processes; when it is exhausted, they have ended.
    """
    crew: _Crew[Key, Result] = _Crew(function, limits)
    try:
        window: deque[_Asked[Key, Result]] = deque()
        source = iter(asked)
        is_more = True
        while is_more or window:
            while window and (window[0].item is None):
                first = window.popleft()
                yield first.key, first.outcome
            if is_more and crew.has_room(window):
                new = next(source, None)
                is_more = new is not None
                if new is not None:
                    window.append(_Asked(*new))
                    crew.ask(window[-1])
                crew.work(timeout_s=0.0)
            elif window:
                crew.work(timeout_s=None)
    finally:
        crew.end()


class _Crew(Generic[Key, Result]):
    """The processes, and what waits for one of them."""

    def __init__(self, function: Callable[[Item], Result], limits: Limits) -> None:
        self._function = function
        self._limits = limits
        self._workers: list[_Worker[Key, Result]] = []
        self._waiting: deque[_Asked[Key, Result]] = deque()
        self._held_bytes = 0

    def has_room(self, window: deque[_Asked[Key, Result]]) -> bool:
        """Whether another item may be fetched: neither too many nor too large ones wait for their turn."""
        return len(window) < _WINDOW_ITEMS and self._held_bytes < _WINDOW_BYTES

    def ask(self, one: _Asked[Key, Result]) -> None:
        """Puts one into the queue, if there is something to read."""
        if one.item is not None:
            self._waiting.append(one)
            self._held_bytes += len(one.item.data)

    def work(self, *, timeout_s: float | None) -> None:
        """Gives work to who has none and takes answers; waits for one, but no longer than `timeout_s`."""
        self._give()
        busy = {worker.pipe: worker for worker in self._workers if worker.given}
        if not busy:
            return
        next_deadline_s = min(worker.deadline_s for worker in busy.values())
        until_deadline_s = max(0.0, next_deadline_s - time.monotonic())
        ready = wait(list(busy), until_deadline_s if timeout_s is None else min(timeout_s, until_deadline_s))
        for pipe, worker in busy.items():
            if pipe in ready:
                self._take(worker)
            elif worker.given and time.monotonic() > worker.deadline_s and not worker.pipe.poll():
                self._replace(worker, self._too_slow())
        self._give()

    def end(self) -> None:
        """Ends the processes, whatever they are at."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.process.close()
            worker.pipe.close()
        self._workers.clear()

    def _give(self) -> None:
        """A batch to each idle process; one more is started if there is none."""
        while self._waiting:
            idle = next((worker for worker in self._workers if not worker.given), None)
            if idle is None and len(self._workers) >= self._limits.processes:
                return
            worker = idle or self._start()
            size_bytes = 0
            # No more than its share: the others shall have something to do until the end.
            most = min(_BATCH_ITEMS, ceil(len(self._waiting) / self._limits.processes))
            while len(worker.given) < most and size_bytes < _BATCH_BYTES:
                one = self._waiting.popleft()
                worker.given.append(one)
                size_bytes += len(one.item.data) if one.item else 0
            worker.deadline_s = time.monotonic() + self._limits.seconds
            try:
                worker.pipe.send([one.item for one in worker.given])
            except OSError:
                self._ended(worker)

    def _take(self, worker: _Worker[Key, Result]) -> None:
        """All answers that are there, or the news that the process has ended."""
        try:
            while worker.given and worker.pipe.poll():
                is_dying, outcome = worker.pipe.recv()
                if is_dying:
                    self._replace(worker, outcome)
                    return
                self._answer(worker.given.popleft(), outcome)
                worker.deadline_s = time.monotonic() + self._limits.seconds
        except (EOFError, OSError):
            self._ended(worker)

    def _ended(self, worker: _Worker[Key, Result]) -> None:
        """A process ended by itself, over the first item that it hadn't answered."""
        worker.process.join()
        ended = -(worker.process.exitcode or 0)
        is_timeout = sys.platform != "win32" and ended == signal.SIGALRM
        self._replace(worker, self._too_slow() if is_timeout else _crashed(ended))

    def _answer(self, one: _Asked[Key, Result], outcome: Result | IngestError) -> None:
        self._held_bytes -= len(one.item.data) if one.item else 0
        one.outcome, one.item = outcome, None

    def _replace(self, worker: _Worker[Key, Result], error: IngestError) -> None:
        """Ends a process that was of no more use after the first item that it hadn't answered."""
        self._answer(worker.given.popleft(), error)
        self._waiting.extendleft(reversed(worker.given))
        self._remove(worker)

    def _remove(self, worker: _Worker[Key, Result]) -> None:
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.pipe.close()
        self._workers.remove(worker)

    def _start(self) -> _Worker[Key, Result]:
        context = _context(self._function.__module__)
        ours, theirs = context.Pipe()
        with _without_interrupts():
            process = context.Process(target=serve, args=(theirs, self._function, self._limits), daemon=True)
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _too_slow(self) -> IngestError:
        return IngestError(f"took longer than {self._limits.seconds:g} s to read; split it, or leave it out")


def _crashed(ended: int) -> IngestError:
    names = {member.value: member.name for member in signal.Signals}
    how = f" ({names[ended]})" if ended in names else ""
    return IngestError(f"its reader crashed{how}; {DAMAGED}")


def _context(module: str) -> SpawnContext | ForkServerContext:
    """How processes are started: fresh ones, since ours may have threads, and quickly where that can be had."""
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", module])
    return context


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Ctrl-C goes to every process of the terminal; those started in here never notice, and are ended by this one."""
    if sys.platform == "win32":
        yield
        return
    # Started in here it would let them through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""Desk: answers questions in a bounded pool of threads, off the event loop; whoever finds it full is turned away."""

import asyncio
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus

from retrieval.filters import EVERYTHING, Filter
from retrieval.model import Reply
from ui.edition import Edition
from ui.refusals import Code, RefusedError

__all__ = ["Desk", "Said"]

_BUSY = "more questions are waiting than can be answered soon; try again in a moment"
_STOPPING = "the server is being stopped; try again in a moment"


@dataclass(frozen=True, slots=True)
class Said:
    """A reply, the index that it is from, and how long it took."""

    reply: Reply
    index: str
    elapsed_s: float


class Desk:
    """Answers from the edition of the moment: `workers` at a time, while at most `waiting` more wait."""

    def __init__(
        self,
        editions: Callable[[], Edition],
        *,
        workers: int,
        waiting: int,
        replied: Callable[[Reply, float], None],
    ) -> None:
        self.editions = editions
        self.replied = replied
        self.is_closing = False
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="answers")
        self._places = threading.BoundedSemaphore(workers + waiting)

    async def ask(self, question: str, history: Sequence[str], within: Filter = EVERYTHING) -> Said:
        """The reply to a question.

        Raises:
            RefusedError: if too many wait already, or the server is being stopped.
            FilterError: if no passage passes `within`.
        """
        return await asyncio.wrap_future(self._taken_on(question, history, within))

    def ask_and_wait(self, question: str, history: Sequence[str]) -> Reply:
        """The same for a caller in a thread of its own."""
        return self._taken_on(question, history, EVERYTHING).result().reply

    def check_room(self) -> None:
        """Raises RefusedError if a question that came now would be turned away."""
        self._take_place()
        self._places.release()

    def close(self) -> None:
        """Takes no more questions; those that were taken are answered."""
        self.is_closing = True

    def _taken_on(self, question: str, history: Sequence[str], within: Filter) -> "Future[Said]":
        self._take_place()
        future = self._pool.submit(self._answered, question, tuple(history), within)
        future.add_done_callback(lambda _: self._places.release())
        return future

    def _take_place(self) -> None:
        if self.is_closing:
            raise _unavailable(_STOPPING)
        if not self._places.acquire(blocking=False):
            raise _unavailable(_BUSY)

    def _answered(self, question: str, history: Sequence[str], within: Filter) -> Said:
        edition = self.editions()
        began = time.perf_counter()
        reply = edition.ask(question, history, within=within)
        elapsed_s = time.perf_counter() - began
        self.replied(reply, elapsed_s)
        return Said(reply, edition.index, elapsed_s)


def _unavailable(message: str) -> RefusedError:
    return RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, Code.UNAVAILABLE, message, {"Retry-After": "2"})

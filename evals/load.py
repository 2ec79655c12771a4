"""Questions to a running server from many askers at once, as pages do: how soon it replies, what memory it needs."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import SplitResult, urlsplit

import numpy as np

from evals.bench.worker import Question
from evals.jsonl import DataError
from evals.progress import Progress

__all__ = ["Askers", "Load", "measure_load"]

_TIMEOUT_S = 60
_OK = 200
_MIB = 2**20
_SHOW_EVERY_S = 0.5
_RESIDENT = "process_resident_memory_bytes "


@dataclass(frozen=True, slots=True)
class Askers:
    """So many at a time, for so long; each asks again `pause_s` after its reply.

    With `fresh` no question is put twice: each has a number at its end.
    """

    number: int
    seconds: float
    pause_s: float = 0.0
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What the askers were told.

    Times are over all answers, `None` if there are none; `failures` counts what came instead of one, by what it was.
    The server's resident memory is in MiB, before and after, `None` where it doesn't tell.
    """

    askers: Askers
    answers: int
    per_second: float
    p50_ms: float | None
    p95_ms: float | None
    most_ms: float | None
    failures: dict[str, int]
    memory_before_mib: float | None
    memory_after_mib: float | None


@dataclass(frozen=True, slots=True)
class _Server:
    """A server, over connections that the caller keeps open."""

    address: SplitResult

    def connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self.address.scheme == "https" else http.client.HTTPConnection
        return kind(self.address.hostname or "", self.address.port, timeout=_TIMEOUT_S)

    def ask(self, connection: http.client.HTTPConnection, question: Question) -> str | None:
        """What came instead of an answer, `None` if one did."""
        body = json.dumps({"question": question.text, "history": question.history})
        path = f"{self.address.path.rstrip('/')}/api/ask"
        try:
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            return type(error).__name__
        return None if reply.status == _OK else f"status {reply.status}"

    def memory_mib(self) -> float | None:
        connection = self.connect()
        try:
            connection.request("GET", f"{self.address.path.rstrip('/')}/metrics")
            lines = connection.getresponse().read().decode(errors="replace").splitlines()
        except (OSError, http.client.HTTPException) as error:
            raise DataError(
                f"{self.address.geturl()}: found no server ({error}), wanted one; say: insights serve"
            ) from error
        finally:
            connection.close()
        found = [float(line.removeprefix(_RESIDENT)) for line in lines if line.startswith(_RESIDENT)]
        return round(found[0] / _MIB, 1) if found else None


def measure_load(url: str, questions: Sequence[Question], askers: Askers, progress: Progress) -> Load:
    """Asks the server at `url` the questions over and over; nothing else should run meanwhile.

    Raises:
        DataError: if `url` is none, or no server answers there.
    """
    address = urlsplit(url)
    if address.scheme not in {"http", "https"} or not address.hostname:
        raise DataError(f"found no address of a server in {url!r}, wanted http://HOST or http://HOST:PORT; correct it")
    server = _Server(address)
    before = server.memory_mib()
    next_question = _taking_turns(_endless(questions, fresh=askers.fresh))
    began = time.perf_counter()

    def asker(number: int) -> tuple[list[float], Counter[str]]:
        """Milliseconds to each answer, and what came instead of answers."""
        taken_ms: list[float] = []
        failures: Counter[str] = Counter()
        connection = server.connect()
        time.sleep(askers.pause_s * number / askers.number)  # so that they don't all ask at one moment
        while (asked := time.perf_counter()) < began + askers.seconds:
            failure = server.ask(connection, next_question())
            if failure is None:
                taken_ms.append(1000 * (time.perf_counter() - asked))
            else:
                failures[failure] += 1
            if askers.pause_s:
                connection.close()  # servers do not keep idle ones
                time.sleep(askers.pause_s)
        connection.close()
        return taken_ms, failures

    with ThreadPoolExecutor(askers.number) as pool:
        futures = [pool.submit(asker, number) for number in range(askers.number)]
        while (elapsed := time.perf_counter() - began) < askers.seconds:
            progress(f"asking, {askers.number} at a time", round(elapsed), round(askers.seconds))
            time.sleep(_SHOW_EVERY_S)
        results = [future.result() for future in futures]
    elapsed = time.perf_counter() - began
    taken = np.array([each for times, _ in results for each in times])
    p50, p95, most = np.quantile(taken, [0.5, 0.95, 1]).round(1).tolist() if len(taken) else (None, None, None)
    failures = sum((counts for _, counts in results), Counter[str]())
    per_second = round(len(taken) / elapsed, 1)
    return Load(askers, len(taken), per_second, p50, p95, most, dict(failures), before, server.memory_mib())


def _endless(questions: Sequence[Question], *, fresh: bool) -> Iterator[Question]:
    begin = time.time_ns() // 1_000_000 if fresh else 0  # what an earlier run asked is not fresh either
    for number, question in zip(count(begin), cycle(questions), strict=False):
        yield Question(f"{question.text} {number}", question.history) if fresh else question


def _taking_turns(questions: Iterator[Question]) -> Callable[[], Question]:
    """The next of the questions, for threads."""
    lock = threading.Lock()

    def take() -> Question:
        with lock:
            return next(questions)

    return take

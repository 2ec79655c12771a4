"""How the time of an answer divides into stages, by stopwatches that are put on the seams between them for a while."""

import functools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

import numpy as np

from retrieval.dialogue import Dialogue
from retrieval.encoder import OnnxEncoder
from retrieval.index import StoredVectors
from retrieval.lexical import LexicalIndex
from retrieval.model import Reply
from retrieval.reader_network import ReaderNetwork
from retrieval.spelling import Speller

__all__ = ["STAGES", "Ask", "Lap", "Stage", "stages_of", "stopwatches"]

Ask = Callable[[str, Sequence[str]], Reply]
Lap = Mapping[str, float]  # the seconds of one answer by stage; together they are the whole answer

_P = ParamSpec("_P")
_T = TypeVar("_T")

# What does the work of each stage, and the name of the method in which it does it.
_SEAMS: Mapping[str, tuple[type, str]] = {
    "spelling": (Speller, "understood"),
    "rewriting": (Dialogue, "standalone"),
    "encoding": (OnnxEncoder, "encode_questions"),
    "dense search": (StoredVectors, "cosines"),
    "words": (LexicalIndex, "scores"),
    "reading": (ReaderNetwork, "read"),
}
_REST = "the rest"
STAGES = (*_SEAMS, _REST)


@dataclass(frozen=True, slots=True)
class Stage:
    """What answers spend in a stage, those too that do without it (0 ms); `share` is of the whole time of them all."""

    name: str
    mean_ms: float
    p50_ms: float
    p95_ms: float
    share: float


def stages_of(laps: Sequence[Lap]) -> list[Stage]:
    """The stages of some answers, in order; none without an answer."""
    if not laps:
        return []
    seconds = np.array([[lap.get(stage, 0.0) for stage in STAGES] for lap in laps])
    means, shares = 1000 * seconds.mean(axis=0), seconds.sum(axis=0) / seconds.sum()
    p50s, p95s = 1000 * np.quantile(seconds, [0.5, 0.95], axis=0)
    columns = [means.round(3), p50s.round(3), p95s.round(3), shares.round(4)]
    return [
        Stage(name, *figures) for name, *figures in zip(STAGES, *(column.tolist() for column in columns), strict=True)
    ]


@contextmanager
def stopwatches(ask: Ask) -> Iterator[tuple[Ask, list[Lap]]]:
    """The same `ask`, for one asker at a time, and the laps of what it has answered so far.

    Within it every bot of this process carries the stopwatches, which take some microseconds an answer; a question that
    fails makes no lap.
    """
    laps: list[Lap] = []
    watch = _Stopwatch()

    def timed(question: str, history: Sequence[str]) -> Reply:
        watch.start()
        reply = ask(question, history)
        laps.append(watch.stop())
        return reply

    methods = {stage: getattr(owner, name) for stage, (owner, name) in _SEAMS.items()}
    try:
        for stage, (owner, name) in _SEAMS.items():
            setattr(owner, name, watch.on(stage, methods[stage]))
        yield timed, laps
    finally:
        for stage, (owner, name) in _SEAMS.items():
            setattr(owner, name, methods[stage])


class _Stopwatch:
    """Charges each moment of an answer to one stage: the one that was entered last and isn't left yet."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = defaultdict(float)
        self._stage, self._since = _REST, 0.0

    def start(self) -> None:
        """Begins a lap."""
        self._seconds = defaultdict(float)
        self._stage, self._since = _REST, time.perf_counter()

    def stop(self) -> Lap:
        """Ends the lap."""
        self._enter(_REST)
        return self._seconds

    def on(self, stage: str, method: Callable[_P, _T]) -> Callable[_P, _T]:
        """The method, whose time is charged to `stage`."""

        @functools.wraps(method)
        def timed(*arguments: _P.args, **options: _P.kwargs) -> _T:
            before = self._enter(stage)
            try:
                return method(*arguments, **options)
            finally:
                self._enter(before)

        return timed

    def _enter(self, stage: str) -> str:
        """Charges what has passed to the stage that is left, which it gives back."""
        now = time.perf_counter()
        left, self._stage = self._stage, stage
        self._seconds[left] += now - self._since
        self._since = now
        return left

"""Measures a warm bot from inside a fresh process: how long the index takes to open, how long answers, what memory.

Imports what answering needs and little else, so that the memory is that of answering.
"""

import sys
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import numpy as np

from evals.bench.machine import peak_bytes, resident_bytes
from evals.bench.process import serve
from evals.bench.stages import Ask, Stage, stages_of, stopwatches
from evals.jsonl import DataError, is_texts, read_records, wanted_keys
from evals.progress import Progress
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.language import load_identifier

__all__ = ["Level", "Question", "measure_alone", "measure_level", "read_questions", "shuffled"]

_MIB = 2**20
_SEED = 0
_SHOW_EVERY_S = 0.5
# Threads and whatever the libraries keep for each are made by the first questions that it asks.
_WARM_UP_PER_ASKER = 4


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked after `history`, the earlier questions, oldest first."""

    text: str
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """What `askers` at a time were answered, each asking again at once; times are over all answers, `None` if none.

    `questions` were asked, `errors` of them raised an exception instead of a reply, `first_error` is one of those;
    `per_second` are the answers.
    """

    askers: int
    questions: int
    p50_ms: float | None
    p95_ms: float | None
    per_second: float
    errors: int
    first_error: str | None

    @classmethod
    def of(cls, asked: Sequence[Future[float | None]], *, askers: int, elapsed_s: float) -> "Level":
        """The figures of what took `elapsed_s`: seconds to each answer, or `None` where nothing was asked any more."""
        errors = [error for future in asked if (error := future.exception())]
        results = [future.result() for future in asked if not future.exception()]
        seconds = [result for result in results if result is not None]
        p50_ms, p95_ms = (1000 * np.quantile(seconds, [0.5, 0.95])).round(3).tolist() if seconds else (None, None)
        return cls(
            askers,
            len(seconds) + len(errors),
            p50_ms,
            p95_ms,
            round(len(seconds) / elapsed_s, 2),
            len(errors),
            f"{type(errors[0]).__name__}: {errors[0]}" if errors else None,
        )


def read_questions(path: Path) -> list[Question]:
    """The questions of a file of JSON lines with "question" and, if there is one, "history"; the rest is not read.

    Raises:
        DataError: naming the file and line of the first fault.
    """
    questions: list[Question] = []
    for where, record in read_records(path, "questions"):
        wanted_keys(record, {"question": str}, where)
        history = record.get("history", [])
        if not is_texts(history):
            raise DataError(f"{where}: wanted a list of texts for history; correct it")
        questions.append(Question(record["question"], tuple(history)))
    return questions


def measure_level(
    ask: Ask, questions: Iterable[Question], *, askers: int, most_seconds: float, progress: Progress
) -> Level:
    """Asks the questions, `askers` at a time; none is asked any more when `most_seconds` have passed."""
    gate = threading.Event()

    def answer(question: Question) -> float | None:
        """Seconds to the reply."""
        gate.wait()
        began = time.perf_counter()
        if began >= opened + most_seconds:
            return None
        ask(question.text, question.history)
        return time.perf_counter() - began

    with ThreadPoolExecutor(askers) as pool:
        futures = [pool.submit(answer, question) for question in questions]
        opened = time.perf_counter()
        gate.set()
        while waiting := wait(futures, timeout=_SHOW_EVERY_S).not_done:
            progress(f"asking, {askers} at a time", len(futures) - len(waiting), len(futures))
        elapsed_s = time.perf_counter() - opened
    return Level.of(futures, askers=askers, elapsed_s=elapsed_s)


def measure_alone(
    ask: Ask, questions: Sequence[Question], *, most_questions: int, most_seconds: float, progress: Progress
) -> tuple[Level, list[Stage]]:
    """Asks the questions over and over, one at a time and after a warm-up; the answers, and their time by stage."""
    measure = partial(measure_level, askers=1, most_seconds=most_seconds, progress=progress)
    measure(ask, islice(cycle(questions), _WARM_UP_PER_ASKER))
    with stopwatches(ask) as (timed, laps):
        level = measure(timed, islice(cycle(questions), most_questions))
    return level, stages_of(laps)


def shuffled(questions: Sequence[Question]) -> list[Question]:
    """The questions in an order that is always the same: a file has its kinds one after the other."""
    return [questions[int(number)] for number in np.random.default_rng(_SEED).permutation(len(questions))]


def _open(settings: Mapping[str, Any], _: Progress) -> dict[str, Any]:
    """How long opening the index takes, without Python's start, and what is in it."""
    began = time.perf_counter()
    index = PassageIndex.open(Path(settings["index"]), corpus=Path(settings["corpus"]))
    seconds = time.perf_counter() - began
    return {
        "seconds": round(seconds, 3),
        "documents": len(index.documents),
        "passages": len(index),
        "rows": index.vectors.index.ntotal,
        "encoder_sha256": index.manifest.encoder_sha256,
        "policy": index.policy.to_text(),
    }


def _answers(settings: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Answers to one asker and to each number of them, and the memory before the first question and at most."""
    questions = shuffled(read_questions(Path(settings["questions"])))
    responder = Responder.open(Path(settings["index"]), corpus=Path(settings["corpus"]))
    load_identifier()  # as the server does at its start
    idle = resident_bytes()
    alone, stages = measure_alone(
        responder.answer,
        questions,
        most_questions=settings["most_questions"],
        most_seconds=settings["most_seconds"],
        progress=progress,
    )
    levels = [alone]
    for askers in settings["askers"]:
        measure = partial(
            measure_level, responder.answer, askers=askers, most_seconds=settings["most_seconds"], progress=progress
        )
        measure(islice(cycle(questions), _WARM_UP_PER_ASKER * askers))
        levels.append(measure(islice(cycle(questions), settings["most_questions"])))
    memory = {"idle": round(idle / _MIB, 1), "peak": round(peak_bytes() / _MIB, 1)}
    return {
        "memory": memory,
        "askers": [asdict(level) for level in levels],
        "stages": [asdict(stage) for stage in stages],
    }


if __name__ == "__main__":
    serve({"open": _open, "answers": _answers}, sys.argv[1:])

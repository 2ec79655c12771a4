"""Warm answers are timed and counted as reckoned by hand; the memory is that of answering alone."""

import platform
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.machine import Machine, peak_bytes, resident_bytes
from evals.bench.worker import Level, Question, measure_level, read_questions
from evals.jsonl import DataError
from retrieval.model import Abstention, Reason, Reply
from tests.fiction import write

QUESTIONS = [Question(f"What does moth {number} do?", ()) for number in range(6)]
SILENT = Abstention("q", "q", Reason.NO_EVIDENCE)


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


def done(*results: float | Exception | None) -> list[Future[float | None]]:
    """What asking gave: seconds, an exception, or nothing since the time was over."""
    futures: list[Future[float | None]] = []
    for result in results:
        future: Future[float | None] = Future()
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
        futures.append(future)
    return futures


def test_percentiles_are_those_reckoned_by_hand_and_errors_are_counted_but_not_timed() -> None:
    results = done(0.001, ValueError("no such reed"), 0.002, 0.003, None, 0.005, KeyError("bell"), 0.004, None)
    assert Level.of(results, askers=8, elapsed_s=2.0) == Level(
        askers=8,
        questions=7,
        p50_ms=3.0,
        p95_ms=4.8,
        per_second=2.5,
        errors=2,
        first_error="ValueError: no such reed",
    )


def test_a_level_without_an_answer_has_no_percentiles() -> None:
    assert Level.of(done(ValueError("no")), askers=1, elapsed_s=0.5) == Level(
        1, 1, None, None, 0.0, 1, "ValueError: no"
    )
    assert Level.of(done(None), askers=1, elapsed_s=0.5) == Level(1, 0, None, None, 0.0, 0, None)


@given(st.lists(st.floats(1e-4, 10), min_size=2, max_size=60))
def test_percentiles_agree_with_the_standard_librarys(seconds: list[float]) -> None:
    level = Level.of(done(*seconds), askers=1, elapsed_s=1.0)
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    assert level.p50_ms == pytest.approx(1000 * hundredths[49], abs=1e-3)
    assert level.p95_ms == pytest.approx(1000 * hundredths[94], abs=1e-3)


@pytest.mark.parametrize("askers", [1, 2, 5])
def test_just_as_many_ask_at_a_time_as_wanted(askers: int) -> None:
    together = threading.Barrier(askers)
    asking: list[int] = []
    most: list[int] = []

    def ask(*_: object) -> Reply:
        asking.append(1)
        together.wait(timeout=10)  # breaks if fewer ask at a time
        most.append(len(asking))
        together.wait(timeout=10)
        asking.pop()
        return SILENT

    level = measure_level(ask, QUESTIONS[:askers], askers=askers, most_seconds=60, progress=silent)
    assert (level.questions, level.errors, max(most)) == (askers, 0, askers)


def test_every_question_is_asked_once_with_its_history_and_those_that_fail_are_counted() -> None:
    asked: list[Question] = []

    def ask(question: str, history: Sequence[str]) -> Reply:
        asked.append(Question(question, tuple(history)))
        if "2" in question or "4" in question:
            raise ValueError(question)
        return SILENT

    questions = [Question(question.text, ("What are moths?",)) for question in QUESTIONS]
    level = measure_level(ask, questions, askers=1, most_seconds=60, progress=silent)
    assert asked == questions
    assert (level.questions, level.errors, level.first_error) == (6, 2, "ValueError: What does moth 2 do?")
    assert level.p50_ms is not None


def test_nothing_is_asked_any_more_when_the_time_is_over_and_progress_is_shown_meanwhile() -> None:
    shown: list[tuple[str, int, int]] = []

    def ask(*_: object) -> Reply:
        time.sleep(0.4)
        return SILENT

    level = measure_level(ask, QUESTIONS, askers=1, most_seconds=1.0, progress=lambda *step: shown.append(step))
    assert 1 <= level.questions <= 3
    assert level.p50_ms is not None
    assert level.p50_ms >= 400
    assert level.per_second <= 2.5
    assert {(what, total) for what, _, total in shown} == {("asking, 1 at a time", 6)}
    counts = [count for _, count, _ in shown]
    assert all(count <= following for count, following in pairwise(counts))


def test_questions_are_read_with_their_history_and_the_rest_of_a_line_is_left_alone(tmp_path: Path) -> None:
    lines = ['{"question": "Who?", "gold": 1}', '{"question": "it?", "history": ["What are moths?"], "id": 2}']
    path = write(tmp_path / "questions.jsonl", "\n".join(lines))
    assert read_questions(path) == [Question("Who?", ()), Question("it?", ("What are moths?",))]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{}", "found the keys [], wanted 'question' among them; add it"),
        ('{"question": 1}', "found question of type int, wanted str; correct it"),
        ('{"question": "Who?", "history": "What?"}', "wanted a list of texts for history; correct it"),
    ],
)
def test_a_line_that_is_no_question_is_told(line: str, fault: str, tmp_path: Path) -> None:
    path = write(tmp_path / "questions.jsonl", f'{{"question": "Who?"}}\n{line}\n')
    with pytest.raises(DataError) as error:
        read_questions(path)
    assert str(error.value) == f"{path}, line 2: {fault}"


def test_the_process_whose_memory_is_measured_loads_nothing_that_builds_or_draws() -> None:
    code = "import sys, evals.bench.worker; print({name.split('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout
    unwanted = ("ingest", "torch", "sentencex", "tiktoken", "matplotlib", "typer", "gradio")
    assert [name for name in unwanted if f"'{name}'" in loaded] == []


def test_the_peak_of_memory_is_never_below_what_was_in_use() -> None:
    before = resident_bytes()
    held = np.ones(8_000_000)  # 64 MB
    inside = resident_bytes()
    del held
    assert inside - before > 32_000_000
    assert peak_bytes() >= inside - 1_000_000


def test_the_machine_is_told_by_its_parts_and_versions_and_without_names_or_places() -> None:
    machine = Machine.here()
    assert machine.processor
    assert machine.memory_gib > 0
    assert machine.packages["numpy"] == np.__version__
    assert 0 <= Machine.busy_percent() <= 100
    told = " ".join([machine.processor, machine.system, machine.python, *machine.packages.values()])
    assert [private for private in (platform.node(), str(Path.home())) if private in told] == []

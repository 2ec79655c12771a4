"""A build that is killed at any moment leaves an index that opens and answers; the next build sweeps up after it."""

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from ingest.journal import journal
from retrieval.encoder import OnnxEncoder
from retrieval.index import PassageIndex
from retrieval.verify import verify_index
from tests.killed import build_with, killed_at_call, killed_while_encoding
from tests.workshop import POLICY, Workshop

pytestmark = pytest.mark.slow

DEADLINE_S = 60


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Starts processes that have the builder loaded, and no threads of this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.killed"])
    return context


def answering(workshop: Workshop) -> PassageIndex:
    """The index that is served, which answers."""
    index = workshop.open()
    (hit, *_) = index.search("How long do the moths shine after sunset?", k=4)
    assert hit.passage.span.text in hit.passage.span.document.text
    return index


def assert_swept(workshop: Workshop) -> None:
    """After one more build there is nothing in the home but what is served and the generation before it."""
    before = workshop.generation.name
    workshop.build(replace(POLICY, k=99))
    assert workshop.entries == sorted(["CURRENT", "build.lock", before, workshop.generation.name])
    assert verify_index(workshop.home, corpus=workshop.corpus) == []


@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.exhaustive)])
def test_killed_before_any_call_that_changes_the_home_an_index_answers(
    workshop: Workshop, processes: ForkServerContext, step: int
) -> None:
    ends: list[int | None] = []
    published: list[bool] = []
    while 0 not in ends:
        before = answering(workshop).policy.k
        process = processes.Process(target=killed_at_call, args=(workshop, step * len(ends) + 1))
        process.start()
        process.join(DEADLINE_S)
        after = answering(workshop).policy.k
        assert after in {before, 100 + step * len(ends) + 1}
        published.append(after != before)
        ends.append(process.exitcode)
    assert set(ends[:-1]) == {-signal.SIGKILL}
    # Dozens of moments, most of them before the new index is published and some after.
    assert step * len(ends) > 40
    assert (published[0], published[-1]) == (False, True)
    assert published == sorted(published)
    assert_swept(workshop)


@pytest.mark.parametrize("encoded", [0, 64, 100])
def test_killed_while_encoding_the_old_index_answers(
    workshop: Workshop, processes: ForkServerContext, encoded: int
) -> None:
    before = workshop.generation
    many = "".join(f"On evening {n} the {chr(97 + n % 26) * 5} moths flew {n} reeds far.\n\n" for n in range(90))
    changed = workshop.copy(workshop.home.with_name("changed"))
    changed.vet("flights", many)
    process = processes.Process(target=killed_while_encoding, args=(replace(changed, home=workshop.home), encoded))
    process.start()
    process.join(DEADLINE_S)
    assert process.exitcode == -signal.SIGKILL
    assert answering(workshop).manifest.name == before.name[:16]
    assert_swept(workshop)


def test_killed_while_encoding_the_next_build_goes_on_from_there(
    workshop: Workshop, processes: ForkServerContext, tmp_path: Path
) -> None:
    many = "".join(f"On evening {n} the {chr(97 + n % 26) * 5} moths flew {n} reeds far.\n\n" for n in range(90))
    workshop.vet("flights", many)
    before = workshop.generation.name
    undisturbed = workshop.copy(tmp_path / "undisturbed")
    process = processes.Process(target=killed_while_encoding, args=(workshop, 64))
    process.start()
    process.join(DEADLINE_S)
    assert process.exitcode == -signal.SIGKILL
    with journal(workshop.home, OnnxEncoder.open(workshop.generation).settings) as kept:
        encoded = len(kept.keys)
    wanted, built = undisturbed.build(), workshop.build()
    assert built == replace(wanted, encoded=wanted.encoded - encoded)
    assert encoded >= 64
    assert workshop.entries == sorted(["CURRENT", "build.lock", before, workshop.generation.name])


def _there(pattern: str) -> Callable[[Path], bool]:
    return lambda home: any(home.glob(pattern))


def _after(seconds: float) -> Callable[[Path], bool]:
    def wait(_: Path) -> bool:
        time.sleep(seconds)
        return True

    return wait


@pytest.fixture
def large(vantor: Workshop, tmp_path: Path) -> Workshop:
    """The index with the default encoder, whose files take time to write; linked, as no generation ever changes."""
    copied = replace(vantor, home=tmp_path / "index")
    shutil.copytree(vantor.home, copied.home, copy_function=os.link)
    (copied.home / "build.lock").unlink()
    return copied


@pytest.mark.parametrize(
    "moment",
    [
        _there(".new-*"),
        _there(".new-*/encoder.onnx"),
        _there(".new-*/tokenizer.json"),
        _there(".new-*/vectors.faiss"),
        _there(".new-*/index.json"),
        lambda home: len(list(home.glob("*-????"))) > 1,
        _after(0.5),
        _after(0.8),
        _after(1.1),
    ],
    ids=["staged", "network", "tokenizer", "vectors", "sealed", "renamed", "0.5 s", "0.8 s", "1.1 s"],
)
def test_killed_from_outside_an_index_answers(
    large: Workshop, processes: ForkServerContext, moment: Callable[[Path], bool]
) -> None:
    before = answering(large).policy.k
    process = processes.Process(target=build_with, args=(large, 7))
    process.start()
    deadline = time.monotonic() + DEADLINE_S
    while not moment(large.home) and time.monotonic() < deadline and process.is_alive():
        pass
    process.kill()
    process.join(DEADLINE_S)
    assert process.exitcode in {0, -signal.SIGKILL}
    assert answering(large).policy.k in {before, 7}
    assert verify_index(large.home, corpus=large.corpus) == []
    assert_swept(large)

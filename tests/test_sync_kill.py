"""A synchronisation that is killed, or finds the disk full, leaves corpus and index as before or as after."""

import multiprocessing
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from retrieval.verify import verify_index
from tests.fiction import MOTHS, REEDS, write
from tests.syncing import full_at_call, killed_at_call, synchronise, texts_of, with_small_files
from tests.workshop import Workshop

pytestmark = pytest.mark.slow

DEADLINE_S = 600
EVERY = pytest.mark.parametrize("step", [8, pytest.param(1, marks=pytest.mark.exhaustive)])
FULL = 28
BELLS = "Bells of Vantor\n\nThe bells of Vantor ring when the moths rise from the reeds.\n"
LAKE = "The lake\n\nThe lake of Vantor is deep and cold.\n"


@pytest.fixture(scope="module")
def processes() -> ForkServerContext:
    """Starts processes that have everything loaded, and no threads of this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.syncing"])
    return context


@dataclass(frozen=True, slots=True)
class Scene:
    """A corpus and an index made of the leaflets in a folder, all in one folder, and what they shall become."""

    workshop: Workshop
    before: dict[str, str]
    after: dict[str, str]

    @property
    def leaflets(self) -> Path:
        """What is synchronised; the corpus knows it by where it lies beside it."""
        return self.workshop.corpus.with_name("leaflets")

    def copy(self, folder: Path) -> "Scene":
        """The same elsewhere."""
        shutil.copytree(self.workshop.corpus.parent, folder)
        return replace(self, workshop=replace(self.workshop, corpus=folder / "corpus", home=folder / "index"))


@pytest.fixture
def scene(tiny_encoder: str, tmp_path: Path) -> Scene:
    """One file is changed by now, one gone, one moved and one new."""
    folder = tmp_path / "scene"
    workshop = Workshop(folder / "corpus", folder / "index", tiny_encoder)
    leaflets = folder / "leaflets"
    write(leaflets / "moths.txt", MOTHS)
    write(leaflets / "reeds.txt", REEDS)
    write(leaflets / "old" / "lake.txt", LAKE)
    synchronise(workshop, leaflets)
    before = texts_of(workshop.corpus)
    assert sorted(before) == ["moths", "old-lake", "reeds"]
    write(leaflets / "moths.txt", MOTHS.replace("nine minutes", "eight minutes"))
    (leaflets / "reeds.txt").unlink()
    (leaflets / "old" / "lake.txt").rename(leaflets / "lake.txt")
    write(leaflets / "bells.txt", BELLS)
    reference = Scene(workshop, before, {}).copy(tmp_path / "reference")
    synchronise(reference.workshop, reference.leaflets)
    after = texts_of(reference.workshop.corpus)
    assert sorted(after) == ["bells", "moths", "old-lake"]
    return Scene(workshop, before, after)


def run(
    processes: ForkServerContext, act: Callable[[Workshop, Path, int], None], scene: Scene, number: int
) -> int | str | None:
    process = processes.Process(target=act, args=(scene.workshop, scene.leaflets, number))
    process.start()
    process.join(DEADLINE_S)
    return process.exitcode


def is_after(scene: Scene) -> bool:
    """Whether corpus and index are as after; if they are not as before and answer, it fails."""
    texts = texts_of(scene.workshop.corpus)
    assert texts in (scene.before, scene.after)
    index = scene.workshop.open()
    assert {one.id: one.text for one in index.documents} == texts
    (hit, *_) = index.search("How long do the moths shine after sunset?", k=2)
    assert hit.passage.span.text in texts[hit.passage.span.document.id]
    return texts == scene.after


def assert_finishes(scene: Scene) -> None:
    """That the next synchronisation does what is left, and leaves nothing that isn't served or kept."""
    workshop = scene.workshop
    synchronise(workshop, scene.leaflets)
    assert is_after(scene)
    assert verify_index(workshop.home, corpus=workshop.corpus) == []
    assert workshop.open().manifest.name == workshop.generation.name[:16]
    assert len([name for name in workshop.entries if name not in {"CURRENT", "build.lock"}]) <= 2
    texts = sorted(path.name for path in (workshop.corpus / "documents").iterdir())
    assert texts == sorted(f"{document}.txt" for document in scene.after)
    kept = sorted(path.name for path in (workshop.corpus / "versions").iterdir())
    assert [name.partition("@")[0] for name in kept] == ["moths", "moths", "reeds", "reeds"]


@EVERY
def test_killed_before_any_call_that_publishes_both_are_as_before_or_as_after(
    scene: Scene, processes: ForkServerContext, tmp_path: Path, step: int
) -> None:
    ends: list[int | str | None] = []
    published: list[bool] = []
    while 0 not in ends:
        killed = scene.copy(tmp_path / f"at-{len(ends)}")
        ends.append(run(processes, killed_at_call, killed, step * len(ends) + 1))
        published.append(is_after(killed))
        assert_finishes(killed)
    assert set(ends[:-1]) == {-signal.SIGKILL}
    assert step * len(ends) > 20
    assert (published[0], published[-1]) == (False, True)
    assert published == sorted(published)
    assert step * published.count(True) > 2  # moments after the one that counts, in which the index isn't served yet


@EVERY
def test_on_a_disk_that_gets_full_both_are_as_before_or_as_after(
    scene: Scene, processes: ForkServerContext, tmp_path: Path, step: int
) -> None:
    ends: list[int | str | None] = []
    while 0 not in ends:
        full = scene.copy(tmp_path / f"at-{len(ends)}")
        entries = {*full.workshop.entries}
        ends.append(run(processes, full_at_call, full, step * len(ends) + 1))
        if not is_after(full):
            left = {*full.workshop.entries} | {path.name for path in (full.workshop.corpus / "documents").iterdir()}
            assert left - {"build.lock", "encoded.partial"} <= entries | {f"{document}.txt" for document in full.before}
        assert_finishes(full)
    assert set(ends[:-1]) == {FULL}
    assert step * len(ends) > 8


@pytest.mark.parametrize("limit_bytes", [1, 600, 3_000, 20_000, 60_000, 200_000])
def test_where_a_file_cant_be_written_whole_both_are_as_before(
    scene: Scene, processes: ForkServerContext, limit_bytes: int
) -> None:
    assert run(processes, with_small_files, scene, limit_bytes) == FULL
    assert not is_after(scene)
    assert_finishes(scene)

"""`insights sync` as a user meets it: the table, the answers that change, what it asks, how it ends."""

import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from ingest.encoder import DEFAULT_ENCODER
from ingest.publish import writing
from tests.commands import PROGRAM, Done, insights
from tests.fiction import MOTHS, REEDS, write
from tests.syncing import Desk, texts_of

ROOT = Path(__file__).parent.parent


@pytest.fixture
def desk(tiny_encoder: str, tmp_path: Path) -> Desk:
    """Nothing synchronised yet."""
    desk = Desk(tmp_path, tiny_encoder)
    write(desk.leaflets / "moths.md", MOTHS)
    write(desk.leaflets / "reeds.txt", REEDS)
    return desk


def sync(desk: Desk, capsys: pytest.CaptureFixture[str], *options: str) -> Done:
    return insights(capsys, *desk.arguments, *options)


def lines(done: Done) -> list[str]:
    return [" ".join(line.split()) for line in done.out.splitlines()]


def test_the_first_time_all_is_added_and_the_index_is_built(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    done = sync(desk, capsys)
    assert (done.code, done.err) == (0, "")
    *rows, last = lines(done)
    assert rows == [
        f"added moths {len(MOTHS.split())} words moths.md",
        f"added reeds {len(REEDS.split())} words reeds.txt",
        "added: 2, replaced: 0, removed: 0, refused: 0, unchanged: 0",
    ]
    assert re.fullmatch(
        rf"published: {desk.places.corpus} and its index [0-9a-f]{{16}} in {desk.places.index}; documents: 2, "
        r"passages: \d+, texts encoded: \d+",
        last,
    )


@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_folder_without_a_document_is_refused(
    desk: Desk, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    for path in desk.leaflets.iterdir():
        path.unlink()
    done = sync(desk, capsys, *options)
    assert done.code == 2
    assert done.complaint == f"{desk.leaflets}: found no document that can be taken in; name another place"


def test_what_changed_is_a_table_and_only_that_is_encoded(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sync(desk, capsys)
    write(desk.leaflets / "moths.md", MOTHS.replace("nine minutes", "eight whole minutes"))
    (desk.leaflets / "reeds.txt").unlink()
    write(desk.leaflets / "bells.txt", "The bells of Vantor ring.")
    (desk.leaflets / "broken.txt").write_bytes(b"Bells\0")
    done = sync(desk, capsys)
    assert (done.code, done.err) == (1, "")
    *rows, last = lines(done)
    assert rows == [
        "added bells 5 words bells.txt",
        "replaced moths words: 2 new, 1 gone moths.md",
        f"removed reeds {len(REEDS.split())} words reeds.txt",
        "refused not text: it holds NUL bytes; export it as UTF-8 text first broken.txt",
        "added: 1, replaced: 1, removed: 1, refused: 1, unchanged: 0",
    ]
    encoded = int(last.rpartition(" ")[2])
    assert 0 < encoded < 12
    assert sorted(texts_of(desk.places.corpus)) == ["bells", "moths"]


def test_where_nothing_has_changed_it_says_so_and_touches_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    sync(desk, capsys)
    before = desk.files()
    done = sync(desk, capsys)
    assert done.code == 0
    assert lines(done) == [
        "added: 0, replaced: 0, removed: 0, refused: 0, unchanged: 2",
        f"nothing has changed: {desk.places.corpus} and its index are as they were",
    ]
    assert desk.files() == before


def test_an_index_that_is_gone_is_built_though_nothing_has_changed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    sync(desk, capsys)
    (desk.places.index / "CURRENT").unlink()
    assert lines(sync(desk, capsys))[-1].startswith("published: ")
    assert (desk.places.index / "CURRENT").exists()


def test_a_dry_run_changes_nothing_at_all(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    done = sync(desk, capsys, "--dry-run")
    assert (done.code, lines(done)[-1]) == (0, "nothing was done (--dry-run)")
    assert not desk.places.corpus.exists()
    assert not desk.places.index.exists()
    sync(desk, capsys)
    before = desk.files()
    (desk.leaflets / "reeds.txt").unlink()
    done = sync(desk, capsys, "--dry-run")
    assert lines(done)[-2:] == [
        "added: 0, replaced: 0, removed: 1, refused: 0, unchanged: 1",
        "nothing was done (--dry-run)",
    ]
    assert desk.files() == before


def test_what_is_stated_on_the_command_line_is_of_every_document(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    sync(desk, capsys)
    done = sync(desk, capsys, "--publisher", "Vantor Moth Society")
    assert lines(done)[:2] == [
        "replaced moths source: publisher moths.md",
        "replaced reeds source: publisher reeds.txt",
    ]
    assert lines(done)[-1].endswith("texts encoded: 0")


def test_a_table_of_thousands_shows_some_and_says_how_many_more(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(60):
        write(desk.leaflets / f"walk-{number:02}.txt", f"On walk {number} we counted moths.")
    assert lines(sync(desk, capsys, "--dry-run"))[-3] == "added and 12 more say --explain to see all"
    explained = lines(sync(desk, capsys, "--dry-run", "--explain"))
    assert len([line for line in explained if line.startswith("added ")]) == 62
    assert explained[:2] == ["moths.md: moths", "title: moths (its first heading or its name)"]


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        (["--gates", "gates.toml"], "--gates needs --cases FILE"),
        (["--cases", "none.jsonl"], "none.jsonl can't be read"),
        (["--reviewed", "soon"], "--reviewed: found 'soon'"),
        (["no-such-folder"], "no-such-folder is no folder, file or address; nothing was changed"),
    ],
)
def test_a_mistake_is_one_line(desk: Desk, capsys: pytest.CaptureFixture[str], options: list[str], wanted: str) -> None:
    assert wanted in sync(desk, capsys, *options).refusal
    assert not (desk.places.corpus / "manifest.jsonl").exists()


def test_an_index_of_another_encoder_is_said_and_left(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sync(desk, capsys)
    write(desk.leaflets / "bells.txt", "The bells of Vantor ring.")
    before = desk.files()
    done = insights(capsys, *desk.arguments[:-2])
    assert (done.code, done.complaint) == (
        2,
        f"the index in {desk.places.index} was built with an encoder other than {DEFAULT_ENCODER}; name it with "
        "--encoder",
    )
    assert desk.files() == before


def test_of_two_at_once_the_second_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    with writing(desk.places.corpus):
        done = sync(desk, capsys)
    assert done.refusal == (f"another command is writing to {desk.places.corpus}; wait until that ends, then try again")


@pytest.mark.slow
def test_ctrl_c_says_how_things_stand_and_the_next_run_goes_on(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    sync(desk, capsys)
    before = texts_of(desk.places.corpus)
    for number in range(400):
        write(desk.leaflets / f"walk-{number:03}.txt", f"On walk {number} we counted {number + 7} moths in the reeds.")
    process = subprocess.Popen(
        [*PROGRAM, *desk.arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not list(desk.places.index.glob(".new-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (
        130,
        "insights: stopped; corpus and index are as they were; run the same command again to go on\n",
    )
    assert texts_of(desk.places.corpus) == before
    assert not list(desk.places.index.glob(".new-*"))
    assert lines(sync(desk, capsys))[-1].startswith("published: ")
    assert len(texts_of(desk.places.corpus)) == 402

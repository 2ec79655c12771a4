"""`insights ingest` with folders, archives, records and many files, as a user meets it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.model import Origin
from corpus.store import load_corpus
from tests.commands import PROGRAM, Done, insights
from tests.fiction import MOTHS, REEDS, write
from tests.made.pdf import PdfLook, make_pdf
from tests.made.text import story
from tests.test_ingest_archive import packed
from tests.test_ingest_workers import session

ROOT = Path(__file__).parent.parent
TOML = 'publisher = "Vantor Moth Society"\n[files."reeds.txt"]\nid = "silver-reeds"\ntitle = "Silver reeds"\n'


@pytest.fixture
def leaflets(tmp_path: Path) -> Path:
    """A folder with documents of several kinds, and some that are none."""
    folder = tmp_path / "leaflets"
    write(folder / "a" / "moths.md", f"---\ntitle: Glimmer moths\n---\n\n# Moths\n\n{MOTHS}")
    write(folder / "reeds.txt", REEDS)
    write(folder / "records.jsonl", '{"id": "r1", "title": "Bells", "text": "Nine bells hang over the lake."}\n')
    (folder / "all.zip").write_bytes(packed({"stones.txt": b"Lantern stones stand on the north bank of the lake."}))
    write(folder / "moth.png", "x")
    write(folder / "corpus.toml", TOML)
    return folder


def ingested(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Done:
    return insights(capsys, "ingest", *arguments)


def test_a_folder_is_taken_in_whole_and_a_second_time_nothing_is(
    leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = tmp_path / "corpus"
    skipped = "skipped: 1 (.png files are no documents: 1)\n"
    assert ingested(capsys, leaflets, "--corpus", root) == Done(
        0,
        f"taken in: 4 (new: 4, replaced: 0); unchanged: 0\n{skipped}vetted into {root}; now run: insights build\n",
        "",
    )
    documents = load_corpus(root).documents
    assert {key: (one.source.title, one.source.publisher) for key, one in documents.items()} == {
        "a-moths": (documents["a-moths"].source.title, "Vantor Moth Society"),
        "all-stones": ("stones", "Vantor Moth Society"),
        "r1": ("Bells", "Vantor Moth Society"),
        "silver-reeds": ("Silver reeds", "Vantor Moth Society"),
    }
    origin = documents["r1"].origin
    assert origin is not None
    assert origin == Origin("../leaflets", "records.jsonl#r1", origin.sha256)
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*.*") if path.suffix != ".lock"}
    assert ingested(capsys, leaflets, "--corpus", root) == Done(
        0, f"taken in: 0 (new: 0, replaced: 0); unchanged: 4\n{skipped}{root} is as it was\n", ""
    )
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*.*") if path.suffix != ".lock"} == before


def test_what_is_refused_is_a_line_each_and_the_rest_goes_on(
    leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = tmp_path / "corpus"
    write(leaflets / "empty.txt", "")
    write(leaflets / "a" / "empty.md", "")
    write(leaflets / "old.doc", "x")
    write(leaflets / "a\nb\x1b[31m.txt", "")
    done = ingested(capsys, leaflets, "--corpus", root)
    assert done.code == 1
    assert done.out.splitlines() == [
        "taken in: 4 (new: 4, replaced: 0); unchanged: 0",
        "skipped: 1 (.png files are no documents: 1)",
        "refused: 4 (is empty: 3; found the ending '.doc': 1)",
        f"vetted into {root}; now run: insights build",
    ]
    empty = "is empty, 0 bytes; copy it again from where it came from"
    kinds = ".txt, .md, .markdown, .html, .htm, .xhtml, .pdf, .docx, .epub"
    assert done.err.splitlines() == [
        f"insights: {leaflets}/a b [31m.txt: {empty}",
        f"insights: {leaflets}/a/empty.md: {empty}",
        f"insights: {leaflets}/empty.txt: {empty}",
        f"insights: {leaflets}/old.doc: found the ending '.doc', wanted one of {kinds}; "
        "open it in a word processor and save it as .docx",
    ]


def test_what_changed_is_refused_until_it_is_said_to_replace(
    leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = tmp_path / "corpus"
    assert ingested(capsys, leaflets, "--corpus", root).code == 0
    write(leaflets / "reeds.txt", "Silver reeds are taller than a keeper's hat.")
    write(leaflets / "corpus.toml", TOML + '[files."a/moths.md"]\nid = "glimmer-moths"\n')
    done = ingested(capsys, leaflets, "--corpus", root)
    assert (done.code, done.out.splitlines()[-2:]) == (
        1,
        [
            "refused: 2 (is in the corpus already under another id: 1; "
            "is in the corpus already with another text or source: 1)",
            f"{root} is as it was",
        ],
    )
    done = ingested(capsys, leaflets, "--replace", "--corpus", root)
    assert (done.code, done.out.splitlines()[0]) == (0, "taken in: 2 (new: 0, replaced: 2); unchanged: 2")
    documents = load_corpus(root).documents
    assert list(documents) == ["all-stones", "r1", "silver-reeds", "glimmer-moths"]
    assert documents["silver-reeds"].text == "Silver reeds are taller than a keeper's hat."


def test_many_files_and_folders_are_taken_in_at_once(
    leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    root = tmp_path / "corpus"
    other = write(tmp_path / "other" / "reeds.txt", "Reeds of another kind lean over the water.")
    named = [leaflets / "reeds.txt", leaflets / "records.jsonl", leaflets / "a", other]
    done = ingested(capsys, *named, "--licence", "CC0", "--corpus", root)
    assert (done.code, done.out.splitlines()[0]) == (0, "taken in: 4 (new: 4, replaced: 0); unchanged: 0")
    documents = load_corpus(root).documents
    found = {key: (one.origin.root, one.origin.path) for key, one in documents.items() if one.origin}
    assert found == {
        "silver-reeds": ("../leaflets", "reeds.txt"),
        "r1": ("../leaflets", "records.jsonl#r1"),
        "moths": ("../leaflets/a", "moths.md"),
        "reeds": ("../other", "reeds.txt"),
    }
    assert {one.source.licence for one in documents.values()} == {"CC0"}
    again = ingested(capsys, leaflets, "--licence", "CC0", "--corpus", root)
    assert again.out.splitlines()[0] == "taken in: 2 (new: 2, replaced: 0); unchanged: 2"


def test_an_explanation_says_who_states_what(
    leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = ingested(capsys, leaflets, "--explain", "--reviewed", "2026-03-01", "--corpus", tmp_path / "corpus")
    lines = done.out.splitlines()
    start = lines.index(f"{leaflets}/reeds.txt: silver-reeds")
    assert lines[start + 1 : start + 7] == [
        '  title: Silver reeds (corpus.toml, [files."reeds.txt"])',
        "  url: not stated",
        "  publisher: Vantor Moth Society (corpus.toml)",
        "  licence: not stated",
        "  reviewed: 2026-03-01 (the command line)",
        "  review_due: not stated",
    ]
    alone = ingested(capsys, leaflets / "reeds.txt", "--explain", "--corpus", tmp_path / "other")
    assert alone.out.splitlines()[2] == "  publisher: Vantor Moth Society (corpus.toml)"
    assert list(load_corpus(tmp_path / "other").documents) == ["silver-reeds"]


def test_the_numbers_of_pages_that_were_left_out_are_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    book = tmp_path / "ledger.pdf"
    book.write_bytes(make_pdf(story(1, chapters=6), PdfLook(is_numbered=True)))
    done = ingested(capsys, book, "--explain", "--corpus", tmp_path / "corpus")
    left_out = [line for line in done.out.splitlines() if line.startswith("  left out")]
    count = int(left_out[0].partition(" of ")[2].partition(" ")[0])
    assert left_out == [
        f"  left out, page number: 'Page 1 of {count} … Page {count} of {count}' ({count} times, first on page 1)"
    ]


@pytest.mark.parametrize("option", ["--id", "--title", "--url"])
def test_what_is_of_one_document_is_refused_for_many(
    option: str, leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = ingested(capsys, leaflets, option, "moths", "--corpus", tmp_path / "corpus")
    assert done.refusal == f"{option} is of one document, found many; state it in corpus.toml beside them"


def test_a_slip_in_corpus_toml_stops_everything(
    leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(leaflets / "a" / "corpus.toml", "reviewd = 2026-03-01")
    refusal = ingested(capsys, leaflets, "--corpus", tmp_path / "corpus").refusal
    assert refusal == ("a/corpus.toml: found the key 'reviewd', which says nothing here; did you mean reviewed?")
    assert not (tmp_path / "corpus").exists()


def test_what_is_not_there_is_refused(capsys: pytest.CaptureFixture[str], leaflets: Path, tmp_path: Path) -> None:
    refusal = ingested(capsys, leaflets, tmp_path / "none", "--corpus", tmp_path / "corpus").refusal
    assert refusal == f"{tmp_path / 'none'} is no file and no folder; name what exists"


def test_limits_are_options(leaflets: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    write(leaflets / "long.txt", MOTHS * 9)
    done = ingested(capsys, leaflets, "--max-size", "0.002", "--corpus", tmp_path / "corpus")
    large = "is larger than 2 kB; split it, or raise the limit with --max-size"
    assert done.err == f"insights: {leaflets}/long.txt: {large}\n"


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("processes", [2, 4])
def test_a_command_that_is_stopped_changes_nothing_and_says_how_to_go_on(tmp_path: Path, processes: int) -> None:
    folder = tmp_path / "leaflets"
    for number in range(3000):
        write(folder / f"moths-{number}.txt", f"Moth {number} hums over the lake. " * 400)
    command: list[str | Path] = [*PROGRAM, "ingest", folder, "--corpus", tmp_path / "corpus"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    with process:
        while process.poll() is None and len(session(process.pid)) < processes:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate()
    stopped = "insights: stopped; nothing was changed: run the same command again to go on\n"
    assert (process.returncode, out, err) == (130, "", stopped)
    assert not (tmp_path / "corpus").exists()

"""Folders: every document in the order of paths, one line for each that can't be taken in, and no way out or round."""

import os
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.folder import contents, root_of, walk
from ingest.items import Item, Refused, Skipped
from ingest.sizes import Sizes, in_words
from tests.fiction import write


def paths_of(found: Iterable[Item | Skipped | Refused]) -> list[str]:
    return [one.path for one in found if isinstance(one, Item)]


def faults_of(found: Iterable[Item | Skipped | Refused]) -> dict[str, str]:
    return {one.path: one.why for one in found if not isinstance(one, Item)}


def test_files_of_all_folders_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    for path in ("moths.txt", "moths/b.md", "moths-2.txt", "a/c/Deep.PDF", "a/b.html", "z.docx"):
        write(tmp_path / path, path)
    assert list(walk(tmp_path)) == [
        Item("a/b.html", ".html", b"a/b.html"),
        Item("a/c/Deep.PDF", ".pdf", b"a/c/Deep.PDF"),
        Item("moths-2.txt", ".txt", b"moths-2.txt"),
        Item("moths.txt", ".txt", b"moths.txt"),
        Item("moths/b.md", ".md", b"moths/b.md"),
        Item("z.docx", ".docx", b"z.docx"),
    ]


@given(st.sets(st.lists(st.sampled_from(["a", "b", "a-b", "ab", "B"]), min_size=1, max_size=3).map("/".join)))
def test_the_order_is_that_of_whole_paths(tmp_path_factory: pytest.TempPathFactory, stems: set[str]) -> None:
    folder = tmp_path_factory.mktemp("moths")
    wanted = sorted(f"{stem}.txt" for stem in stems)
    for path in wanted:
        write(folder / path, path)
    assert paths_of(walk(folder)) == wanted


def test_what_is_hidden_is_passed_over_in_silence(tmp_path: Path) -> None:
    for path in (".git/a.txt", ".a.txt", "~$moths.docx", "Thumbs.db", "__MACOSX/a.txt", "a.txt~", "desktop.ini"):
        write(tmp_path / path, "Moths.")
    write(tmp_path / "corpus.toml", "")
    assert list(walk(tmp_path)) == []


def test_what_is_beside_documents_is_skipped_and_other_kinds_are_refused_with_what_to_do(tmp_path: Path) -> None:
    for path in ("moth.png", "style.css", "moths.doc", "moths.xyz", "moths"):
        write(tmp_path / path, "Moths.")
    faults = faults_of(walk(tmp_path))
    kinds = "wanted one of .txt, .md, .markdown, .html, .htm, .xhtml, .pdf, .docx, .epub"
    assert faults == {
        "moth.png": ".png files are no documents",
        "style.css": ".css files are no documents",
        "moths": f"found the ending '', {kinds}; open it in a text editor and save it as .txt or .md",
        "moths.doc": f"found the ending '.doc', {kinds}; open it in a word processor and save it as .docx",
        "moths.xyz": f"found the ending '.xyz', {kinds}; convert it first",
    }


def test_empty_and_too_large_files_are_refused_unread(tmp_path: Path) -> None:
    write(tmp_path / "empty.txt", "")
    with (tmp_path / "large.pdf").open("wb") as file:
        file.truncate(500 * 10**6)
    write(tmp_path / "moths.txt", "Moths hum.")
    assert list(walk(tmp_path)) == [
        Refused("empty.txt", "is empty, 0 bytes; copy it again from where it came from"),
        Refused("large.pdf", "is larger than 100 MB; split it, or raise the limit with --max-size"),
        Item("moths.txt", ".txt", b"Moths hum."),
    ]
    small = faults_of(walk(tmp_path, sizes=Sizes(file_bytes=9)))
    assert small["moths.txt"] == "is larger than 9 bytes; split it, or raise the limit with --max-size"
    assert faults_of(walk(tmp_path, sizes=Sizes(file_bytes=10))).keys() == {"empty.txt", "large.pdf"}


def test_sizes_are_written_as_people_do() -> None:
    sizes = [9, 2_000, 1_500_000, 2 * 10**9]
    assert [in_words(size) for size in sizes] == ["9 bytes", "2 kB", "1.5 MB", "2 GB"]


def test_links_are_followed_within_the_folder_and_no_further(tmp_path: Path) -> None:
    folder = tmp_path / "leaflets"
    write(folder / "real" / "moths.txt", "Moths.")
    write(tmp_path / "outside" / "reeds.txt", "Reeds.")
    for name, target in {
        "a-file.txt": "real/moths.txt",
        "b-folder": "real",
        "c-again": "real",
        "d-up": ".",
        "e-out": "../outside",
        "f-out.txt": "../outside/reeds.txt",
        "g-self": "g-self",
        "h-none.txt": "none.txt",
        "real/i-loop": "..",
        "j-beside": "../leaflets-2",
    }.items():
        (folder / name).symlink_to(target)
    write(tmp_path / "leaflets-2" / "bells.txt", "Bells.")
    found = list(walk(folder))
    assert paths_of(found) == ["a-file.txt", "b-folder/moths.txt", "real/moths.txt"]
    out = "is a link that leads out of the folder, to {}; copy what it leads to, or name that too"
    loop = "is a link to a folder that it lies in itself; remove it"
    assert faults_of(found) == {
        "b-folder/i-loop": loop,
        "c-again": "is one more link to the same folder; remove it",
        "d-up": loop,
        "e-out": out.format(tmp_path / "outside"),
        "f-out.txt": out.format(tmp_path / "outside" / "reeds.txt"),
        "g-self": "can't be read: a link that leads back to itself; mend it or remove it",
        "h-none.txt": "can't be read: No such file or directory; mend it or remove it",
        "j-beside": out.format(tmp_path / "leaflets-2"),
        "real/i-loop": loop,
    }


def test_links_that_lead_to_each_other_come_to_an_end(tmp_path: Path) -> None:
    for name in "abcdefgh":
        write(tmp_path / name / "moths.txt", "Moths.")
        for other in "abcdefgh":
            (tmp_path / name / f"to-{other}").symlink_to(tmp_path / other)
    found = list(walk(tmp_path))
    assert 8 <= len(paths_of(found)) <= 16
    assert set(faults_of(found).values()) <= {
        "is one more link to the same folder; remove it",
        "is a link to a folder that it lies in itself; remove it",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes in folders")
def test_what_is_no_file_is_refused_without_being_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "moths.txt")
    (tmp_path / "null.txt").symlink_to("/dev/null")
    faults = faults_of(walk(tmp_path))
    assert faults["moths.txt"] == "is a pipe, a socket or a device, wanted a file; remove it"
    assert faults["null.txt"].startswith("is a link that leads out of the folder, to /dev/null; ")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_is_refused_and_shown(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"moths \xff.txt")).write_bytes(b"Moths.")
    (tmp_path / os.fsdecode(b"\xfe")).mkdir()
    assert faults_of(walk(tmp_path)) == {
        "\\xfe": "its name is no text in UTF-8; give it another name",
        "moths \\xff.txt": "its name is no text in UTF-8; give it another name",
    }


def test_a_name_has_composed_letters_however_the_disk_writes_them(tmp_path: Path) -> None:
    write(tmp_path / unicodedata.normalize("NFD", "Müller/é.txt"), "Moths.")
    assert list(walk(tmp_path)) == [Item("Müller/é.txt", ".txt", b"Moths.")]


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="may read everything")
def test_what_may_not_be_read_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "moths.txt", "Moths.").chmod(0)
    write(tmp_path / "a" / "moths.txt", "Moths.").parent.chmod(0)
    assert faults_of(walk(tmp_path)) == {
        "a/": "can't be read: Permission denied; make it readable",
        "moths.txt": "can't be read: Permission denied; make it readable, or leave it out",
    }
    (tmp_path / "a").chmod(0o700)


def test_a_file_that_goes_between_looking_and_reading_is_refused(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, "Moths.")
    found = walk(tmp_path)
    next(found)
    (tmp_path / "b.txt").unlink()
    assert list(found) == [
        Refused("b.txt", "can't be read: No such file or directory; make it readable, or leave it out")
    ]


def test_folders_as_deep_as_the_system_allows_are_no_trouble(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        here = _moved(here, "d")
    write(tmp_path / "moths.txt", "Moths.")
    assert paths_of(walk(tmp_path)) == ["moths.txt"]
    for _ in range(1500):
        here = _moved(here, "..")
        os.rmdir("d", dir_fd=here)
    os.close(here)


def _moved(here: int, name: str) -> int:
    """The open folder of that name in the one that was open, which is closed."""
    there = os.open(name, os.O_RDONLY, dir_fd=here)
    os.close(here)
    return there


def test_a_corpus_that_lies_in_the_folder_is_left_out(tmp_path: Path) -> None:
    write(tmp_path / "corpus" / "documents" / "moths.txt", "Moths.")
    write(tmp_path / "corpus" / "manifest.jsonl", "")
    assert list(walk(tmp_path)) == [Skipped("corpus/", "is a corpus folder")]


def test_what_is_to_be_left_out_is_not_read_and_progress_counts_files(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        write(tmp_path / name, "Moths.")
    told: list[tuple[str, int, int]] = []
    found = walk(tmp_path, skips="b.txt".__eq__, progress=lambda *step: told.append(step))
    assert [next(found), next(found)] == [
        Item("a.txt", ".txt", b"Moths."),
        Skipped("b.txt", "left out by corpus.toml"),
    ]
    assert paths_of(found) == ["c.txt"]
    assert told == [("Reading files", done, 3) for done in range(4)]


def test_a_file_that_was_named_is_taken_as_it_is(tmp_path: Path) -> None:
    path = write(tmp_path / ".moths.txt", "Moths.")
    assert list(contents(path, "moths.txt")) == [Item("moths.txt", ".txt", b"Moths.")]


def test_a_root_is_named_from_the_corpus(tmp_path: Path) -> None:
    assert root_of(tmp_path / "leaflets", tmp_path / "corpus") == "../leaflets"
    assert root_of(tmp_path, tmp_path) == "."

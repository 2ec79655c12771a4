"""Vetting end to end: into a new folder, again, in another's place, and stopped at every step of the way."""

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest

from corpus.model import Document, Source
from corpus.store import CorpusError, digest, document_path, load_corpus, manifest_path
from ingest.ids import slug
from ingest.raw import IngestError
from ingest.vet import vet
from tests.fiction import MOTHS, REEDS, SOURCE, document_of, write

NO_SOURCE = Source("")
P = ParamSpec("P")
T = TypeVar("T")


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.fixture
def moths(tmp_path: Path) -> Path:
    """A file about moths."""
    return write(tmp_path / "Glimmer Moths.txt", MOTHS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the corpus goes; nothing is there yet."""
    return tmp_path / "new" / "corpus"


def vetted(path: Path, root: Path, *, document_id: str | None = None, replace_existing: bool = False) -> Document:
    return vet(path, root, NO_SOURCE, document_id=document_id, replace_existing=replace_existing)


def files_of(root: Path) -> dict[str, tuple[bytes, int]]:
    """Content and time of last change of every file, but for the lock."""
    files = (path for path in root.rglob("*") if path.is_file() and path.name != "ingest.lock")
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_file_is_vetted_into_a_folder_that_is_made_for_it(moths: Path, root: Path) -> None:
    document = vet(moths, root, SOURCE, document_id="moths", replace_existing=False)
    assert document == document_of(MOTHS)
    assert load_corpus(root).documents == {"moths": document}
    assert load_corpus(root).documents["moths"].text == document.text
    assert set(files_of(root)) == {"manifest.jsonl", "documents/moths.txt"}


def test_what_is_not_stated_comes_from_the_file(moths: Path, root: Path, tmp_path: Path) -> None:
    assert vetted(moths, root).id == "glimmer-moths"
    assert vetted(moths, root, document_id="m").source == Source("The glimmer moths of Vantor")
    untitled = write(tmp_path / "Ledger of the Lake.md", "The reeds are silver. They lean towards the north.")
    assert vetted(untitled, root).source == Source("Ledger of the Lake")
    assert list(load_corpus(root).documents) == ["glimmer-moths", "m", "ledger-of-the-lake"]


def test_every_ending_is_read_in_its_own_way_and_in_either_case(tmp_path: Path, root: Path) -> None:
    for ending in (".txt", ".md", ".markdown"):
        path = write(tmp_path / f"moths{ending.upper()}", "# Moths\n\nThey *rest*.")
        title = "# Moths" if ending == ".txt" else "Moths"
        assert vetted(path, root, document_id=ending[1:]).source.title == title


def test_what_vet_gives_is_what_the_corpus_gives(moths: Path, root: Path) -> None:
    source = replace(SOURCE, url="", publisher="not stated", licence=None)
    document = vet(moths, root, source, document_id=None, replace_existing=False)
    assert load_corpus(root).documents == {document.id: document}
    assert document.source == replace(SOURCE, url=None, publisher=None, licence=None)
    before = files_of(root)
    assert vet(moths, root, source, document_id=None, replace_existing=False) == document
    assert files_of(root) == before


@pytest.mark.parametrize("replace_existing", [False, True])
def test_the_same_file_twice_changes_nothing(moths: Path, root: Path, *, replace_existing: bool) -> None:
    document = vetted(moths, root)
    vetted(moths, root, document_id="other")
    before = files_of(root)
    assert vetted(moths, root, replace_existing=replace_existing) == document
    assert files_of(root) == before


def test_another_text_or_source_under_the_same_id_is_refused(moths: Path, root: Path) -> None:
    vetted(moths, root)
    before = files_of(root)
    wanted = f"'glimmer-moths' is in {root} already with another text or source; replace it with --replace, or keep "
    with pytest.raises(IngestError, match=wanted):
        vet(moths, root, SOURCE, document_id=None, replace_existing=False)
    with pytest.raises(IngestError, match=wanted):
        vetted(write(moths, REEDS), root)
    assert files_of(root) == before


def test_a_document_is_replaced_in_its_place(moths: Path, root: Path) -> None:
    vetted(moths, root)
    other = vetted(moths, root, document_id="other")
    new = vetted(write(moths, REEDS), root, replace_existing=True)
    assert list(load_corpus(root).documents.values()) == [new, other]
    assert document_path(root, "glimmer-moths").read_text(encoding="utf-8") == new.text
    present = {name for name in files_of(root) if not name.startswith("versions/")}
    assert present == {"manifest.jsonl", "documents/glimmer-moths.txt", "documents/other.txt"}


def test_a_text_that_was_tampered_with_is_refused_but_can_be_replaced(moths: Path, root: Path) -> None:
    document = vetted(moths, root)
    write(document_path(root, document.id), document.text.replace("nine", "ninety"))
    with pytest.raises(CorpusError, match="was changed after it was vetted"):
        vetted(moths, root)
    assert vetted(moths, root, replace_existing=True) == document
    assert load_corpus(root).documents == {document.id: document}


def test_a_fault_of_another_document_is_never_passed_over(moths: Path, root: Path) -> None:
    vetted(moths, root)
    write(document_path(root, "glimmer-moths"), "Tampered.")
    with pytest.raises(CorpusError, match=r"glimmer-moths\.txt was changed after it was vetted"):
        vetted(moths, root, document_id="other", replace_existing=True)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Glimmer Moths", "glimmer-moths"),
        ("  Über—Vantor_2 ", "uber-vantor-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("--", "document"),
        ("فراشات", "document"),
        ("ﬁne Straße ½", "fine-strasse-1-2"),
    ],
)
def test_an_id_is_made_of_letters_digits_and_single_hyphens(name: str, wanted: str) -> None:
    assert slug(name) == wanted


@pytest.mark.parametrize("document_id", ["Moths", "moths_1", "-moths", "a--b", "../moths", "moths.txt", "é", "a\n"])
def test_an_id_of_any_other_kind_is_refused(moths: Path, root: Path, document_id: str) -> None:
    with pytest.raises(IngestError) as raised:
        vetted(moths, root, document_id=document_id)
    assert str(raised.value) == (
        f"id {document_id!r}: wanted lower-case letters, digits and hyphens; give another --id"
    )
    assert not root.exists()


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("none/none.txt", None, "is no file; name a file that exists"),
        ("moths.moth", "Moths rest.", "found the ending '.moth', wanted one of .txt, .md, .markdown, .html,"),
        ("moths", "Moths rest.", "found the ending '', wanted one of .txt, .md, .markdown, .html,"),
        ("moths.txt", "", "is empty, 0 bytes; copy it again from where it came from"),
        ("moths.txt", "\ufeff\r\n\r\n...\n* * *\n", "holds no words, wanted a text to quote from; name another file"),
        ("moths.md", "---\ntitle: Moths\n---\n\n![Moths](moths.png)", "holds no words, wanted a text to quote from"),
        ("moths.txt", "Moths\0", ": not text: it holds NUL bytes; export it as UTF-8 text first"),
    ],
)
def test_a_file_that_cannot_be_vetted_is_one_clear_line_and_leaves_nothing(
    tmp_path: Path, root: Path, name: str, text: str | None, wanted: str
) -> None:
    path = tmp_path / name if text is None else write(tmp_path / name, text)
    with pytest.raises(IngestError) as raised:
        vetted(path, root)
    assert str(path) in str(raised.value)
    assert wanted in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not root.exists()


def test_a_folder_is_no_file(tmp_path: Path, root: Path) -> None:
    with pytest.raises(IngestError, match="is no file; name a file that exists"):
        vetted(tmp_path, root)


@pytest.mark.parametrize("place", ["corpus", "corpus/documents", "corpus/manifest.jsonl"])
def test_a_corpus_that_cannot_be_written_to_is_one_clear_line(moths: Path, tmp_path: Path, place: str) -> None:
    blocked = tmp_path / place
    blocked.mkdir(parents=True) if place.endswith("jsonl") else write(blocked, "In the way.")
    with pytest.raises((IngestError, CorpusError)) as raised:
        vetted(moths, tmp_path / "corpus")
    assert "can't be " in str(raised.value)
    assert "; " in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_id_too_long_for_the_disk_is_one_clear_line(moths: Path, root: Path) -> None:
    with pytest.raises(IngestError, match=r"can't be written to .*File name too long"):
        vetted(moths, root, document_id="m" * 300)
    assert not manifest_path(root).exists()


def test_a_title_from_bytes_that_are_no_text_is_refused(moths: Path, root: Path) -> None:
    title = os.fsdecode(b"Moths \xff")
    with pytest.raises(IngestError, match=r"'Moths \\udcff' is no text in UTF-8; state it in UTF-8"):
        vet(moths, root, Source(title), document_id=None, replace_existing=False)
    assert not root.exists()


def _stop_at(monkeypatch: pytest.MonkeyPatch, step: int) -> list[str]:
    """Makes the process "die" before the given call of the operating system; the calls made until then."""
    calls: list[str] = []

    def stopping(name: str, function: Callable[P, T]) -> Callable[P, T]:
        def call(*arguments: P.args, **options: P.kwargs) -> T:
            if len(calls) == step:
                raise Killed(name)
            calls.append(name)
            return function(*arguments, **options)

        return call

    for name in ("open", "fsync", "replace", "rename", "unlink", "mkdir"):
        monkeypatch.setattr(os, name, stopping(name, getattr(os, name)))
    return calls


def test_stopped_at_any_moment_the_corpus_is_the_old_or_the_new(moths: Path, tmp_path: Path) -> None:
    seen: list[str] = []
    for step in range(100):
        root = tmp_path / f"corpus-{step}"
        kept = vetted(moths, root, document_id="kept")
        old = vetted(moths, root, document_id="moths")
        path = write(tmp_path / "moths.txt", REEDS)
        with pytest.MonkeyPatch.context() as patch:
            calls = _stop_at(patch, step)
            try:
                vetted(path, root, replace_existing=True)
                break
            except Killed:
                seen.append(calls[-1] if calls else "")
        documents = load_corpus(root).documents
        assert documents["kept"] == kept
        assert digest(documents["moths"].text) in {old.sha256, document_of(REEDS).sha256}
        after = vetted(path, root, replace_existing=True)
        assert load_corpus(root).documents == {"kept": kept, "moths": after}
    # Steps were stopped before and after the text was written, and around both renames.
    assert {"fsync", "replace"} <= set(seen)
    assert len(seen) >= 8


def test_a_first_document_that_was_stopped_on_its_way_can_be_vetted_again(moths: Path, tmp_path: Path) -> None:
    for step in range(100):
        root = tmp_path / f"corpus-{step}"
        with pytest.MonkeyPatch.context() as patch:
            _stop_at(patch, step)
            try:
                vetted(moths, root)
                break
            except Killed:
                pass
        assert load_corpus(root).documents.keys() <= {"glimmer-moths"} if manifest_path(root).exists() else True
        document = vetted(moths, root)
        assert load_corpus(root).documents == {document.id: document}


def _vet_one(path: Path, root: Path, number: int) -> None:
    vetted(path, root, document_id=f"moths-{number}")


def test_documents_that_are_vetted_at_the_same_time_are_all_kept(moths: Path, root: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_vet_one, args=(moths, root, number)) for number in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert sorted(load_corpus(root).documents) == [f"moths-{number}" for number in range(4)]

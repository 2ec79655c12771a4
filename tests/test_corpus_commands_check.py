"""`insights corpus check` and `export` as a user meets them."""

import gzip
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Document, Source
from corpus.store import Corpus, document_path, load_corpus, manifest_path
from corpus.versions import earlier_version, version_paths
from ingest.publish import publish, writing
from tests.commands import Done, insights
from tests.fiction import MOTHS
from tests.workshop import Workshop

TODAY = date.today()
STATED = Source(
    "T", "https://vantor.example", "Vantor Moth Society", "CC0", TODAY - timedelta(9), TODAY + timedelta(99)
)


def stated(workshop: Workshop, **sources: Source) -> None:
    """Makes every document's provenance whole, or what is said of its id."""
    with writing(workshop.corpus):
        before = load_corpus(workshop.corpus).documents
        after = {name: replace(one, source=sources.get(name, STATED)) for name, one in before.items()}
        publish(workshop.corpus, before, after)


def check(capsys: pytest.CaptureFixture[str], workshop: Workshop, *options: str | Path) -> Done:
    return insights(capsys, "corpus", "check", "--corpus", workshop.corpus, "--index", workshop.home, *options)


def findings(capsys: pytest.CaptureFixture[str], workshop: Workshop, *options: str | Path) -> list[dict[str, Any]]:
    """The findings as objects."""
    found: list[dict[str, Any]] = json.loads(check(capsys, workshop, "--json", *options).out)["findings"]
    return found


def test_a_corpus_with_all_that_it_needs_has_no_findings(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    stated(workshop)
    assert check(capsys, workshop, "--strict") == Done(0, "errors: 0, warnings: 0, notices: 0\n", "")


def test_missing_provenance_and_reviews_that_are_due_are_told_a_line_each(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    late, soon = TODAY - timedelta(1), TODAY + timedelta(30)
    stated(workshop, moths=Source("T", review_due=late), reeds=replace(STATED, review_due=soon))
    lines = [
        f"warning: overdue review: moths: its review was due on {late}, 1 day ago",
        "warning: missing provenance: moths: not stated: url, publisher, licence, reviewed",
        f"notice: review soon due: reeds: its review is due on {soon}, in 30 days",
        "errors: 0, warnings: 2, notices: 1",
    ]
    assert check(capsys, workshop) == Done(0, "\n".join(lines) + "\n", "")
    assert check(capsys, workshop, "--strict").code == 1
    assert "soon due" not in check(capsys, workshop, "--soon", "29").out


def test_copies_and_what_nearly_copies_say_against_each_other_are_told_with_their_places(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    workshop.vet("copy", MOTHS)
    workshop.vet("other", MOTHS.replace("nine minutes", "twelve minutes"))
    stated(workshop)
    found = [one for one in findings(capsys, workshop) if one["kind"] != "index"]
    assert [(one["severity"], one["kind"], one["documents"]) for one in found] == [
        ("warning", "copy", ["moths", "copy"]),
        ("warning", "near duplicate", ["moths", "other"]),
        ("warning", "contradicting copies", ["moths", "other"]),
    ]
    assert [place["text"] for place in found[2]["places"]] == [
        "Glimmer moths shine for nine minutes after sunset.",
        "Glimmer moths shine for twelve minutes after sunset.",
    ]
    assert "say the same but for “9” and “12”" in found[2]["message"]


def test_an_index_that_is_not_of_the_corpus_or_was_changed_is_an_error(
    capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    stated(workshop)
    workshop.vet("bells", "Nine bells hang over the lake of Vantor.")
    done = check(capsys, workshop)
    assert done.code == 1
    assert "is not of the corpus as it is now: bells; run: insights build\n" in done.out
    path = workshop.generation / "sentences.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    done = check(capsys, workshop)
    assert done.code == 1
    assert done.out.startswith(f"error: index: {path} was changed after it was built; run: insights build\n")
    nowhere = insights(capsys, "corpus", "check", "--corpus", workshop.corpus, "--index", tmp_path / "none")
    assert (nowhere.code, "notice: index: no index in" in nowhere.out) == (0, True)


def test_a_text_that_was_changed_is_an_error_and_an_earlier_version_too(
    capsys: pytest.CaptureFixture[str], workshop: Workshop
) -> None:
    old = load_corpus(workshop.corpus).documents["moths"]
    workshop.vet("moths", "Moths hum.")
    text, _ = version_paths(workshop.corpus, "moths", old.sha256)
    text.write_text("Moths never hum.", encoding="utf-8")
    assert "error: dead range: moths: an earlier version: " in check(capsys, workshop).out
    document_path(workshop.corpus, "moths").write_text("Moths never hum.", encoding="utf-8")
    done = check(capsys, workshop)
    assert done.code == 1
    assert done.out.startswith("error: corpus: ")
    assert done.out.endswith("errors: 1, warnings: 0, notices: 0\n")


def test_gold_that_is_no_longer_found_once_is_an_error(capsys: pytest.CaptureFixture[str], workshop: Workshop) -> None:
    stated(workshop)
    case = {"kind": "answerable", "question": "q", "history": []}
    lines = [
        {"id": "a", "gold": ["Glimmer moths shine for nine"]} | case,
        {"id": "b", "gold": ["Glimmer moths sing", "Vantor"]} | case,
    ]
    cases = workshop.corpus.parent / "cases.jsonl"
    cases.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    done = check(capsys, workshop, "--cases", cases)
    assert done.code == 1
    first, second, counts = done.out.splitlines()
    assert first == f"error: gold: {cases}, line 2: gold 'Glimmer moths sing' occurs 0 times in the corpus, wanted once"
    assert second.startswith(f"error: gold: {cases}, line 2: gold 'Vantor' occurs ")
    assert counts == "errors: 2, warnings: 0, notices: 0"


def export(capsys: pytest.CaptureFixture[str], workshop: Workshop, target: Path, *options: str) -> Done:
    return insights(capsys, "corpus", "export", target, "--corpus", workshop.corpus, *options)


def same(one: Corpus, other: Corpus) -> bool:
    """Whether two corpora have the same documents with all that is known of them."""

    def known(corpus: Corpus) -> list[tuple[Document, Source, str, object, object]]:
        return [(d, d.source, d.text, d.places, d.origin) for d in corpus.documents.values()]

    return known(one) == known(other)


@pytest.mark.parametrize("name", ["moved", "moved.zip"])
def test_an_exported_corpus_is_the_same_elsewhere_with_its_earlier_versions(
    name: str, capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    old = load_corpus(workshop.corpus).documents["moths"]
    workshop.vet("moths", "Moths hum.")
    done = export(capsys, workshop, tmp_path / name)
    assert done == Done(0, f"{tmp_path / name}: documents: 2, files: 5\n", "")
    moved = tmp_path / "moved"
    if name.endswith(".zip"):
        zipfile.ZipFile(tmp_path / name).extractall(moved)
    assert same(load_corpus(moved), load_corpus(workshop.corpus))
    assert earlier_version(moved, "moths", old.sha256) == old
    assert manifest_path(moved).read_bytes() == manifest_path(workshop.corpus).read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("name", ["all.zip", "all.jsonl", "all.jsonl.gz"])
def test_the_same_corpus_gives_the_same_bytes(
    name: str, capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    first, second = tmp_path / "one" / name, tmp_path / "two" / name
    assert export(capsys, workshop, first).code == export(capsys, workshop, second).code == 0
    assert first.read_bytes() == second.read_bytes()
    assert export(capsys, workshop, first).code == 0, "a file is replaced"


def test_json_lines_have_what_is_known_and_nothing_that_is_not(
    capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    stated(workshop, reeds=Source("Of reeds"))
    moths, reeds = load_corpus(workshop.corpus).documents.values()
    assert export(capsys, workshop, tmp_path / "all.jsonl.gz").code == 0
    lines = gzip.decompress((tmp_path / "all.jsonl.gz").read_bytes()).decode("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [
        {
            **{"id": "moths", "title": "T", "text": moths.text, "url": "https://vantor.example"},
            **{"publisher": "Vantor Moth Society", "licence": "CC0"},
            **{"reviewed": str(STATED.reviewed), "review_due": str(STATED.review_due)},
        },
        {"id": "reeds", "title": "Of reeds", "text": reeds.text},
    ]


def test_the_texts_alone_are_files_of_their_ids(
    capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    assert export(capsys, workshop, tmp_path / "texts", "--format", "txt").code == 0
    found = {path.name: path.read_bytes().decode("utf-8") for path in (tmp_path / "texts").iterdir()}
    documents = load_corpus(workshop.corpus).documents.values()
    assert found == {f"{document.id}.txt": document.text for document in documents}


def test_a_folder_that_holds_something_is_left_alone(
    capsys: pytest.CaptureFixture[str], workshop: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    assert export(capsys, workshop, tmp_path / "full").refusal == (
        f"{tmp_path / 'full'} is there already, wanted a new or empty folder, or a name that ends in .zip"
    )
    (tmp_path / "folder.zip").mkdir()
    assert "is a folder, wanted a file to write" in export(capsys, workshop, tmp_path / "folder.zip").refusal
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]

"""`insights corpus list`, `show`, `review` and `remove` as a user meets them."""

import io
import json
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from corpus.model import Origin, Place
from corpus.store import load_corpus, manifest_path
from corpus.versions import earlier_version
from ingest.publish import publish, writing
from tests.commands import insights
from tests.workshop import Workshop

TODAY = date.today()
YESTERDAY = TODAY - timedelta(1)


def corpus(capsys: pytest.CaptureFixture[str], workshop: Workshop, *words: str) -> str:
    """What a command prints that ends well."""
    done = insights(capsys, "corpus", *words, "--corpus", workshop.corpus)
    assert done.code == 0, done
    return done.out


def refused(capsys: pytest.CaptureFixture[str], workshop: Workshop, *words: str) -> str:
    """What a command says that refuses, and that it changed nothing."""
    before = manifest_path(workshop.corpus).read_bytes()
    done = insights(capsys, "corpus", *words, "--corpus", workshop.corpus)
    assert manifest_path(workshop.corpus).read_bytes() == before
    return done.refusal


@pytest.fixture
def reviewed(workshop: Workshop) -> Workshop:
    """A workshop whose moths were read from a folder, have pages, and are overdue."""
    with writing(workshop.corpus):
        before = load_corpus(workshop.corpus).documents
        moths = before["moths"]
        source = replace(moths.source, publisher="Vantor Moth Society", reviewed=date(2024, 3, 1), review_due=YESTERDAY)
        changed = replace(
            moths,
            source=source,
            places=(Place(0, "iv", "page=4"), Place(29, None, "where")),
            origin=Origin("../leaflets", "moths.pdf", "0" * 64),
        )
        publish(workshop.corpus, before, {**before, "moths": changed})
    return workshop


def test_documents_are_listed_in_lines_with_tabs(capsys: pytest.CaptureFixture[str], reviewed: Workshop) -> None:
    moths, reeds = load_corpus(reviewed.corpus).documents.values()
    lines = [line.split("\t") for line in corpus(capsys, reviewed, "list").splitlines()]
    assert lines == [
        ["id", "title", "publisher", "reviewed", "review due", "characters", "origin"],
        [
            *("moths", moths.source.title, "Vantor Moth Society", "2024-03-01", f"{YESTERDAY} overdue"),
            *(str(len(moths.text)), "../leaflets/moths.pdf"),
        ],
        ["reeds", reeds.source.title, "", "", "", str(len(reeds.text)), ""],
    ]


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ((), ["moths", "reeds"]),
        (("--overdue",), ["moths"]),
        (("--publisher", "vantor MOTH society"), ["moths"]),
        (("--publisher", "Nobody"), []),
        (("--sort", "size"), ["moths", "reeds"]),
        (("--sort", "review-due"), ["reeds", "moths"]),
        (("--sort", "publisher"), ["reeds", "moths"]),
    ],
)
def test_a_list_can_be_of_some_documents_and_in_another_order(
    options: tuple[str, ...], ids: list[str], capsys: pytest.CaptureFixture[str], reviewed: Workshop
) -> None:
    listed = json.loads(corpus(capsys, reviewed, "list", "--json", *options))["documents"]
    assert [one["id"] for one in listed] == ids


def test_a_record_of_a_list_has_all_that_is_known(capsys: pytest.CaptureFixture[str], reviewed: Workshop) -> None:
    moths = load_corpus(reviewed.corpus).documents["moths"]
    record = json.loads(corpus(capsys, reviewed, "list", "--json", "--overdue"))
    assert record["corpus"] == str(reviewed.corpus)
    assert record["documents"] == [
        {
            "id": "moths",
            "title": moths.source.title,
            "url": None,
            "publisher": "Vantor Moth Society",
            "licence": None,
            "reviewed": "2024-03-01",
            "review_due": YESTERDAY.isoformat(),
            "overdue": True,
            "characters": len(moths.text),
            "sha256": moths.sha256,
            "origin": {
                **{"root": "../leaflets", "path": "moths.pdf", "sha256": "0" * 64},
                **{"etag": None, "modified": None},
            },
        }
    ]


def test_a_document_is_shown_with_its_headings_pages_and_earlier_versions(
    capsys: pytest.CaptureFixture[str], reviewed: Workshop
) -> None:
    old = load_corpus(reviewed.corpus).documents["reeds"]
    reviewed.vet("reeds", "The silver reeds of Vantor\n\nReeds bend.\n")
    new = load_corpus(reviewed.corpus).documents["reeds"]
    printed = corpus(capsys, reviewed, "show", "reeds")
    assert f"id: reeds\ntitle: {new.source.title}\npublisher: not stated\n" in printed
    assert f"sha256: {new.sha256}\norigin: not stated\nheadings: 1\n  The silver reeds of Vantor (0-26)\n" in printed
    today = f"earlier versions: 1\n  reeds@{old.sha256}, kept on "
    assert today in printed
    assert printed.endswith(f", characters: {len(old.text)}\n")
    printed = corpus(capsys, reviewed, "show", "moths")
    assert f"review due: {YESTERDAY} (overdue)\n" in printed
    assert "origin: ../leaflets/moths.pdf\n" in printed
    assert "places: 2\n  from character 0: page iv, #page=4\n  from character 29: no page, #where\n" in printed
    assert json.loads(corpus(capsys, reviewed, "show", "moths", "--json"))["places"] == [
        {"start": 0, "page": "iv", "fragment": "page=4"},
        {"start": 29, "page": None, "fragment": "where"},
    ]


def test_the_text_of_a_document_is_printed_as_it_is(capsys: pytest.CaptureFixture[str], workshop: Workshop) -> None:
    for name, document in load_corpus(workshop.corpus).documents.items():
        assert corpus(capsys, workshop, "show", name, "--text") == f"{document.text}\n"


def test_a_review_changes_what_is_known_of_a_document_and_nothing_else(
    capsys: pytest.CaptureFixture[str], reviewed: Workshop
) -> None:
    before = load_corpus(reviewed.corpus).documents
    generation = reviewed.open().manifest.name
    due = TODAY + timedelta(365)
    options = ("--reviewed", str(TODAY), "--review-due", str(due), "--licence", "CC BY 4.0")
    done = insights(capsys, "corpus", "review", "moths", *options, "--corpus", reviewed.corpus)
    assert done.out == (f"moths: reviewed {TODAY} (before: 2024-03-01), next review {due} (before: {YESTERDAY})\n")
    assert "the index stays valid" in done.complaint
    after = load_corpus(reviewed.corpus).documents
    source = replace(before["moths"].source, reviewed=TODAY, review_due=due, licence="CC BY 4.0")
    assert after["moths"].source == source
    assert (after["moths"].places, after["moths"].origin) == (before["moths"].places, before["moths"].origin)
    assert [one.sha256 for one in after.values()] == [one.sha256 for one in before.values()]
    assert after["reeds"] == before["reeds"]
    assert reviewed.open().manifest.name == generation
    assert insights(capsys, "verify", "--corpus", reviewed.corpus, "--index", reviewed.home).code == 0


def test_a_review_can_be_of_all_documents_or_those_of_a_publisher(
    capsys: pytest.CaptureFixture[str], reviewed: Workshop
) -> None:
    corpus(capsys, reviewed, "review", "--all", "--licence", "CC0", "--publisher", "Vantor Moth Society")
    corpus(capsys, reviewed, "review", "--of-publisher", "vantor moth society", "--licence", "not stated")
    corpus(capsys, reviewed, "review", "reeds", "--title", "Of reeds", "--url", "https://vantor.example/reeds")
    moths, reeds = (document.source for document in load_corpus(reviewed.corpus).documents.values())
    assert (moths.licence, moths.publisher) == (None, "Vantor Moth Society")
    assert (reeds.title, reeds.url, reeds.licence) == ("Of reeds", "https://vantor.example/reeds", None)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("review", "moths"), "found nothing to record"),
        (("review", "--licence", "CC0"), "wanted ids, --all or --of-publisher PUBLISHER, one of them"),
        (
            ("review", "moths", "--all", "--licence", "CC0"),
            "wanted ids, --all or --of-publisher PUBLISHER, one of them",
        ),
        (("review", "bells", "--licence", "CC0"), "found no document 'bells' in "),
        (("review", "--of-publisher", "Nobody", "--licence", "CC0"), "found no document of 'Nobody' in "),
        (("review", "moths", "--reviewed", "soon"), "--reviewed: found 'soon', wanted a date"),
        (
            ("review", "moths", "--reviewed", str(TODAY + timedelta(1))),
            f"--reviewed: found {TODAY + timedelta(1)}, which",
        ),
        (
            ("review", "moths", "--review-due", "2020-01-01"),
            "found a review on 2024-03-01 and the next one due on 2020",
        ),
        (("review", "--all", "--title", "T"), "found 2 documents, wanted one for --title and --url"),
        (("remove",), "wanted ids, --all or --of-publisher PUBLISHER, one of them"),
        (("remove", "bells"), "found no document 'bells' in "),
        (("show", "bells"), "found no document 'bells' in "),
        (("export", "x", "--format", "pdf"), "--format: found 'pdf', wanted one of corpus, txt, jsonl"),
        (("list", "--sort", "colour"), "Invalid value for '--sort'"),
    ],
)
def test_what_cannot_be_done_is_refused_and_changes_nothing(
    words: tuple[str, ...], refusal: str, capsys: pytest.CaptureFixture[str], reviewed: Workshop
) -> None:
    assert refused(capsys, reviewed, *words).startswith(refusal)


def test_a_removed_document_is_kept_as_an_earlier_version_and_the_next_step_is_named(
    capsys: pytest.CaptureFixture[str], reviewed: Workshop
) -> None:
    moths = load_corpus(reviewed.corpus).documents["moths"]
    done = insights(capsys, "corpus", "remove", "moths", "--corpus", reviewed.corpus)
    assert (done.code, done.out) == (0, f"moths: removed, kept as moths@{moths.sha256[:12]}\n")
    assert done.err == (
        "insights: 1 of them came from ../leaflets: the next sync adds what is still there; remove it there too\n"
        "now run: insights build\n"
    )
    assert [*load_corpus(reviewed.corpus).documents] == ["reeds"]
    assert earlier_version(reviewed.corpus, "moths", moths.sha256) == moths
    assert not (reviewed.corpus / "documents" / "moths.txt").exists()


class Terminal(io.StringIO):
    """What somebody types."""

    def isatty(self) -> bool:
        """A person sits there."""
        return True


@pytest.mark.parametrize(("typed", "options"), [("n\n", ()), ("y\n", ()), ("", ()), ("", ("--yes",))])
def test_a_terminal_asks_before_anything_is_removed_unless_told_not_to(
    typed: str,
    options: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    workshop: Workshop,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    insights(capsys, "corpus", "remove", "moths", "--yes", "--corpus", workshop.corpus)
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    done = insights(capsys, "corpus", "remove", "--all", *options, "--corpus", workshop.corpus)
    is_meant = typed == "y\n" or bool(options)
    assert done.code == (0 if is_meant else 130), done
    assert [*load_corpus(workshop.corpus).documents] == ([] if is_meant else ["reeds"])
    assert ("Remove reeds (documents: 1) from" in done.err) == (not options)


def test_a_corpus_that_is_not_there_is_refused_by_each_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for words in (
        ("list",),
        ("show", "a"),
        ("review", "--all", "--licence", "x"),
        ("remove", "a"),
        ("export", "x.zip"),
    ):
        refusal = insights(capsys, "corpus", *words, "--corpus", tmp_path / "none").refusal
        assert refusal.startswith(f"no corpus in {tmp_path / 'none'}: manifest.jsonl is missing")
    assert not (tmp_path / "none").exists()

"""Earlier versions of a document: kept when it is replaced or removed, found by their digest."""

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.model import Document, Heading, Origin, Place, Source
from corpus.store import CorpusError, digest, load_corpus, manifest_line
from corpus.versions import earlier_version, earlier_versions, version_paths
from ingest.publish import publish, writing


def moths(text: str) -> Document:
    return Document(
        "moths",
        Source("Glimmer moths", url="https://moths.example/glimmer.pdf"),
        digest(text),
        (Heading(0, 5, 1),),
        text,
        (Place(0, "iv", "page=4"), Place(7, "5", "page=5")),
        Origin("../leaflets", "glimmer.pdf", "0" * 64, etag='"a"'),
    )


def put(root: Path, *documents: Document) -> None:
    with writing(root):
        before = dict(load_corpus(root).documents) if (root / "manifest.jsonl").exists() else {}
        publish(root, before, {document.id: document for document in documents})


FIRST = moths("Moths\n\nThey rest by day.")
SECOND = moths("Moths\n\nThey rest by night.")


def test_a_document_comes_back_with_its_places_and_its_origin(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    (found,) = load_corpus(tmp_path).documents.values()
    assert (manifest_line(found), found.text, found.places) == (manifest_line(FIRST), FIRST.text, FIRST.places)
    assert found.origin == FIRST.origin


def test_a_place_counts_up_to_the_next_one() -> None:
    assert [FIRST.place_at(position) for position in (0, 6, 7, 20)] == [*[FIRST.places[0]] * 2, *[FIRST.places[1]] * 2]
    assert replace(FIRST, places=()).place_at(3) is None


def test_a_replaced_document_is_still_found_by_its_digest(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, SECOND)
    kept = earlier_version(tmp_path, "moths", FIRST.sha256)
    assert kept is not None
    assert (manifest_line(kept), kept.text) == (manifest_line(FIRST), FIRST.text)
    assert earlier_version(tmp_path, "moths", FIRST.sha256[:12]) == FIRST
    assert earlier_versions(tmp_path, "moths") == [FIRST]
    assert load_corpus(tmp_path).documents == {"moths": SECOND}


def test_a_removed_document_is_still_found_by_its_digest(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path)
    assert load_corpus(tmp_path).documents == {}
    assert earlier_version(tmp_path, "moths", FIRST.sha256) == FIRST
    assert [path.name for path in (tmp_path / "documents").iterdir()] == []


def test_too_short_or_unknown_a_digest_finds_no_version(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, SECOND)
    assert earlier_version(tmp_path, "moths", FIRST.sha256[:11]) is None
    assert earlier_version(tmp_path, "moths", SECOND.sha256) is None


def test_a_change_of_the_source_alone_keeps_no_version(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, replace(FIRST, source=Source("Moths, reviewed")))
    assert earlier_versions(tmp_path, "moths") == []


def test_a_version_that_was_changed_is_refused(tmp_path: Path) -> None:
    put(tmp_path, FIRST)
    put(tmp_path, SECOND)
    text_path, _ = version_paths(tmp_path, "moths", FIRST.sha256)
    text_path.write_text("Moths\n\nThey never rest.", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"the text is not the one it names; restore both"):
        earlier_version(tmp_path, "moths", FIRST.sha256)

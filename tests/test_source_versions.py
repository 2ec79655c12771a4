"""The page of a version of a document: what was cited once is still shown, and said to be what it is."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.model import Document, Source
from corpus.store import digest, load_corpus
from corpus.versions import version_name, version_paths
from ingest.publish import publish, writing
from tests.browser.vantor import SITE, Keeper
from ui.edition import Edition
from ui.languages import LANGUAGES, catalogue
from ui.server import create_app

ENGLISH = catalogue("en")


def moths(text: str) -> Document:
    return Document("moths", Source("Glimmer moths"), digest(text), (), text)


FIRST, SECOND = moths("They rest on reeds by day."), moths("They rest on stones by day.")
BELLS = replace(moths("Bells ring."), id="bells")


class Served:
    """A server over a corpus folder that it opens when it is told to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.put(FIRST, BELLS)

    def put(self, *documents: Document) -> None:
        """Makes these the documents of the corpus, and opens it."""
        with writing(self.root):
            before = dict(load_corpus(self.root).documents) if (self.root / "manifest.jsonl").exists() else {}
            publish(self.root, before, {document.id: document for document in documents})
        self.edition = Edition("moths-1", Keeper(), load_corpus(self.root).documents, corpus=self.root)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(tmp_path)


@pytest.fixture
def client(served: Served) -> Iterator[TestClient]:
    with TestClient(create_app(SITE, lambda: served.edition)) as client:
        yield client


@pytest.mark.parametrize("digits", [12, 16, 40, 64])
def test_the_version_that_is_served_is_the_document_as_it_is(client: TestClient, digits: int) -> None:
    page = client.get(f"/source/moths@{FIRST.sha256[:digits]}")
    assert (page.status_code, page.text) == (200, client.get("/source/moths").text)
    assert FIRST.text in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_version_replaced_while_the_server_runs_says_so_and_leads_to_the_new_one(
    client: TestClient, served: Served, language: str
) -> None:
    cited = f"/source/{version_name(FIRST)}?lang={language}"
    served.put(SECOND, BELLS)
    page = client.get(cited)
    texts = catalogue(language)
    assert page.status_code == 200
    assert FIRST.text in page.text
    assert SECOND.text not in page.text
    assert texts.earlier_version in page.text
    link = f'<a href="moths?lang={language}">{texts.to_the_current_version}</a>'
    assert link in page.text
    current = client.get(f"/source/moths?lang={language}").text
    assert SECOND.text in current
    assert texts.earlier_version not in current


def test_a_withdrawn_document_is_still_shown_to_whom_a_citation_led_there(client: TestClient, served: Served) -> None:
    served.put(BELLS)
    page = client.get(f"/source/{version_name(FIRST)}")
    assert page.status_code == 200
    assert FIRST.text in page.text
    assert ENGLISH.withdrawn in page.text
    assert client.get("/source/moths").status_code == 404


def test_a_version_that_came_back_is_the_document_as_it_is(client: TestClient, served: Served) -> None:
    served.put(SECOND, BELLS)
    served.put(FIRST, BELLS)
    assert ENGLISH.earlier_version not in client.get(f"/source/{version_name(FIRST)}").text
    assert ENGLISH.earlier_version in client.get(f"/source/{version_name(SECOND)}").text


@pytest.mark.parametrize(
    "name",
    [
        "moths@" + "0" * 16,
        "moths@",
        f"moths@{FIRST.sha256[:11]}",
        f"moths@{FIRST.sha256}0",
        f"moths@{FIRST.sha256[:16].upper()}g",
        f"*@{FIRST.sha256[:16]}",
        f"..%2Fversions%2Fmoths@{FIRST.sha256[:16]}",
        f"bells@{FIRST.sha256[:16]}",
        "moths@************",
    ],
)
def test_what_names_no_version_is_no_document(client: TestClient, served: Served, name: str) -> None:
    served.put(SECOND, BELLS)
    assert client.get(f"/source/{name}").status_code == 404


def test_a_version_that_was_tampered_with_is_not_shown_and_the_log_says_why(
    client: TestClient, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    served.put(SECOND, BELLS)
    text_path, line_path = version_paths(served.root, FIRST.id, FIRST.sha256)
    text_path.write_text("They rest on lanterns.", encoding="utf-8")
    page = client.get(f"/source/{version_name(FIRST)}")
    assert page.status_code == 404
    assert "lanterns" not in page.text
    assert caplog.messages == [
        f"an earlier version can't be shown: {line_path}: the text is not the one it names; "
        "restore both from your backup"
    ]

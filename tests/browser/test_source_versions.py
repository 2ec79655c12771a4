"""A citation of an earlier version opens the words that were cited, and leads to the document as it is now."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from corpus.model import Span
from corpus.store import digest
from ingest.publish import publish, writing
from tests.browser.conftest import running
from tests.browser.vantor import MOTHS, SITE, Keeper, edition_of
from ui.languages import LANGUAGES, catalogue
from ui.markup import place_of
from ui.server import create_app

pytestmark = pytest.mark.browser

TEXT = "Moths of old\n\nThe moths rested on lanterns then. Nobody counted them."
OLD = replace(MOTHS, text=TEXT, headings=(), places=(), sha256=digest(TEXT))
CITED = Span(OLD, TEXT.index("The moths"), TEXT.index(" Nobody"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_citation_of_an_earlier_version_marks_what_was_cited_then(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    with writing(tmp_path):
        publish(tmp_path, {}, {OLD.id: OLD})
        publish(tmp_path, {OLD.id: OLD}, {MOTHS.id: MOTHS})
    keeper, texts = Keeper(), catalogue(language)
    with running(create_app(SITE, lambda: replace(edition_of(keeper), corpus=tmp_path))) as url:
        page = browser.new_page(base_url=url)
        page.goto(place_of(CITED, language).removeprefix(".."))
        expect(page.locator("mark")).to_have_text(CITED.text)
        expect(page.get_by_text(texts.earlier_version)).to_be_visible()
        page.get_by_role("link", name=texts.to_the_current_version).click()
        expect(page.locator("#text")).to_contain_text("ledgers of Vantor")
        expect(page.get_by_text(texts.earlier_version)).to_have_count(0)
        page.close()

"""Hostile strings as questions and as the words of documents: shown exactly, and nothing in them runs."""

from collections.abc import Iterator, Sequence

import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.model import Document, Source, Span
from corpus.store import digest
from ingest.canonical import canonicalise, has_words
from ingest.readers.text import parse_text
from retrieval.filters import EVERYTHING, Filter
from retrieval.model import Abstention, Answer, Quote, Reason, Reply
from tests.browser.conftest import running
from tests.browser.talk import BOX, ask, text_of
from tests.hostile import strings
from ui.edition import Edition
from ui.server import create_app
from ui.site import Site

pytestmark = pytest.mark.browser

STRINGS = strings()


def _document(number: int, text: str) -> Document:
    """A document of these words, read as any other, with the string in all that a source says of itself too."""
    canonical = canonicalise(parse_text(text))
    return Document(
        id=f"hostile-{number}",
        source=Source(title=text[:200], publisher=text[:200], licence=text[:200]),
        sha256=digest(canonical.text),
        headings=canonical.headings,
        text=canonical.text,
    )


DOCUMENTS = {number: _document(number, text) for number, text in enumerate(STRINGS) if has_words(text)}


class Echo:
    """Quotes the document that was made of the string that is asked."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, question: str, _: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:  # noqa: ARG002
        """The whole document of the string whose turn it is."""
        document = DOCUMENTS.get(self.number)
        if document is None or not document.text.strip():
            return Abstention(question, question, Reason.NO_EVIDENCE)
        span = Span(document, 0, len(document.text.rstrip("\n")))
        return Answer(question, question, (Quote(span, (span,), 0.9),))


@pytest.fixture(scope="module")
def echo() -> Echo:
    """What answers; a test says whose turn it is."""
    return Echo()


@pytest.fixture(scope="module")
def url(echo: Echo) -> Iterator[str]:
    """A server over the hostile documents."""
    edition = Edition("hostile", echo, {document.id: document for document in DOCUMENTS.values()})
    with running(create_app(Site(title="Moth Help", rate_limit=None), lambda: edition)) as address:
        yield address


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page that must ask nobody else, and open no dialog."""
    context = browser.new_context(base_url=url)
    page = context.new_page()
    outside: list[str] = []
    page.on("request", lambda request: None if request.url.startswith((url, "data:")) else outside.append(request.url))
    page.on("dialog", lambda dialog: outside.append(dialog.message))
    yield page
    assert page.evaluate("window.ran") is None
    context.close()
    assert outside == []


def test_the_chat_shows_them_exactly(page: Page, echo: Echo) -> None:
    page.goto("/chat/")
    page.wait_for_selector(BOX)
    for number, text in enumerate(STRINGS):
        echo.number = number
        page.fill(BOX, text)
        typed = page.input_value(BOX)
        if not typed.strip():
            continue
        turn = ask(page, text)
        assert text_of(turn.locator(".question")) == typed.strip(), repr(text)
        if number in DOCUMENTS:
            assert text_of(turn.locator(".quote-text")) == DOCUMENTS[number].text.rstrip("\n"), repr(text)
        assert page.locator("#log :is(img, script, iframe, form, svg[onload], [onerror], [onfocus])").count() == 0


def test_the_source_page_shows_them_exactly(page: Page) -> None:
    for number, document in DOCUMENTS.items():
        page.goto(f"/source/{document.id}#0-{len(document.text.rstrip())}")
        assert text_of(page.locator("#text")).strip("\n") == document.text.strip("\n"), repr(STRINGS[number])
        expect(page.locator("mark").first).to_be_visible()

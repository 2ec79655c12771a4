"""Show in source: the page of a document marks exactly the quoted range."""

import pytest
from playwright.sync_api import Page, expect

from corpus.model import Span
from tests.browser.conftest import Open
from tests.browser.talk import ask, text_of
from tests.browser.vantor import BRING, FLIGHT, LEDGER, MOTHS, SHINE, span
from ui.languages import catalogue
from ui.markup import place_of
from ui.original import original_of

pytestmark = pytest.mark.browser

ENGLISH = catalogue("en")

MARKED = "elements => elements.map(element => element.textContent).join('')"
ACROSS_HEADINGS = span(MOTHS, "in flower", "pale green")


def marked(page: Page) -> str:
    """All marked characters, in order."""
    text: str = page.locator("#text mark").evaluate_all(MARKED)
    return text


def test_show_in_source_opens_the_document_with_exactly_the_quoted_range_marked(chat: Page) -> None:
    turn = ask(chat, "Do they shine?")
    with chat.context.expect_page() as opened:
        turn.get_by_role("link", name=ENGLISH.show_in_source).click()
    page = opened.value
    expect(page.locator("#place")).to_contain_text(ENGLISH.place.format(start=SHINE.span.start, end=SHINE.span.end))
    assert marked(page) == SHINE.span.text
    expect(page.locator("#text mark").first).to_be_in_viewport()
    assert page.evaluate("document.activeElement.tagName") == "MARK"
    assert page.evaluate("window.opener") is None


@pytest.mark.parametrize(
    "place",
    [BRING.span, LEDGER.span, FLIGHT.span, ACROSS_HEADINGS, Span(MOTHS, 0, len(MOTHS.text)), Span(MOTHS, 24, 25)],
    ids=["list", "hostile", "long", "across headings", "all", "one emoji"],
)
def test_any_range_is_marked_exactly_and_the_text_stays_the_document(open_page: Open, place: Span) -> None:
    page = open_page(place_of(place, "en").removeprefix(".."))
    expect(page.locator("#text mark").first).to_be_attached()
    assert marked(page) == place.text
    assert text_of(page.locator("#text")) == MOTHS.text


def test_another_place_in_the_same_page_replaces_the_mark(open_page: Open) -> None:
    page = open_page(place_of(BRING.span, "en").removeprefix(".."))
    page.evaluate("place => { window.location.hash = place; }", f"{SHINE.span.start}-{SHINE.span.end}")
    expect(page.locator("#place")).to_contain_text(str(SHINE.span.start))
    assert marked(page) == SHINE.span.text


@pytest.mark.parametrize(
    "fragment", ["5-5", "9-3", "0-999999", "-1-4", "1.5-2", "abc", "0-5x", "%F0%9F%92%A5", "99999999999999999999-1"]
)
def test_a_place_that_is_not_in_the_document_is_said_not_to_be_found(open_page: Open, fragment: str) -> None:
    page = open_page(f"/source/{MOTHS.id}#{fragment}")
    expect(page.locator("#place")).to_have_text(ENGLISH.place_not_found)
    expect(page.locator("#text mark")).to_have_count(0)


def test_without_a_place_the_page_is_simply_the_document(open_page: Open) -> None:
    page = open_page(f"/source/{MOTHS.id}")
    assert text_of(page.locator("#text")) == MOTHS.text
    expect(page.locator("#place")).to_be_hidden()
    assert page.evaluate("window.ran") is None


def test_each_page_of_the_original_has_a_sign_that_is_no_text_of_the_document(open_page: Open) -> None:
    page = open_page(f"/source/{MOTHS.id}?lang=de")
    signs = page.locator("#text [role=separator]")
    assert signs.evaluate_all("all => all.map(one => one.ariaLabel)") == ["Seite iv", "Seite v", "Seite 6"]
    assert signs.evaluate_all("all => all.map(one => getComputedStyle(one, '::before').content)") == [
        '"Seite iv"',
        '"Seite v"',
        '"Seite 6"',
    ]
    assert text_of(page.locator("#text")) == MOTHS.text


@pytest.mark.parametrize(("quoted", "label"), [(BRING.span, "v"), (SHINE.span, "6"), (Span(MOTHS, 0, 2), "iv")])
def test_a_marked_place_is_said_with_its_page_and_linked_to_in_the_original(
    open_page: Open, quoted: Span, label: str
) -> None:
    page = open_page(place_of(quoted, "en").removeprefix(".."))
    said = ENGLISH.place.format(start=quoted.start, end=quoted.end)
    expect(page.locator("#place")).to_have_text(f"{said} Page {label}. {ENGLISH.open_original}")
    link = page.locator("#place").get_by_role("link")
    expect(link).to_have_attribute("href", str(original_of(quoted)))
    assert str(original_of(quoted)).startswith("https://vantor.example/moths#page=")


def test_a_quote_on_paper_keeps_its_mark_and_its_provenance(open_page: Open) -> None:
    page = open_page(place_of(SHINE.span, "en").removeprefix(".."))
    page.emulate_media(media="print")
    style = page.locator("#text mark").first.evaluate("element => getComputedStyle(element).textDecorationLine")
    assert style == "underline"
    expect(page.get_by_text(MOTHS.sha256)).to_be_visible()

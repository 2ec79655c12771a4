"""The site in the reader's language, by the browser or by hand, mirrored for Arabic; quotes stay English."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.talk import ask, has_focus, text_of
from tests.browser.vantor import COUNTED, MOTHS, SHINE
from ui.languages import LANGUAGES, catalogue

pytestmark = pytest.mark.browser

LEFT = "element => element.getBoundingClientRect().left"


def side(page: Page) -> tuple[str, str]:
    """The language and the direction of the page."""
    root = page.locator("html")
    return str(root.get_attribute("lang")), str(root.get_attribute("dir"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_speaks_the_language_of_the_browser(browser: Browser, site: Site, language: str) -> None:
    texts = catalogue(language)
    context = browser.new_context(base_url=site.url, locale=f"{language}-XX")
    page = context.new_page()
    page.goto("/chat/")
    expect(page.get_by_role("textbox", name=texts.box_label)).to_be_visible()
    expect(page.get_by_role("heading", name=texts.welcome_title)).to_be_visible()
    turn = ask(page, "Do they shine?")
    expect(turn.get_by_role("button", name=texts.copy)).to_be_visible()
    assert side(page) == (language, texts.direction)
    with context.expect_page() as opened:
        turn.get_by_role("link", name=texts.show_in_source).click()
    place = texts.place.format(start=SHINE.span.start, end=SHINE.span.end)
    expect(opened.value.locator("#place")).to_contain_text(place)
    assert side(opened.value) == (language, texts.direction)
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_is_asked_for_comes_before_the_browsers(open_page: Open, language: str) -> None:
    texts = catalogue(language)
    page = open_page(f"/chat/?lang={language}")
    turn = ask(page, "Where were they counted, says the keeper who will bring it?")
    assert [text_of(quote) for quote in turn.locator(".quote-text").all()][-1] == COUNTED.span.text
    day = texts.day(COUNTED.span.document.source.review_due)
    expect(turn.locator(".overdue")).to_have_text(texts.overdue.format(day=day))
    assert side(page) == (language, texts.direction)
    first = turn.locator(".quote-text").first
    assert first.evaluate("element => [element.lang, getComputedStyle(element).direction]") == ["en", "ltr"]
    ask(page, "broken")
    expect(page.locator(".error p")).to_have_text(texts.error)
    page.route("**/gradio_api/run/**", lambda route: route.abort())
    ask(page, "Do they fly?")
    expect(page.locator(".error p").last).to_have_text(texts.unreachable)


def test_the_language_is_changed_with_the_keyboard_from_any_language(open_page: Open) -> None:
    page = open_page()
    for language in ("ar", "de", "en"):
        name = catalogue(language).name
        while not page.evaluate("name => document.activeElement.textContent === name", name):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=catalogue(language).welcome_title)).to_be_visible()
        current = page.locator("#languages [aria-current=true]")
        expect(current).to_have_text(name)
        assert side(page) == (language, catalogue(language).direction)


def test_in_arabic_the_page_is_mirrored_and_a_question_keeps_its_own_direction(open_page: Open) -> None:
    page = open_page("/chat/?lang=ar")
    assert page.locator("#send").evaluate(LEFT) < page.locator("#box").evaluate(LEFT)
    turn = ask(page, "Do they shine?")
    card = turn.locator(".card").evaluate(
        "element => [getComputedStyle(element).borderRightWidth, getComputedStyle(element).borderLeftWidth]"
    )
    assert card == ["6px", "1px"]
    question = turn.locator(".question").evaluate(
        "element => [getComputedStyle(element).direction, getComputedStyle(element).textAlign]"
    )
    assert question == ["ltr", "right"]


def test_a_source_page_says_in_the_readers_language_what_is_around_the_document(open_page: Open) -> None:
    page = open_page(f"/source/{MOTHS.id}?lang=ar")
    assert side(page) == ("ar", "rtl")
    assert text_of(page.locator("#text")) == MOTHS.text
    assert page.locator("#text").evaluate("element => [element.lang, element.dir]") == ["en", "ltr"]
    expect(page.get_by_text(catalogue("ar").day(MOTHS.source.reviewed))).to_be_visible()
    page.goto("/healthz")
    missing = page.request.get("/source/no-such?lang=de")
    assert catalogue("de").no_such_document in missing.text()


def test_languages_are_offered_while_nothing_would_be_lost(open_page: Open) -> None:
    page = open_page()
    expect(page.locator("#languages")).to_be_visible()
    ask(page, "Do they shine?")
    expect(page.locator("#languages")).to_be_hidden()
    page.click("#new")
    expect(page.locator("#languages")).to_be_visible()
    assert has_focus(page, "#box textarea")

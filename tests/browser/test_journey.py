"""The whole way by keyboard alone: the text made larger, a question, its quotes, a copy, the source, a fresh start."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.talk import BOX, has_focus, text_of
from tests.browser.vantor import BRING, EXAMPLES
from ui.languages import catalogue
from ui.render import cited_copy

pytestmark = pytest.mark.browser

MOST_STOPS = 40


def tab_to(page: Page, name: str, *, back: bool = False) -> None:
    """Press Tab, or Shift+Tab, until what has the focus begins with these words."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if str(page.evaluate("document.activeElement.textContent.trim()")).startswith(name):
            return
    raise AssertionError(f"{name!r} can't be reached with the Tab key")


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_everything_can_be_done_with_the_keyboard_alone(open_page: Open, site: Site, language: str) -> None:
    texts = catalogue(language)
    page = open_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab_to(page, texts.name)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=texts.welcome_title)).to_be_visible()
    tab_to(page, texts.percent.format(number=125))
    page.keyboard.press("Space")
    tab_to(page, EXAMPLES[1])
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    assert has_focus(page, BOX)
    tab_to(page, texts.read_aloud, back=True)
    tab_to(page, texts.show_in_source, back=True)
    tab_to(page, texts.show_in_source, back=True)
    tab_to(page, texts.show_in_source, back=True)
    tab_to(page, texts.copy)
    page.keyboard.press("Enter")
    expect(page.locator(".copied").first).to_have_text(texts.copied)
    assert page.evaluate("navigator.clipboard.readText()") == cited_copy(BRING, texts)
    tab_to(page, texts.show_in_source, back=True)
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("#place")).to_contain_text(str(BRING.span.start))
    assert opened.value.evaluate("document.activeElement.tagName") == "MARK"
    opened.value.close()
    tab_to(page, texts.new_conversation, back=True)
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(0)
    assert has_focus(page, BOX)
    page.keyboard.type("Do they shine?")
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    assert has_focus(page, BOX)
    assert site.keeper.asked == [(EXAMPLES[1], ()), ("Do they shine?", ())]


def test_larger_text_is_larger_and_nothing_is_stored(open_page: Open) -> None:
    page = open_page(size=(375, 740))
    sizes = []
    for size in (100, 125, 150):
        page.get_by_role("button", name=f"{size}%").click()
        pressed = page.locator("[aria-pressed=true]")
        assert [text_of(button) for button in pressed.all()] == [f"{size}%"]
        sizes.append(page.locator("#about").evaluate("element => parseFloat(getComputedStyle(element).fontSize)"))
    assert sizes == pytest.approx([15.3, 19.125, 22.95])
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_what_is_read_stays_in_its_place_when_the_text_grows(open_page: Open) -> None:
    page = open_page()
    button = page.get_by_role("button", name="150%")
    before = button.bounding_box()
    button.click()
    after = button.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) < 20

"""The chat and the source pages for people with tremor, low vision, a screen reader or photosensitive epilepsy."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.talk import BOX, ask, has_focus
from tests.browser.vantor import BRING, MOTHS
from ui.markup import place_of

pytestmark = pytest.mark.browser

SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, textarea')]
  .filter(element => element.checkVisibility() && !element.closest('.toast-wrap'))
  .map(element => [element.textContent || element.tagName, element.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def answer(page: Page) -> None:
    """Three quotes."""
    ask(page, "What does a keeper bring?")


def abstain(page: Page) -> None:
    """No answer, with the closest passages open."""
    ask(page, "Do they sing?").locator("summary").click()


def cover(page: Page) -> None:
    """The list of subjects."""
    ask(page, "What do you cover?")


def break_down(page: Page) -> None:
    """An error, then a notice."""
    ask(page, "broken")
    ask(page, "fire: do they shine?")


def nothing(page: Page) -> None:
    """The first screen."""
    expect(page.locator("#welcome")).to_be_visible()


STATES = [nothing, answer, abstain, cover, break_down]
states = pytest.mark.parametrize("state", STATES, ids=lambda state: str(state.__name__))
schemes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page."""
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


@states
@schemes
def test_axe_finds_nothing_wrong_with_the_chat(open_page: Open, state: Callable[[Page], None], dark: bool) -> None:
    page = open_page(dark=dark)
    state(page)
    assert violations(page) == []


@schemes
def test_axe_finds_nothing_wrong_with_a_source_page(open_page: Open, dark: bool) -> None:
    page = open_page(place_of(BRING.span, "en").removeprefix(".."), dark=dark)
    expect(page.locator("#text mark").first).to_be_attached()
    assert violations(page) == []


@states
def test_every_target_is_large_enough_and_nothing_reaches_out_sideways(
    open_page: Open, state: Callable[[Page], None]
) -> None:
    page = open_page(size=(375, 740))
    state(page)
    for width in (375, 320, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(OVERFLOW) == 0
        assert page.evaluate(SMALL_TARGETS) == []


def test_a_source_page_fits_a_narrow_screen(open_page: Open) -> None:
    page = open_page(f"/source/{MOTHS.id}", size=(320, 500))
    assert page.evaluate(OVERFLOW) == 0
    assert page.evaluate(SMALL_TARGETS) == []


def test_a_word_that_is_wider_than_the_screen_is_broken(open_page: Open) -> None:
    page = open_page(size=(320, 500))
    ask(page, "moth" * 100)
    assert page.evaluate(OVERFLOW) == 0


def test_at_four_hundred_percent_zoom_the_box_does_not_lie_over_what_is_read(open_page: Open) -> None:
    page = open_page(size=(320, 256))
    answer(page)
    assert page.locator("#composer").evaluate("element => getComputedStyle(element).position") != "sticky"


@pytest.mark.parametrize(("width", "height"), [(1280, 860), (375, 740)])
def test_every_stop_of_the_tab_key_shows_the_focus_and_is_not_hidden_by_the_box(
    open_page: Open, width: int, height: int
) -> None:
    page = open_page(size=(width, height))
    answer(page)
    page.locator("#log a").first.focus()
    page.keyboard.press("Shift+Tab")
    assert has_focus(page, "#new")
    stops = 0
    while not has_focus(page, BOX):
        page.keyboard.press("Tab")
        style, bottom = page.evaluate(
            "() => [getComputedStyle(document.activeElement).outlineStyle,"
            " document.activeElement.getBoundingClientRect().bottom]"
        )
        assert style == "solid"
        if not has_focus(page, BOX):
            assert bottom <= page.locator("#composer").evaluate("element => element.getBoundingClientRect().top")
        stops += 1
    assert stops == 3 * 3 + 1  # three actions a quote, then the box


def test_a_screen_reader_hears_each_turn_once_from_one_polite_log(chat: Page) -> None:
    chat.evaluate(
        """() => { window.said = [];
        new MutationObserver(records => records.forEach(record => {
          const live = record.target.closest?.('[role=log], [role=status], [role=alert], [aria-live]');
          if (live) window.said.push([live.id, record.addedNodes.length, record.removedNodes.length]);
        })).observe(document.body, {childList: true, subtree: true}); }"""
    )
    answer(chat)
    ask(chat, "Do they sing?")
    said = chat.evaluate("window.said.filter(([, added, removed]) => added + removed)")
    assert said == [["log", 1, 0], ["log", 1, 0]]


def test_what_this_is_and_is_not_is_always_in_sight(open_page: Open) -> None:
    for width, height in ((1280, 860), (375, 740)):
        page = open_page(size=(width, height))
        expect(page.locator("#about")).to_be_in_viewport(ratio=1)
        ask(page, "How far do they fly?")
        expect(page.locator("#about")).to_be_in_viewport(ratio=1)


def test_nothing_on_the_page_speaks_of_gradio(chat: Page) -> None:
    answer(chat)
    assert "gradio" not in chat.locator("body").inner_text().lower()
    assert chat.title() == "Moth Help"


def test_nothing_moves_while_the_page_loads(open_page: Open) -> None:
    page = open_page("/healthz")
    page.add_init_script(
        """window.moving = [];
        const look = () => {
          for (const found of document.getAnimations()) window.moving.push(found.effect.target.className);
          window.requestAnimationFrame(look);
        };
        look();"""
    )
    page.goto("/chat/")
    expect(page.locator("#send")).to_be_visible()
    assert page.evaluate("window.moving") == []

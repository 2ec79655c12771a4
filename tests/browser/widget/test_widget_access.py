"""The widget for people with tremor, low vision, a screen reader or photosensitive epilepsy."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.widget.conftest import Visit
from tests.browser.widget.talk import BOX, LAUNCHER, PANEL, TURN, ask, focused, opened

pytestmark = pytest.mark.browser

SMALL_TARGETS = """() => [...document.querySelector('insights-help').shadowRoot
    .querySelectorAll('a, button, summary, textarea')].filter(element => element.checkVisibility())
  .map(element => [element.textContent || element.tagName, element.getBoundingClientRect()])
  .filter(([, box]) => box.width < 44 || box.height < 44)
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""
TOO_WIDE = """() => [document.documentElement, ...document.querySelector('insights-help').shadowRoot
    .querySelectorAll('.scroll, .panel')].map(element => element.scrollWidth - element.clientWidth)"""


def shut(page: Page) -> None:
    """The button alone."""
    expect(page.locator(LAUNCHER)).to_be_visible()


def nothing(page: Page) -> None:
    """The first screen."""
    opened(page)


def answer(page: Page) -> None:
    """Three quotes."""
    ask(page, "What does a keeper bring?")


def abstain(page: Page) -> None:
    """No answer, with the closest passages open, and the list of subjects."""
    ask(page, "Do they sing?").locator("summary").click()
    ask(page, "What do you cover?")


def break_down(page: Page) -> None:
    """An error, then a notice."""
    ask(page, "broken")
    ask(page, "fire: do they shine?")


states = pytest.mark.parametrize(
    "state", [shut, nothing, answer, abstain, break_down], ids=lambda state: str(state.__name__)
)
schemes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
sizes = pytest.mark.parametrize("size", [(1280, 860), (375, 740)], ids=["desktop", "375"])


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page."""
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


@states
@schemes
@sizes
def test_axe_finds_nothing_wrong(
    visit: Visit, state: Callable[[Page], None], dark: bool, size: tuple[int, int]
) -> None:
    page = visit(dark=dark, size=size)
    page.context.set_extra_http_headers({})
    state(page)
    assert violations(page) == []


@states
def test_every_target_is_large_enough_and_nothing_reaches_out_sideways(
    visit: Visit, state: Callable[[Page], None]
) -> None:
    page = visit(size=(375, 740))
    state(page)
    for width in (375, 320, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(TOO_WIDE) == [0, 0, 0]
        assert page.evaluate(SMALL_TARGETS) == []


def test_a_word_that_is_wider_than_the_screen_is_broken(visit: Visit) -> None:
    page = visit(size=(320, 500))
    ask(page, "moth" * 100)
    assert page.evaluate(TOO_WIDE) == [0, 0, 0]


def test_at_four_hundred_percent_zoom_all_of_it_scrolls_and_the_box_lies_over_nothing(visit: Visit) -> None:
    page = visit(size=(320, 256))
    answer(page)
    first, box = page.locator(f"{TURN} .quote-text").first, page.locator(BOX)
    first.scroll_into_view_if_needed()
    expect(first).to_be_in_viewport()
    inside = first.evaluate(
        "element => { const box = element.getBoundingClientRect();"
        " const found = element.getRootNode().elementFromPoint(box.x + 5, box.y + 5);"
        " return element.contains(found); }"
    )
    assert inside
    box.scroll_into_view_if_needed()
    expect(box).to_be_in_viewport()


def test_on_a_small_screen_the_panel_is_modal_and_on_a_large_one_the_page_stays_in_reach(visit: Visit) -> None:
    page = opened(visit(size=(375, 740)))
    modal = page.locator("insights-help dialog:modal")
    expect(modal).to_have_count(1)
    page.locator(BOX).fill("half a question")
    page.set_viewport_size({"width": 1280, "height": 860})
    expect(modal).to_have_count(0)
    expect(page.locator(PANEL)).to_be_visible()
    expect(page.locator(BOX)).to_have_value("half a question")
    assert focused(page) == "textarea"
    page.get_by_role("link", name="The way").click(timeout=1_000)
    page.set_viewport_size({"width": 375, "height": 740})
    expect(modal).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_be_hidden()
    assert focused(page) == "launcher"


def test_on_a_touch_screen_opening_does_not_open_the_keyboard(visit: Visit) -> None:
    page = visit(size=(375, 740), touch=True)
    page.locator(LAUNCHER).tap()
    assert focused(page) == "name"
    page.locator("insights-help .example").first.tap()
    expect(page.locator(TURN)).to_have_count(1)
    assert focused(page) == "send"


def test_every_stop_of_the_tab_key_shows_the_focus(visit: Visit) -> None:
    page = visit()
    answer(page)
    page.locator("insights-help .name").focus()
    stops: list[str] = []
    while not stops or stops[-1] != "textarea":
        page.keyboard.press("Tab")
        stops.append(focused(page))
        style = page.evaluate(
            "getComputedStyle(document.querySelector('insights-help').shadowRoot.activeElement).outlineStyle"
        )
        assert style == "solid"
    assert stops == ["new", "close", "scroll", *["quiet"] * 8, "textarea"]


def test_a_screen_reader_hears_each_turn_once_from_one_polite_log(visit: Visit) -> None:
    page = opened(visit())
    page.evaluate(
        """() => { window.said = [];
        new MutationObserver(records => records.forEach(record => {
          const live = record.target.closest?.('[role=log], [role=status], [role=alert], [aria-live]');
          if (live) window.said.push([live.className, record.addedNodes.length, record.removedNodes.length]);
        })).observe(document.querySelector('insights-help').shadowRoot, {childList: true, subtree: true}); }"""
    )
    answer(page)
    ask(page, "Do they sing?")
    assert page.evaluate("window.said") == [["log", 1, 0], ["log", 1, 0]]


def test_nothing_moves_and_the_page_around_it_does_not_shift(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        """() => { window.shifts = []; window.moving = [];
        new PerformanceObserver(list => window.shifts.push(...list.getEntries().map(entry => entry.value)))
          .observe({type: "layout-shift", buffered: true});
        const root = document.querySelector('insights-help').shadowRoot;
        const look = () => { window.moving.push(...root.getAnimations()); requestAnimationFrame(look); };
        look(); }"""
    )
    before = page.locator("main").bounding_box()
    answer(page)
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.locator("main").bounding_box() == before
    assert page.evaluate("[window.shifts, window.moving]") == [[], []]


def test_on_a_page_that_reads_from_right_to_left_it_stands_in_the_chosen_corner(visit: Visit) -> None:
    page = opened(visit('data-position="bottom-left"', direction="rtl", lang="ar"))
    box = page.locator(PANEL).bounding_box()
    assert box is not None
    assert box["x"] < 30
    turn = ask(page, "What does a keeper bring?")
    assert turn.locator(".quote-text").first.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert page.evaluate(TOO_WIDE)[1:] == [0, 0]


def test_forced_colours_and_more_contrast_are_respected(visit: Visit) -> None:
    page = visit()
    page.emulate_media(forced_colors="active", contrast="more")
    answer(page)
    for selector in (f"{TURN} .card >> nth=0", BOX, "insights-help .send"):
        assert page.locator(selector).evaluate("element => getComputedStyle(element).borderTopStyle") == "solid"
    assert violations(page) == []

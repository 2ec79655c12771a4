"""The chat and the source pages for people with tremor, low vision, a screen reader or photosensitive epilepsy."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.talk import BOX, ask, has_focus
from tests.browser.vantor import BRING, MOTHS
from ui.languages import LANGUAGES
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


def be_in_alarm(page: Page) -> None:
    """A notice with numbers to call, before an answer."""
    ask(page, "fire: do they shine?")


STATES = [nothing, answer, abstain, cover, break_down, be_in_alarm]
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
    page.set_viewport_size({"width": 375, "height": 740})
    assert violations(page) == []


@schemes
@pytest.mark.parametrize("language", ["de", "ar"])
def test_axe_finds_nothing_wrong_with_the_chat_in_other_languages(open_page: Open, language: str, dark: bool) -> None:
    page = open_page(f"/chat/?lang={language}", dark=dark)
    for width in (375, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert violations(page) == []
        for state in STATES[1:]:
            state(page)
        assert violations(page) == []
        page.click("#new")
        expect(page.locator(".turn")).to_have_count(0)


@schemes
@pytest.mark.parametrize("how", ["larger text", "more contrast", "forced colours", "dictation"])
def test_axe_finds_nothing_wrong_with_the_chat_as_its_reader_has_set_it(open_page: Open, how: str, dark: bool) -> None:
    page = open_page(dark=dark)
    if how == "larger text":
        page.click("[data-size='150']")
    elif how == "more contrast":
        page.emulate_media(color_scheme="dark" if dark else "light", contrast="more")
    elif how == "forced colours":
        page.emulate_media(color_scheme="dark" if dark else "light", forced_colors="active")
    else:
        page.click("#dictate")
    for state in STATES[1:]:
        state(page)
    assert violations(page) == []


@schemes
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [375, 1280])
def test_axe_finds_nothing_wrong_with_a_source_page(open_page: Open, dark: bool, language: str, width: int) -> None:
    page = open_page(place_of(BRING.span, language).removeprefix(".."), size=(width, 740), dark=dark)
    expect(page.locator("#text mark").first).to_be_attached()
    assert violations(page) == []


@states
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_target_is_large_enough_and_nothing_reaches_out_sideways(
    open_page: Open, state: Callable[[Page], None], language: str
) -> None:
    page = open_page(f"/chat/?lang={language}", size=(375, 740))
    state(page)
    for size in (100, 125, 150):
        page.click(f"[data-size='{size}']")
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
    assert stops == 3 * 3 + 2 + 1  # three actions a quote, the originals of two of them, then the box


def test_a_screen_reader_hears_each_turn_once_from_one_polite_log(chat: Page) -> None:
    chat.evaluate(
        """() => { window.said = [];
        const LIVE = '[role=log], [role=status], [role=alert], [aria-live], output';
        new MutationObserver(records => records.forEach(record => {
          const live = (record.target.closest ? record.target : record.target.parentElement).closest(LIVE);
          if (live) window.said.push([live.id, record.type, record.addedNodes.length, record.removedNodes.length]);
        })).observe(document, {childList: true, characterData: true, subtree: true}); }"""
    )
    answer(chat)
    ask(chat, "Do they sing?")
    said = chat.evaluate("window.said.filter(([, type, added, removed]) => type !== 'childList' || added + removed)")
    assert said == [["log", "childList", 1, 0], ["log", "childList", 1, 0]]
    session = chat.context.new_cdp_session(chat)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    held = {node["nodeId"]: node for node in nodes}
    heard = [live_regions_of(node, held) for node in nodes if named(node) == "Do they sing?" and is_text(node)]
    assert heard == [["log"]]


def named(node: dict[str, Any]) -> str:
    """What a screen reader would say of a node of the accessibility tree."""
    return str(node.get("name", {}).get("value", ""))


def is_text(node: dict[str, Any]) -> bool:
    """Whether the node is words of the page itself."""
    return bool(node.get("role", {}).get("value") == "StaticText")


def live_regions_of(node: dict[str, Any], held: dict[str, dict[str, Any]]) -> list[str]:
    """The roles of the live regions that a node stands in."""
    roles: list[str] = []
    above = held.get(node.get("parentId", ""))
    while above is not None:
        if any(value["name"] == "live" and value["value"]["value"] != "off" for value in above.get("properties", [])):
            roles.append(above["role"]["value"])
        above = held.get(above.get("parentId", ""))
    return list(dict.fromkeys(roles))


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

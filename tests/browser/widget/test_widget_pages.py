"""The page that is framed on other sites, the page where a site owner tries the widget, and how soon it is there."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.vantor import SHINE
from tests.browser.widget.conftest import Stage, Visit
from tests.browser.widget.talk import BOX, LAUNCHER, PANEL, TURN, ask, text_of
from ui.languages import catalogue

ENGLISH = catalogue("en")

pytestmark = pytest.mark.browser

READY_MS = 5_000  # far above what it takes, which is written to the log: this machine may be busy
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
schemes = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page."""
    return [f"{found['id']}: {found['nodes'][0]['html']}" for found in Axe().run(page).response["violations"]]


def test_in_a_frame_on_an_allowed_site_it_answers(visit: Visit, stage: Stage) -> None:
    frame = f'<iframe src="{stage.server}/embed?scheme=light" title="Help" width="400" height="600"></iframe>'
    page = visit(body=frame)
    inner = page.frame_locator("iframe")
    inner.locator("textarea").fill("Do they shine?")
    inner.locator("textarea").press("Enter")
    expect(inner.locator(".quote-text")).to_have_text(SHINE.span.text)
    inner.get_by_role("button", name=ENGLISH.copy).click()  # such a frame has no clipboard
    expect(inner.locator(".copied")).to_have_text(ENGLISH.copied)


def test_a_site_that_is_not_allowed_can_neither_frame_it_nor_ask(visit: Visit, stage: Stage) -> None:
    page = visit(address=stage.host.replace("127.0.0.1", "localhost"))
    turn = ask(page, "Do they shine?")
    expect(turn.locator(".error")).to_contain_text(ENGLISH.unreachable)
    assert stage.keeper.asked == []


@schemes
@pytest.mark.parametrize("size", [(1280, 860), (375, 740), (320, 256)])
def test_the_framed_page_fits_and_is_accessible(visit: Visit, stage: Stage, dark: bool, size: tuple[int, int]) -> None:
    page = visit(address=f"{stage.server}/embed", dark=dark, size=size)
    assert violations(page) == []
    ask(page, "What does a keeper bring?")
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) == 0
    expect(page.locator(PANEL)).to_have_css("width", f"{size[0]}px")


@schemes
@pytest.mark.parametrize("size", [(1280, 860), (375, 740)])
def test_the_preview_is_accessible(visit: Visit, stage: Stage, dark: bool, size: tuple[int, int]) -> None:
    page = visit(address=f"{stage.server}/widget", dark=dark, size=size)
    assert violations(page) == []
    assert page.evaluate(OVERFLOW) == 0


def test_the_line_of_the_preview_makes_the_widget_that_is_shown_there(visit: Visit, stage: Stage) -> None:
    page = visit(address=f"{stage.server}/widget")
    expect(page.locator("#snippet")).to_have_text(f'<script src="{stage.server}/widget.js" defer></script>')
    page.get_by_label("Title").fill('Reeds "&" <moths>')
    page.get_by_label("Questions to suggest").fill("Do they shine?\n\n Do they fly? ")
    page.get_by_label("Colour of buttons").fill("#7a1fa2")
    page.get_by_label("Colour of buttons").blur()
    expect(page.locator(LAUNCHER)).to_have_text('Reeds "&" <moths>')
    line = text_of(page.locator("#snippet"))
    found = re.fullmatch(r'<script src="([^"]*)"(.*) defer></script>', line)
    assert found is not None
    assert found[1] == f"{stage.server}/widget.js"
    there = visit(found[2])
    expect(there.locator(LAUNCHER)).to_have_text('Reeds "&" <moths>')
    assert (
        there.locator(LAUNCHER).evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(122, 31, 162)"
    )
    there.locator(LAUNCHER).click()
    assert there.locator("insights-help .example").all_text_contents() == ["Do they shine?", "Do they fly?"]


def test_the_preview_says_which_colours_are_refused(visit: Visit, stage: Stage) -> None:
    page = visit(address=f"{stage.server}/widget")
    page.get_by_label("Colour of buttons").fill("#777777")
    page.get_by_label("Colour of the words on them").fill("#888888")
    page.get_by_label("Colour of the words on them").blur()
    expect(page.locator("#contrast")).to_contain_text("its contrast is 1.26, wanted at least 4.5")


def test_the_preview_shows_it_in_the_page_and_copies_the_line(visit: Visit, stage: Stage) -> None:
    page = visit(address=f"{stage.server}/widget")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stage.server)
    page.get_by_label("Place", exact=True).select_option("inline")
    expect(page.locator("#stage").locator(PANEL)).to_be_visible()
    page.locator(BOX).fill("Do they shine?")
    page.locator(BOX).press("Enter")
    expect(page.locator(TURN)).to_have_count(1)
    page.get_by_role("button", name="Copy the line").click()
    expect(page.get_by_text("Copied", exact=True)).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == text_of(page.locator("#snippet"))


def test_it_is_there_soon(visit: Visit, record_property: Callable[[str, object], None]) -> None:
    page = visit()
    loaded = "performance.getEntriesByType('resource').find(entry => entry.name.endsWith('widget.js'))"
    end = page.evaluate(f"{loaded}.responseEnd")
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    record_property("widget_ready_ms", ready)
    print(f"widget.js loaded after {end:.0f} ms, widget ready after {ready:.0f} ms")  # noqa: T201
    assert end <= ready < READY_MS

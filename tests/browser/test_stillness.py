"""Nothing moves, blinks or flashes: an answer is filmed as it arrives, and the page stands still around it."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.flashes import Film, Luminances, most_flashes, relative_luminance
from tests.browser.talk import BOX, ask

pytestmark = pytest.mark.browser

# What shifted by itself, and whether anything but the box and what belongs to it did.
SHIFTS = """() => { window.shifts = [];
  const isOfTheBox = ({ node }) =>
    node !== null && (node.nodeType === 1 ? node : node.parentElement).closest('#composer') !== null;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) if (!entry.hadRecentInput)
    window.shifts.push([entry.value, entry.sources.every(isOfTheBox)]);
  }).observe({ type: "layout-shift", buffered: true }); }"""
MOVING = """() => [...document.querySelectorAll('*')].map(element => getComputedStyle(element)).filter(style =>
  style.animationName !== 'none' || (style.transitionDuration !== '0s' && style.transitionProperty !== 'none')
  || style.scrollBehavior !== 'auto').length"""


def blinking(*, per_second: int, lighter: float = 1, cells: int = 100) -> tuple[list[float], Luminances]:
    """Frames of which `cells` cells turn lighter and dark again so many times a second."""
    times = [frame / 30 for frame in range(60)]
    frames = np.zeros((len(times), 20, 20))
    for number, time_s in enumerate(times):
        frames[number].flat[:cells] = lighter * (int(time_s * per_second * 2) % 2)
    return times, frames


@pytest.mark.parametrize("per_second", [1, 3, 5])
def test_the_count_finds_the_flashes_of_a_screen_that_blinks(per_second: int) -> None:
    assert abs(most_flashes(*blinking(per_second=per_second)) - per_second) <= 0.5


def test_the_count_leaves_out_what_is_small_or_faint_or_goes_one_way() -> None:
    assert most_flashes(*blinking(per_second=5, cells=20)) == 0
    assert most_flashes(*blinking(per_second=5, lighter=0.09)) == 0
    times, frames = blinking(per_second=1)
    frames[:] = np.linspace(0, 1, len(times))[:, None, None]
    assert most_flashes(times, frames) == 0.5
    assert relative_luminance(Image.new("RGB", (64, 32), "white")).tolist() == [[pytest.approx(1), pytest.approx(1)]]
    assert relative_luminance(Image.new("RGB", (32, 32), (128, 128, 128)))[0, 0] == pytest.approx(0.2159, abs=1e-3)


def arrive(page: Page, site: Site) -> None:
    """Answers of all kinds, quick and slow, arrive one after the other."""
    for question in ("bring?", "sing?", "fire: shine?", "broken"):  # short: the box grows with what does not fit in it
        ask(page, question)
    page.fill(BOX, "slow")
    page.press(BOX, "Enter")
    page.wait_for_timeout(600)  # until it is said that the answer takes a while
    site.keeper.go_on.set()
    expect(page.locator(".turn")).to_have_count(5)
    page.wait_for_timeout(200)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 860), (375, 740)])
def test_nothing_flashes_while_answers_arrive(open_page: Open, site: Site, dark: bool, size: tuple[int, int]) -> None:
    page = open_page(size=size, dark=dark)
    film = Film.of(page)
    arrive(page, site)
    flashes = film.end()
    assert len(film.images) > 5
    assert flashes <= 3


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_one_answer_changes_the_screen_once_and_never_back(open_page: Open, site: Site, dark: bool) -> None:
    page = open_page(dark=dark)
    page.fill(BOX, "slow")
    film = Film.of(page)
    page.press(BOX, "Enter")
    page.wait_for_timeout(600)
    site.keeper.go_on.set()
    expect(page.locator(".turn")).to_have_count(1)
    page.wait_for_timeout(300)
    assert film.end() <= 0.5  # half a flash is a single change


@pytest.mark.parametrize("size", [(1280, 860), (375, 740)])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_stands_on_the_page_does_not_shift(
    open_page: Open, site: Site, size: tuple[int, int], language: str
) -> None:
    page = open_page(f"/chat/?lang={language}", size=size)
    page.evaluate(SHIFTS)
    arrive(page, site)
    assert page.evaluate("window.shifts") == []


def test_at_four_hundred_percent_only_the_box_goes_down_below_an_answer(open_page: Open, site: Site) -> None:
    page = open_page(size=(320, 256))
    page.evaluate(SHIFTS)
    arrive(page, site)
    assert [is_of_the_box for _, is_of_the_box in page.evaluate("window.shifts")] in ([], [True])


def test_the_page_does_not_shift_while_it_loads(open_page: Open) -> None:
    for size in ((1280, 860), (375, 740), (320, 256)):
        page = open_page(size=size)
        page.evaluate(SHIFTS)
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifts") == []


def still(page: Page) -> None:
    """As it is."""
    page.emulate_media()


def reduced(page: Page) -> None:
    """Where less motion is asked for."""
    page.emulate_media(reduced_motion="reduce")


@pytest.mark.parametrize("how", [still, reduced], ids=lambda how: str(how.__name__))
def test_no_element_has_an_animation_a_transition_or_a_gliding_scroll(
    open_page: Open, how: Callable[[Page], None]
) -> None:
    page = open_page()
    how(page)
    ask(page, "What does a keeper bring?")
    assert page.evaluate(MOVING) == 0


def test_more_contrast_is_given_where_it_is_asked_for(open_page: Open) -> None:
    page = open_page()
    colour = "() => getComputedStyle(document.querySelector('#about')).color"
    usual = page.evaluate(colour)
    page.emulate_media(contrast="more")
    assert (usual, page.evaluate(colour)) == ("rgb(73, 87, 85)", "rgb(28, 36, 35)")


def test_with_forced_colours_marks_and_what_is_chosen_can_still_be_told(open_page: Open) -> None:
    page = open_page()
    page.emulate_media(forced_colors="active")
    turn = ask(page, "Do they shine?")
    paper, mark = (
        turn.locator(name).first.evaluate("element => getComputedStyle(element).backgroundColor")
        for name in (".card", "mark")
    )
    assert paper != mark
    widths = page.locator("[data-size]").evaluate_all("all => all.map(one => getComputedStyle(one).borderTopWidth)")
    assert widths == ["3px", "1px", "1px"]

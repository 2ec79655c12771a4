"""What a site owner may choose, and what pages may do with the element."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.widget.conftest import Stage, Visit
from tests.browser.widget.talk import BOX, LAUNCHER, PANEL, TURN, ask, focused, opened
from ui.languages import catalogue

ENGLISH = catalogue("en")

pytestmark = pytest.mark.browser

ELEMENT = "document.querySelector('insights-help')"
BACKGROUND = "element => getComputedStyle(element).backgroundColor"
TEAL = "rgb(11, 85, 99)"


def warnings(stage: Stage) -> list[str]:
    """What the widget said in the console."""
    return [line.removeprefix("warning: <insights-help> ") for line in stage.said if "insights-help>" in line]


def test_every_choice_is_taken_from_the_script(visit: Visit, stage: Stage) -> None:
    page = visit(
        'data-title="Reeds &amp; moths" data-welcome="Good evening." data-questions="Do they shine?|Do they fly?"'
        ' data-position="bottom-left" data-accent="#7a1fa2" data-on-accent="#fff" data-scheme="light"'
        ' data-language="en"'
    )
    expect(page.locator(LAUNCHER)).to_have_text("Reeds & moths")
    assert page.locator(LAUNCHER).evaluate(BACKGROUND) == "rgb(122, 31, 162)"
    opened(page)
    expect(page.locator("insights-help .welcome p").first).to_have_text("Good evening.")
    assert page.locator("insights-help .example").all_text_contents() == ["Do they shine?", "Do they fly?"]
    box = page.locator(PANEL).bounding_box()
    assert box is not None
    assert box["x"] < 30
    assert warnings(stage) == []


def test_questions_may_be_a_list_in_json(visit: Visit) -> None:
    page = opened(visit("data-questions='[\"Do they shine | hum?\"]'"))
    assert page.locator("insights-help .example").all_text_contents() == ["Do they shine | hum?"]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        (
            'data-accent="#777777" data-on-accent="#888888"',
            "#888888 on #777777 is not used: its contrast is 1.26, wanted at least 4.5 (WCAG AA). The default stays.",
        ),
        ('data-accent="teal"', 'accent="teal" is not used: wanted a colour like #0b5563. The default stays.'),
        (
            'data-position="top"',
            'position="top" is not used: wanted bottom-right, bottom-left, inline. The default stays.',
        ),
        ('data-language="xx"', 'language="xx" is not used: wanted '),
        ('data-scheme="loud"', 'scheme="loud" is not used: wanted auto, light, dark. The default stays.'),
        (
            'data-questions="[1"',
            'questions="[1" is not used: wanted a JSON list of texts, or texts with "|" between them. '
            "The default stays.",
        ),
    ],
)
def test_a_choice_that_cannot_be_kept_is_said_once_and_the_default_stays(
    visit: Visit, stage: Stage, attributes: str, said: str
) -> None:
    page = visit(attributes)
    page.evaluate(f"{ELEMENT}.setAttribute('title', 'Changed')")
    expect(page.locator(LAUNCHER)).to_have_text("Changed")
    assert page.locator(LAUNCHER).evaluate(BACKGROUND) == TEAL
    (line,) = warnings(stage)
    assert line.startswith(said)


def test_an_accent_alone_gets_the_readable_one_of_light_and_dark_words(visit: Visit) -> None:
    page = visit('data-accent="#ffd54f"')
    colour = page.locator(LAUNCHER).evaluate("element => getComputedStyle(element).color")
    assert colour == "rgb(21, 32, 31)"
    opened(page)
    # On white it would be unreadable: words keep the default colour.
    assert page.locator("insights-help .example").first.evaluate("element => getComputedStyle(element).color") == TEAL


def test_an_element_in_the_page_is_used_where_there_is_one(visit: Visit) -> None:
    page = visit(body='<insights-help position="inline" title="Here"></insights-help>')
    expect(page.locator("insights-help")).to_have_count(1)
    expect(page.locator(PANEL)).to_be_visible()
    expect(page.locator("insights-help .close")).to_be_hidden()
    before = page.locator("insights-help").bounding_box()
    ask(page, "What does a keeper bring?")
    assert page.locator("insights-help").bounding_box() == before


def test_the_page_can_open_ask_hear_and_close(visit: Visit, stage: Stage) -> None:
    page = visit()
    page.evaluate(
        """() => { window.heard = [];
        for (const name of ["open", "reply", "close"]) document.addEventListener(`insights:${name}`,
          event => window.heard.push([name, event.composed, event.detail?.kind ?? null])); }"""
    )
    reply = page.evaluate(f"{ELEMENT}.ask('Do they shine?')")
    assert (reply["kind"], reply["question"], len(reply["quotes"])) == ("answer", "Do they shine?", 1)
    assert page.locator("insights-help[open]").count() == 1
    assert page.evaluate(f"{ELEMENT}.ask('broken')") is None
    page.evaluate(f"{ELEMENT}.reset()")
    expect(page.locator(TURN)).to_have_count(0)
    page.evaluate(f"{ELEMENT}.close()")
    page.evaluate(f"{ELEMENT}.open()")
    assert focused(page) == "textarea"
    page.evaluate(f"{ELEMENT}.removeAttribute('open')")
    expect(page.locator(PANEL)).to_be_hidden()
    told = ["open", True, None], ["reply", True, "answer"], ["close", True, None]
    assert page.evaluate("window.heard") == [*told, told[0], told[2]]
    assert len(stage.keeper.asked) == 2


def test_open_from_the_start_does_not_take_the_focus(visit: Visit) -> None:
    page = visit("data-open")
    expect(page.locator(PANEL)).to_be_visible()
    assert focused(page) == "body"


def test_open_from_the_start_does_not_cover_a_small_page(visit: Visit) -> None:
    page = visit("data-open", size=(375, 740))
    expect(page.locator(PANEL)).to_be_hidden()
    expect(page.locator(LAUNCHER)).to_be_visible()


def test_the_script_twice_makes_one_widget(visit: Visit, stage: Stage) -> None:
    page = visit(body=f'<script src="{stage.server}/widget.js?again" defer></script>')
    expect(page.locator("insights-help")).to_have_count(1)


def test_an_element_that_is_moved_keeps_its_conversation(visit: Visit) -> None:
    page = visit()
    ask(page, "Do they shine?")
    page.evaluate(f"document.querySelector('main').append({ELEMENT})")
    opened(page)
    expect(page.locator(TURN)).to_have_count(1)
    page.locator(BOX).fill("Do they fly?")
    page.locator(BOX).press("Enter")
    expect(page.locator(TURN)).to_have_count(2)


def test_a_page_in_a_language_that_is_not_spoken_gets_the_browsers(visit: Visit) -> None:
    page: Page = visit(lang="tlh")
    expect(page.locator(LAUNCHER)).to_have_text(ENGLISH.welcome_title)

"""The widget where things go wrong: no server, a busy one, a slow one, a broken one, a refusal."""

import pytest
from playwright.sync_api import Page, Route, expect

from retrieval.model import Reason
from tests.browser.vantor import SHINE
from tests.browser.widget.conftest import Stage, Visit
from tests.browser.widget.talk import BOX, TURN, ask, focused, opened, text_of
from ui.languages import catalogue

ENGLISH = catalogue("en")

pytestmark = pytest.mark.browser

API = "**/api/ask"
OPEN = {"access-control-allow-origin": "*", "access-control-expose-headers": "Retry-After"}
RETRY = "Try again"


def refuse(page: Page, status: int, code: str, **headers: str) -> None:
    """Let the server refuse the next question."""
    body = {"error": {"code": code, "message": "found 5 spoons, wanted 2; put 3 back"}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    page.route(API, lambda route: route.fulfill(status=status, json=body, headers=OPEN | named), times=1)


def test_without_a_server_it_says_so_and_one_press_asks_again(visit: Visit, stage: Stage) -> None:
    page = visit()
    page.route(API, lambda route: route.abort(), times=1)
    turn = ask(page, "Do they shine?")
    expect(turn.locator(".error")).to_contain_text(ENGLISH.unreachable)
    expect(turn.locator(".abstention")).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("Do they shine?")
    turn.get_by_role("button", name=RETRY).click()
    expect(page.locator("insights-help .quote-text")).to_have_count(1)
    expect(page.locator(TURN)).to_have_count(1)  # the failed one is gone
    expect(page.locator(BOX)).to_have_value("")
    assert focused(page) == "textarea"
    assert [question for question, _ in stage.keeper.asked] == ["Do they shine?"]


def test_a_browser_without_a_network_is_told_that(visit: Visit) -> None:
    page = opened(visit())
    page.context.set_offline(True)
    turn = ask(page, "Do they shine?")
    expect(turn.locator(".error")).to_contain_text("You seem to be offline")
    page.context.set_offline(False)
    turn.get_by_role("button", name=RETRY).click()
    expect(page.locator("insights-help .quote-text")).to_have_count(1)


def test_what_was_read_before_stays_when_the_server_goes(visit: Visit) -> None:
    page = visit()
    ask(page, "Do they shine?")
    page.route(API, lambda route: route.abort())
    ask(page, "Do they fly?")
    assert text_of(page.locator("insights-help .quote-text")) == SHINE.span.text


@pytest.mark.parametrize(
    ("status", "header", "words"),
    [
        (429, "7", "Please try again in 7 seconds."),
        (503, "300", "Please try again in 5 minutes."),
        (503, "Thu, 01 Jan 2026 00:00:00 GMT", "Please try again in a little while."),
        (429, "soon", "Please try again in a little while."),
    ],
)
def test_a_busy_server_is_asked_again_only_by_hand(
    visit: Visit, stage: Stage, status: int, header: str, words: str
) -> None:
    page = visit()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    refuse(page, status, "rate_limited", retry_after=header)
    turn = ask(page, "Do they shine?")
    expect(turn.locator(".error")).to_contain_text(words)
    page.wait_for_timeout(400)
    assert asked == [f"{stage.server}/api/ask"]
    turn.get_by_role("button", name=RETRY).click()
    expect(page.locator("insights-help .quote-text")).to_have_count(1)


def test_no_reply_for_thirty_seconds_is_given_up(visit: Visit) -> None:
    page = visit()
    opened(page)
    held: list[Route] = []
    page.route(API, lambda route: held.append(route))  # noqa: PLW0108  (Playwright looks at what kind of callable it is)
    page.clock.install()
    page.locator(BOX).fill("Do they shine?")
    page.locator(BOX).press("Enter")
    page.clock.run_for(1_000)
    expect(page.locator("insights-help .status")).to_have_text(ENGLISH.waiting)
    page.clock.run_for(30_000)
    expect(page.locator("insights-help .error")).to_contain_text("no reply came within 30 seconds")
    expect(page.locator("insights-help .status")).to_have_text("")


@pytest.mark.parametrize(
    "reply",
    [
        {"status": 500, "body": "oh"},
        {"status": 200, "body": "{"},
        {"status": 200, "json": {"version": 1}},
        {"status": 200, "json": {"kind": "answer", "question": "q", "asked_as": "q", "notices": [], "quotes": [{}]}},
        {"status": 200, "json": None},
    ],
    ids=["500", "no JSON", "no reply", "broken quote", "null"],
)
def test_what_cannot_be_shown_is_a_fault_and_never_an_abstention(visit: Visit, reply: dict[str, object]) -> None:
    page = visit()
    page.route(API, lambda route: route.fulfill(headers=OPEN, **reply))
    turn = ask(page, "Do they shine?")
    expect(turn.locator(".error")).to_contain_text(ENGLISH.error)
    expect(turn.locator(".abstention, .card")).to_have_count(0)


def test_a_question_that_is_too_long_stays_to_be_shortened(visit: Visit) -> None:
    page = visit()
    turn = ask(page, "moth " * 500)
    expect(turn.locator(".error")).to_contain_text(ENGLISH.reply(Reason.TOO_LONG, limit=2000))
    expect(turn.get_by_role("button", name=RETRY)).to_have_count(0)
    expect(page.locator(BOX)).to_have_value("moth " * 500)
    assert len(text_of(turn.locator(".question"))) <= 301


def test_a_refusal_says_what_the_server_says(visit: Visit) -> None:
    page = visit()
    refuse(page, 422, "bad_request")
    turn = ask(page, "Do they shine?")
    expect(turn.locator(".error")).to_contain_text("found 5 spoons, wanted 2; put 3 back")


def test_nothing_typed_is_said_to_be_nothing(visit: Visit, stage: Stage) -> None:
    page = opened(visit())
    page.locator(BOX).press("Enter")
    expect(page.locator("insights-help .status")).to_have_text(ENGLISH.replies[Reason.EMPTY])
    assert stage.keeper.asked == []


def test_while_a_question_is_looked_up_the_next_one_can_be_typed_and_is_not_lost(visit: Visit, stage: Stage) -> None:
    page = opened(visit())
    page.locator(BOX).fill("slow: do they shine?")
    page.locator(BOX).press("Enter")
    page.locator(BOX).fill("and then?")
    page.locator(BOX).press("Enter")
    stage.keeper.go_on.set()
    expect(page.locator(TURN)).to_have_count(1)
    expect(page.locator(BOX)).to_have_value("and then?")
    assert len(stage.keeper.asked) == 1


def test_a_new_conversation_does_not_wait_for_the_old_one(visit: Visit, stage: Stage) -> None:
    page = visit()
    ask(page, "Do they shine?")
    page.locator(BOX).fill("slow")
    page.locator(BOX).press("Enter")
    page.locator("insights-help .new").click()
    stage.keeper.go_on.set()
    page.wait_for_timeout(300)
    expect(page.locator(TURN)).to_have_count(0)
    ask(page, "Do they fly?")
    assert stage.keeper.asked[-1] == ("Do they fly?", ())

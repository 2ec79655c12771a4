"""The chat as people use it: asking, reading, copying, and what happens when something fails."""

import pytest
from playwright.sync_api import Page, Route, expect

from corpus.versions import version_name
from retrieval.model import Reason
from tests.browser.conftest import Open, Site
from tests.browser.talk import BOX, ask, has_focus, text_of
from tests.browser.vantor import BRING, COUNTED, EXAMPLES, FLIGHT, LEDGER, SHINE, TOPICS
from ui.languages import catalogue
from ui.render import cited_copy

pytestmark = pytest.mark.browser

ENGLISH = catalogue("en")


def test_a_question_asked_with_the_keyboard_alone_gets_the_exact_words_of_the_document(chat: Page) -> None:
    while not has_focus(chat, BOX):
        chat.keyboard.press("Tab")
    chat.keyboard.type("How long do the moths shine?")
    chat.keyboard.press("Enter")
    quote = chat.locator(".quote .quote-text")
    expect(quote).to_have_count(1)
    assert text_of(quote) == SHINE.span.text
    assert text_of(quote.locator("mark")) == SHINE.evidence[0].text


def test_every_quote_of_an_answer_is_shown_in_order_and_exactly(chat: Page) -> None:
    ask(chat, "What does a keeper bring?")
    shown = [text_of(quote) for quote in chat.locator(".quote .quote-text").all()]
    assert shown == [quote.span.text for quote in (BRING, SHINE, COUNTED)]


def test_hostile_words_of_a_document_are_shown_as_they_are_and_none_of_them_runs(chat: Page) -> None:
    ask(chat, "What is in the ledger?")
    assert text_of(chat.locator(".quote .quote-text")) == LEDGER.span.text
    assert chat.evaluate("window.ran") is None
    assert chat.locator("#log img, #log script").count() == 0


def test_hostile_words_of_a_question_are_shown_as_they_are_and_none_of_them_runs(chat: Page) -> None:
    question = LEDGER.span.text + " {{constructor.constructor('window.ran = 4')()}}"
    turn = ask(chat, question)
    assert text_of(turn.locator(".question")) == question
    assert chat.evaluate("window.ran") is None
    assert chat.locator("#log img, #log script").count() == 0


def test_the_focus_is_in_the_box_after_an_answer_and_the_box_is_empty(chat: Page) -> None:
    ask(chat, "Do they shine?")
    assert has_focus(chat, BOX)
    chat.fill(BOX, "Do they fly?")
    chat.click("#send")
    expect(chat.locator(".turn")).to_have_count(2)
    assert has_focus(chat, BOX)
    expect(chat.locator(BOX)).to_have_value("")


def test_an_example_is_asked_at_once_and_the_focus_goes_to_the_box(chat: Page, site: Site) -> None:
    chat.get_by_role("button", name=EXAMPLES[1]).click()
    expect(chat.locator(".turn")).to_have_count(1)
    assert site.keeper.asked == [(EXAMPLES[1], ())]
    assert has_focus(chat, BOX)
    expect(chat.locator("#welcome")).to_be_hidden()


def test_an_example_tapped_on_a_touch_screen_does_not_open_the_keyboard(open_page: Open) -> None:
    page = open_page(size=(375, 740), touch=True)
    page.get_by_role("button", name=EXAMPLES[0]).tap()
    expect(page.locator(".turn")).to_have_count(1)
    assert has_focus(page, "#send")


def test_shift_enter_starts_a_new_line_and_enter_sends_both(chat: Page, site: Site) -> None:
    chat.click(BOX)
    chat.keyboard.type("Do they")
    chat.keyboard.press("Shift+Enter")
    chat.keyboard.type("shine?")
    chat.keyboard.press("Enter")
    expect(chat.locator(".turn")).to_have_count(1)
    assert site.keeper.asked == [("Do they\nshine?", ())]


def test_earlier_questions_are_passed_on_in_order_but_greetings_and_failures_are_not(chat: Page, site: Site) -> None:
    for question in ("Do they shine?", "hello", "broken", "Do they sing?", "And do they fly?"):
        ask(chat, question)
    assert site.keeper.asked[-1] == ("And do they fly?", ("Do they shine?", "Do they sing?"))


def test_two_sessions_know_nothing_of_each_other(open_page: Open, site: Site) -> None:
    ask(open_page(), "Do they shine?")
    ask(open_page(), "Do they fly?")
    assert site.keeper.asked == [("Do they shine?", ()), ("Do they fly?", ())]


def test_a_new_conversation_forgets_the_old_one_and_shows_the_first_screen(chat: Page, site: Site) -> None:
    ask(chat, "Do they shine?")
    chat.click("#new")
    expect(chat.locator(".turn")).to_have_count(0)
    expect(chat.locator("#welcome")).to_be_visible()
    expect(chat.locator("#new")).to_be_hidden()
    assert has_focus(chat, BOX)
    ask(chat, "Do they fly?")
    assert site.keeper.asked[-1] == ("Do they fly?", ())


def test_an_abstention_cannot_be_taken_for_an_answer(chat: Page) -> None:
    turn = ask(chat, "Do they sing?")
    expect(turn.locator(".quote")).to_have_count(0)
    expect(turn.get_by_text(ENGLISH.reply(Reason.NO_EVIDENCE, limit=2000))).to_be_visible()
    expect(turn.locator(".closest").first).to_be_hidden()
    assert turn.locator(".abstention").evaluate("element => getComputedStyle(element).borderTopStyle") == "dashed"


def test_the_closest_passages_open_by_keyboard_and_each_is_labelled_as_no_answer(chat: Page) -> None:
    turn = ask(chat, "Do they sing?")
    turn.locator("summary").focus()
    chat.keyboard.press("Enter")
    expect(turn.locator(".closest")).to_have_count(2)
    for passage in turn.locator(".closest").all():
        expect(passage.get_by_role("heading", name=ENGLISH.not_an_answer)).to_be_visible()
        expect(passage.get_by_role("link", name=ENGLISH.show_in_source)).to_be_visible()


def test_passages_that_were_opened_stay_open_when_the_next_answer_comes(chat: Page) -> None:
    turn = ask(chat, "Do they sing?")
    turn.locator("summary").click()
    first = chat.locator(".turn").first
    first.evaluate("element => { element.seen = true; }")
    ask(chat, "Do they shine?")
    expect(first.locator(".closest").first).to_be_visible()
    assert first.evaluate("element => element.seen"), "the log was written anew, so it would be read out again"


def test_what_the_documents_cover_is_an_open_list_of_links_to_the_places(chat: Page) -> None:
    turn = ask(chat, "What do you cover?")
    links = turn.locator(".topics a")
    expect(links).to_have_count(len(TOPICS))
    hrefs = [link.get_attribute("href") for link in links.all()]
    assert hrefs == [f"../source/{version_name(topic.document)}?lang=en#{topic.start}-{topic.end}" for topic in TOPICS]
    assert ENGLISH.not_an_answer not in turn.inner_text()


def test_a_notice_comes_before_the_answer(chat: Page) -> None:
    turn = ask(chat, "The lake is on fire and they shine")
    kinds = turn.locator(":scope > *").evaluate_all("elements => elements.map(element => element.className)")
    assert [kind.split()[0] for kind in kinds] == ["asked", "notice", "card", "legend"]


def test_a_copied_quote_carries_its_citation(chat: Page) -> None:
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = ask(chat, "What is in the ledger?")
    turn.get_by_role("button", name=ENGLISH.copy).click()
    expect(turn.locator(".copied")).to_have_text(ENGLISH.copied)
    assert chat.evaluate("navigator.clipboard.readText()") == cited_copy(LEDGER, ENGLISH)


def test_a_quote_is_copied_even_where_the_clipboard_is_shut(chat: Page) -> None:
    chat.context.grant_permissions(["clipboard-read"])
    chat.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('shut')); }")
    turn = ask(chat, "What does a keeper bring?")
    button = turn.get_by_role("button", name=ENGLISH.copy).first
    button.click()
    expect(turn.locator(".copied").first).to_have_text(ENGLISH.copied)
    assert chat.evaluate("navigator.clipboard.readText()") == cited_copy(BRING, ENGLISH)
    assert button.evaluate("element => element === document.activeElement")


def test_a_fault_is_an_error_that_looks_like_no_abstention_and_keeps_the_question(
    chat: Page, caplog: pytest.LogCaptureFixture
) -> None:
    turn = ask(chat, "Is the lantern broken?")
    expect(turn.locator(".error")).to_contain_text(ENGLISH.error)
    expect(turn.locator(".abstention")).to_have_count(0)
    expect(chat.locator(BOX)).to_have_value("Is the lantern broken?")
    assert has_focus(chat, BOX)
    assert "RuntimeError at vantor.py" in caplog.text
    assert "lantern" not in caplog.text


def test_an_example_that_meets_a_fault_stands_in_the_box_to_be_sent_again(chat: Page) -> None:
    chat.route("**/gradio_api/run/**", lambda route: route.abort())
    chat.get_by_role("button", name=EXAMPLES[0]).click()
    expect(chat.locator(".turn .error")).to_be_visible()
    expect(chat.locator(BOX)).to_have_value(EXAMPLES[0])


@pytest.mark.parametrize("how", ["no connection", "a proxy's page"])
def test_a_server_that_does_not_reply_is_an_error_after_which_asking_again_works(chat: Page, how: str) -> None:
    ask(chat, "Do they shine?")

    def fail(route: Route) -> None:
        if how == "no connection":
            route.abort()
        else:
            route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")

    chat.route("**/gradio_api/run/**", fail)
    turn = ask(chat, "Do they fly?")
    expect(turn.locator(".error")).to_contain_text(ENGLISH.unreachable)
    expect(turn.locator(".question")).to_have_text("Do they fly?")
    expect(chat.locator(BOX)).to_have_value("Do they fly?")
    chat.unroute("**/gradio_api/run/**")
    chat.press(BOX, "Enter")
    expect(chat.locator(".turn")).to_have_count(3)
    assert text_of(chat.locator(".turn").last.locator(".quote-text")) == FLIGHT.span.text


def test_a_question_that_is_too_long_stays_in_the_box(chat: Page) -> None:
    question = "moth " * 401
    turn = ask(chat, question)
    expect(turn.get_by_text(ENGLISH.reply(Reason.TOO_LONG, limit=2000))).to_be_visible()
    expect(chat.locator(BOX)).to_have_value(question)


def test_a_slow_answer_is_announced_without_anything_moving(chat: Page, site: Site) -> None:
    chat.fill(BOX, "slow")
    chat.press(BOX, "Enter")
    expect(chat.locator("#status")).to_have_text(ENGLISH.waiting)
    assert chat.evaluate("document.getAnimations().length") == 0
    site.keeper.go_on.set()
    expect(chat.locator(".turn")).to_have_count(1)
    expect(chat.locator("#status")).to_have_text("")
    assert chat.evaluate("document.getAnimations().length") == 0


def test_what_is_typed_while_waiting_is_not_lost(chat: Page, site: Site) -> None:
    chat.fill(BOX, "slow")
    chat.press(BOX, "Enter")
    expect(chat.locator("#status")).to_have_text(ENGLISH.waiting)
    chat.fill(BOX, "And another thing")
    site.keeper.go_on.set()
    expect(chat.locator(".turn")).to_have_count(1)
    expect(chat.locator(BOX)).to_have_value("And another thing")


def test_the_newest_question_is_at_the_top_so_that_a_long_answer_is_read_from_its_start(chat: Page) -> None:
    ask(chat, "What does a keeper bring?")
    turn = ask(chat, "How far do they fly?")
    assert text_of(turn.locator(".quote-text")) == FLIGHT.span.text
    assert 0 <= turn.evaluate("element => element.getBoundingClientRect().top") < 40


def test_the_page_stands_still_while_people_type(chat: Page) -> None:
    ask(chat, "How far do they fly?")
    chat.evaluate("window.scrollTo(0, 700)")
    chat.keyboard.type("and how high")
    assert chat.evaluate("window.scrollY") == 700

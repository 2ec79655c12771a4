"""The widget as people use it on another site's page: asking, reading, following, copying."""

from datetime import date

import pytest
from playwright.sync_api import expect

from corpus.model import Span
from corpus.versions import version_name
from retrieval.model import Abstention, Answer, Notice, NoticeKind, Reason, Reply
from tests.browser.vantor import BRING, COUNTED, EXAMPLES, LEDGER, SHINE, TOPICS
from tests.browser.widget.conftest import HOSTILE, Stage, Visit
from tests.browser.widget.talk import BOX, LAUNCHER, PANEL, SEND, TURN, ask, focused, opened, text_of
from ui.languages import catalogue
from ui.render import cited_copy, to_html, turn_to_html
from ui.wire import to_json

ENGLISH = catalogue("en")

pytestmark = pytest.mark.browser

TODAY = date(2026, 6, 1)
STORED = """async () => [document.cookie, localStorage.length, sessionStorage.length,
  (await indexedDB.databases()).length, (await caches.keys()).length]"""
# The chat's own HTML is parsed without running anything, and the widget's turn is brought into the same form.
SHAPE = """root => {
  const shape = element => [element.localName.replace(/^h[1-6]$/, "h"), [...element.classList].sort().join(" "),
    [...element.childNodes].filter(node => node.nodeType === 1 ? !node.dataset.say : node.data)
      .map(node => node.className === "does" ? node.textContent : node.nodeType === 1 ? shape(node) : node.data)];
  return shape(root);
}"""


def test_one_line_is_enough_on_a_strict_page_of_another_origin(visit: Visit, stage: Stage) -> None:
    page = visit('data-title="Ask the reed keepers"')
    expect(page.locator(LAUNCHER)).to_have_text("Ask the reed keepers")
    turn = ask(page, "How long do the moths shine?")
    assert text_of(turn.locator(".quote-text")) == SHINE.span.text
    assert text_of(turn.locator("mark")) == SHINE.evidence[0].text
    assert stage.said == []


def test_the_styles_of_a_hostile_page_do_not_reach_the_widget(visit: Visit, stage: Stage) -> None:
    stage.styles = HOSTILE
    page = opened(visit())
    ask(page, "What does a keeper bring?")
    for selector in (PANEL, BOX, SEND, f"{TURN} .card >> nth=0"):
        expect(page.locator(selector)).to_be_visible()
    size, colour, background = page.locator(PANEL).evaluate(
        "element => { const style = getComputedStyle(element);"
        " return [style.fontSize, style.color, style.backgroundColor]; }"
    )
    assert (size, colour, background) == ("17px", "rgb(21, 32, 31)", "rgb(243, 246, 245)")
    assert page.evaluate("document.querySelector('insights-help').getAnimations({subtree: true}).length") == 0


def test_a_whole_visit_is_possible_with_the_keyboard_alone(visit: Visit, stage: Stage) -> None:
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=stage.host)
    page.keyboard.press("Tab")  # the page's own link
    page.keyboard.press("Tab")
    assert focused(page) == "launcher"
    page.keyboard.press("Enter")
    assert focused(page) == "textarea"
    page.keyboard.type("Do they shine?")
    page.keyboard.press("Enter")
    expect(page.locator(TURN)).to_have_count(1)
    assert focused(page) == "textarea"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")  # the last thing before the box: copy
    expect(page.locator("insights-help .copied")).to_have_text(ENGLISH.copied)
    assert page.evaluate("navigator.clipboard.readText()") == cited_copy(SHINE, ENGLISH)
    page.keyboard.press("Shift+Tab")  # the original, then its copy here
    page.keyboard.press("Shift+Tab")
    with page.context.expect_page() as followed:
        page.keyboard.press("Enter")
    source = followed.value
    expect(source.locator("#text mark").first).to_be_in_viewport()
    marked = source.locator("#text mark").evaluate_all("all => all.map(one => one.textContent).join('')")
    assert marked == SHINE.span.text
    assert source.evaluate("window.opener") is None
    page.bring_to_front()
    page.keyboard.press("Escape")
    expect(page.locator(PANEL)).to_be_hidden()
    assert focused(page) == "launcher"


def test_every_quote_of_an_answer_is_shown_in_order_and_exactly(visit: Visit) -> None:
    turn = ask(visit(), "What does a keeper bring?")
    shown = [text_of(quote) for quote in turn.locator(".quote-text").all()]
    assert shown == [quote.span.text for quote in (BRING, SHINE, COUNTED)]
    expect(turn.get_by_text(ENGLISH.overdue.format(day="1 January 2020"))).to_be_visible()


def place(quote: Span) -> Answer:
    """An answer with one place that says the same elsewhere, looked up in other words, after two notices."""
    notices = (
        Notice(NoticeKind.EMERGENCY, "Call the wardens.", "tel:000"),
        Notice(NoticeKind.CORRECTED_SPELLING, "Spelling was mended.", None, "do thay shine"),
        Notice(NoticeKind.CRISIS, "Speak with a warden.", "https://vantor.example/help/"),
    )
    told = SHINE.__class__(SHINE.span, SHINE.evidence, 0.9, (quote, TOPICS[0]))
    return Answer("do thay shine", "do they shine", (told,), notices)


REPLIES = [
    place(COUNTED.span),
    Answer("q", "q", (BRING, SHINE, COUNTED)),
    Answer("q", "q", (LEDGER,)),
    Abstention("q", "q", Reason.NO_EVIDENCE, (SHINE.span, COUNTED.span)),
    Abstention("q", "q", Reason.TOPICS, TOPICS),
    *(Abstention("q", "q", reason) for reason in Reason),
]


@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: str(getattr(reply, "reason", "answer")))
def test_a_reply_has_the_words_marks_and_parts_that_it_has_in_the_chat(visit: Visit, reply: Reply) -> None:
    page = visit()
    page.route(
        "**/api/ask",
        lambda route: route.fulfill(
            json=to_json(reply, index="made", elapsed_ms=1, today=TODAY),
            headers={"access-control-allow-origin": "*"},
        ),
    )
    shown = ask(page, reply.question).evaluate(SHAPE)
    chat = page.context.browser.new_page() if page.context.browser else page
    body = to_html(reply, texts=ENGLISH, today=TODAY, limit=2000)
    chat.set_content(turn_to_html(reply.question, body, texts=ENGLISH, keep=False))
    wanted = chat.locator(".turn").evaluate(SHAPE)
    chat.close()
    assert words_of(shown) == words_of(wanted)
    assert parts_of(shown) == parts_of(wanted)


def words_of(shape: list[object] | str) -> str:
    """All the text of a shape."""
    if isinstance(shape, str):
        return shape
    children = shape[2]
    assert isinstance(children, list)
    return "".join(map(words_of, children))


def parts_of(shape: list[object]) -> list[str]:
    """The tags and classes of a shape that have a class and lie beside text, from top to bottom."""
    tag, classes, children = shape
    assert isinstance(children, list)
    own = [f"{tag}.{classes}"] if classes and classes not in {"number", "notice-link"} else []
    return own + [part for child in children if isinstance(child, list) for part in parts_of(child)]


def test_links_lead_to_the_server_and_to_nowhere_else(visit: Visit, stage: Stage) -> None:
    turn = ask(visit(), "What does a keeper bring?")
    link = turn.get_by_role("link", name=ENGLISH.show_in_source).first
    start, end = BRING.span.start, BRING.span.end
    assert link.get_attribute("href") == f"{stage.server}/source/{version_name(BRING.span.document)}#{start}-{end}"
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")


def test_a_reply_cannot_bring_a_link_that_runs_or_leads_away(visit: Visit) -> None:
    page = visit()
    reply = to_json(place(COUNTED.span), index="made", elapsed_ms=1, today=TODAY)
    reply["quotes"][0]["link"] = "https://elsewhere.example/source/x#1-2"
    reply["quotes"][0]["original"] = "javascript:window.ran = 2"
    reply["notices"][0]["link"] = "javascript:window.ran = 1"
    page.route("**/api/ask", lambda route: route.fulfill(json=reply, headers={"access-control-allow-origin": "*"}))
    turn = ask(page, "q")
    assert [link.get_attribute("href") for link in turn.locator(".actions a").all()] == []
    assert turn.locator(".emergency a").count() == 0


def test_hostile_words_are_shown_as_they_are_and_none_of_them_runs(visit: Visit) -> None:
    page = visit()
    question = LEDGER.span.text + " {{constructor.constructor('window.ran = 4')()}}"
    turn = ask(page, question)
    assert text_of(turn.locator(".question")) == question
    assert text_of(turn.locator(".quote-text")) == LEDGER.span.text
    assert page.evaluate("window.ran") is None
    assert page.locator("insights-help img, insights-help script").count() == 0


def test_the_numbers_of_a_notice_are_large_links_and_come_before_all_else(visit: Visit) -> None:
    page = visit()
    reply = to_json(place(COUNTED.span), index="made", elapsed_ms=1, today=TODAY)
    reply["notices"][0] |= {"numbers": ["000", "111"], "link": None}
    page.route("**/api/ask", lambda route: route.fulfill(json=reply, headers={"access-control-allow-origin": "*"}))
    turn = ask(page, "q")
    links = turn.locator(".emergency a")
    assert [(link.get_attribute("href"), text_of(link)) for link in links.all()] == [
        ("tel:000", "Call 000"),
        ("tel:111", "Call 111"),
    ]
    order = "turn => [...turn.children].map(child => child.className || child.localName)"
    assert turn.evaluate(order)[:4] == ["asked", "notice emergency", "notice corrected_spelling", "notice crisis"]


def test_search_as_typed_asks_that_and_leaves_what_is_being_typed(visit: Visit, stage: Stage) -> None:
    page = visit()
    reply = to_json(place(COUNTED.span), index="made", elapsed_ms=1, today=TODAY)
    page.route(
        "**/api/ask", lambda route: route.fulfill(json=reply, headers={"access-control-allow-origin": "*"}), times=1
    )
    turn = ask(page, "do thay shine")
    page.locator(BOX).fill("and then")
    turn.get_by_role("button", name="Search for it as typed: do thay shine").click()
    expect(page.locator(TURN)).to_have_count(2)
    assert stage.keeper.asked[-1][0] == "do thay shine"
    expect(page.locator(BOX)).to_have_value("and then")


def test_earlier_questions_are_passed_on_in_order_but_greetings_and_failures_are_not(
    visit: Visit, stage: Stage
) -> None:
    page = visit()
    for question in ("Do they shine?", "hello", "broken", "Do they sing?", "And do they fly?"):
        ask(page, question)
    assert stage.keeper.asked[-1] == ("And do they fly?", ("Do they shine?", "Do they sing?"))


def test_a_new_conversation_forgets_the_old_one(visit: Visit, stage: Stage) -> None:
    page = visit()
    ask(page, "Do they shine?")
    page.locator("insights-help .new").click()
    expect(page.locator(TURN)).to_have_count(0)
    expect(page.locator("insights-help .welcome")).to_be_visible()
    assert focused(page) == "textarea"
    ask(page, "Do they fly?")
    assert stage.keeper.asked[-1] == ("Do they fly?", ())


def test_a_suggested_question_is_asked_at_once(visit: Visit, stage: Stage) -> None:
    page = opened(visit())
    page.get_by_role("button", name=EXAMPLES[1]).click()
    expect(page.locator(TURN)).to_have_count(1)
    assert stage.keeper.asked == [(EXAMPLES[1], ())]
    assert focused(page) == "textarea"


def test_an_abstention_cannot_be_taken_for_an_answer(visit: Visit) -> None:
    turn = ask(visit(), "Do they sing?")
    expect(turn.locator(".quote")).to_have_count(0)
    expect(turn.get_by_text(ENGLISH.replies[Reason.NO_EVIDENCE])).to_be_visible()
    expect(turn.locator(".closest").first).to_be_hidden()
    turn.locator("summary").press("Enter")
    for passage in turn.locator(".closest").all():
        expect(passage.get_by_role("heading", name=ENGLISH.not_an_answer)).to_be_visible()


def test_nothing_is_stored_and_no_global_is_left(visit: Visit) -> None:
    bare = visit(address=None)
    names = "Object.keys(window).filter(name => /insight|widget|help/i.test(name))"
    ask(bare, "Do they shine?")
    assert bare.evaluate(STORED) == ["", 0, 0, 0, 0]
    assert bare.evaluate(names) == []
    assert bare.context.cookies() == []


def test_copying_works_where_the_clipboard_is_shut(visit: Visit) -> None:
    page = visit()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('shut')); }")
    page.evaluate("() => { document.addEventListener('copy', () => { window.copied = true; }); }")
    turn = ask(page, "Do they shine?")
    turn.get_by_role("button", name=ENGLISH.copy).click()
    expect(turn.locator(".copied")).to_have_text(ENGLISH.copied)
    assert page.evaluate("window.copied") is True
    assert focused(page) == "quiet"

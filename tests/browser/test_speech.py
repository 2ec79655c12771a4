"""Read aloud and dictation, with the browser's speech replaced by one that writes down what it is told."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Site
from tests.browser.talk import BOX, ask, has_focus
from tests.browser.vantor import BRING, SHINE
from ui.languages import catalogue
from ui.render import said_of

pytestmark = pytest.mark.browser

ENGLISH = catalogue("en")

SPEAKS = """
window.spoken = [];
window.cancelled = 0;
window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
const voices = [
  { name: "far", lang: "en-GB", localService: false },
  { name: "other", lang: "de-DE", localService: true },
  { name: "near", lang: "en-US", localService: true },
];
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => voices,
  speak: (utterance) => { window.spoken.push(utterance); },
  cancel: () => { window.cancelled += 1; },
} });
"""
LISTENS = """
window.SpeechRecognition = class extends EventTarget {
  start() { window.listening = this; window.started = (window.started ?? 0) + 1; }
  stop() { this.dispatchEvent(new Event("end")); }
  abort() {}
  hear(words) {
    const event = new Event("result");
    event.results = [[{ transcript: words }]];
    this.dispatchEvent(event);
  }
};
"""
MUTE = """
Object.defineProperty(window, "speechSynthesis", { value: undefined });
Object.defineProperty(window, "SpeechRecognition", { value: undefined });
Object.defineProperty(window, "webkitSpeechRecognition", { value: undefined });
"""


def chat_with(open_page: Open, script: str, language: str = "en") -> Page:
    """The chat in a browser whose speech is what the script makes of it."""
    page = open_page("/healthz")
    page.add_init_script(script)
    page.goto(f"/chat/?lang={language}")
    page.wait_for_selector(BOX)
    return page


def test_a_browser_without_speech_is_offered_none(open_page: Open) -> None:
    page = chat_with(open_page, MUTE)
    turn = ask(page, "Do they shine?")
    expect(turn.get_by_role("button", name=ENGLISH.copy)).to_be_visible()
    expect(turn.locator("[data-say]")).to_be_hidden()
    expect(page.locator("#dictate")).to_be_hidden()


def test_nothing_is_read_or_listened_to_unless_asked(open_page: Open) -> None:
    page = chat_with(open_page, SPEAKS + LISTENS)
    ask(page, "What does a keeper bring?")
    assert page.evaluate("[window.spoken.length, window.started]") == [0, None]
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_quote_is_read_with_its_source_in_english_by_a_voice_of_the_device(open_page: Open, language: str) -> None:
    page = chat_with(open_page, SPEAKS, language)
    texts = catalogue(language)
    turn = ask(page, "Do they shine?")
    turn.get_by_role("button", name=texts.read_aloud).press("Enter")
    spoken = "window.spoken.map(one => [one.text, one.lang, one.voice.name])"
    assert page.evaluate(spoken) == [[said_of(SHINE), "en", "near"]]
    expect(turn.get_by_role("button", name=texts.stop_reading)).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("window.cancelled") == 1
    expect(turn.get_by_role("button", name=texts.read_aloud)).to_be_focused()


def test_the_button_goes_back_when_the_quote_is_read_to_its_end(open_page: Open) -> None:
    page = chat_with(open_page, SPEAKS)
    turn = ask(page, "Do they shine?")
    turn.get_by_role("button", name=ENGLISH.read_aloud).click()
    page.evaluate("window.spoken[0].dispatchEvent(new Event('end'))")
    expect(turn.get_by_role("button", name=ENGLISH.read_aloud)).to_be_visible()


def test_one_quote_is_read_at_a_time_and_the_next_question_ends_it(open_page: Open) -> None:
    page = chat_with(open_page, SPEAKS)
    turn = ask(page, "What does a keeper bring?")
    buttons = turn.locator("[data-say]")
    buttons.nth(0).click()
    buttons.nth(1).click()
    assert page.evaluate("window.spoken.map(one => one.text)") == [said_of(BRING), said_of(SHINE)]
    page.evaluate("window.spoken[0].dispatchEvent(new Event('end'))")  # of the one that was cut short
    expect(turn.get_by_role("button", name=ENGLISH.stop_reading)).to_have_count(1)
    ask(page, "Do they fly?")
    expect(page.get_by_role("button", name=ENGLISH.stop_reading)).to_have_count(0)
    assert page.evaluate("window.cancelled") == 2


def test_dictation_says_where_the_sound_may_go_then_fills_the_box_and_never_sends(open_page: Open, site: Site) -> None:
    page = chat_with(open_page, LISTENS)
    page.fill(BOX, "Tell me:")
    page.get_by_role("button", name=ENGLISH.dictate, exact=True).press("Enter")
    expect(page.get_by_text(ENGLISH.dictation_note)).to_be_visible()
    assert page.evaluate("window.started") is None
    assert has_focus(page, "#listen")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text(ENGLISH.dictating)
    expect(page.get_by_role("button", name=ENGLISH.stop_dictating)).to_be_focused()
    expect(page.get_by_text(ENGLISH.dictation_note)).to_be_hidden()
    assert page.evaluate("window.listening.lang").startswith("en")
    page.evaluate("window.listening.hear(' do they shine ')")
    page.keyboard.press("Enter")
    expect(page.locator(BOX)).to_have_value("Tell me: do they shine")
    expect(page.locator("#status")).to_have_text("")
    assert has_focus(page, BOX)
    assert site.keeper.asked == []
    page.keyboard.press("Enter")
    expect(page.locator(".turn")).to_have_count(1)
    assert site.keeper.asked == [("Tell me: do they shine", ())]


def test_the_note_about_dictation_is_read_once_and_can_be_closed(open_page: Open) -> None:
    page = chat_with(open_page, LISTENS)
    page.click("#dictate")
    page.click("#dictate")
    expect(page.locator("#dictation")).to_be_hidden()
    page.click("#dictate")
    page.click("#listen")
    page.click("#dictate")
    expect(page.locator("#status")).to_have_text(ENGLISH.dictation_failed)
    page.click("#dictate")
    assert page.evaluate("window.started") == 2

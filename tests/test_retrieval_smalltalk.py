"""What is no question to the documents, and what is one in spite of a greeting."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.model import Reason
from retrieval.smalltalk import small_talk

SMALL_TALK = {
    Reason.GREETING: [
        *("hi", "Hello!", "hey there", "Good morning, doctor", "hello :)", "Hi 👋", "  hello\n there ", "how are you?"),
        *("hiiii", "is anyone there?", "yo", "What’s up?", "test"),
    ],
    Reason.THANKS: [
        *("thanks", "Thank you so much for your help!", "ok thanks bye", "thanks 🙏", "great, thanks!", "ok", "Okay."),
        *("That was very helpful", "bye bye", "cheers mate", "got it, thanks a lot", "perfect"),
    ],
    Reason.TOPICS: [
        *("What can I ask?", "what can I ask about?", "Hi, what topics do you cover?", "what questions can I ask?"),
        *("what documents do you have", "which sources do you use?", "what is this about?", "Show me some examples."),
        *("thanks, what can I ask you", "What do you know?"),
    ],
    Reason.CAPABILITIES: [
        *("help", "who are you?", "Are you a doctor?", "how does this work", "what can you do for me?"),
        *("hi, can you help me?", "are you human", "what is this chatbot?", "where do you get your answers from?"),
    ],
}
QUESTIONS = [
    *("hi, what are glimmer moths?", "thanks, but what about reeds?", "help with moths", "can you help me with moths?"),
    *("what do you know about moths", "is there a cure for humming?", "what is this moth?", "good moths", "moths", ""),
    *(
        "what topics do moths cover?",
        "which tests are done?",
        "what can I ask a warden about moths?",
        "how do moths work?",
    ),
    *("are you born with wings that glow?", "thanks to what do moths glow?", "what helps?", "???", "who made the lake"),
]


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in SMALL_TALK.items() for text in texts])
def test_small_talk_is_recognised(reason: Reason, text: str) -> None:
    assert small_talk(text) is reason


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_no_small_talk_whatever_stands_before_it(question: str) -> None:
    assert small_talk(question) is None


@given(
    st.sampled_from([text for texts in SMALL_TALK.values() for text in texts]), st.sampled_from(("", "!", " …", "?!"))
)
def test_case_white_space_and_marks_at_the_end_do_not_matter(text: str, end: str) -> None:
    assert small_talk(f"\n {text.upper()} {end}\t") is small_talk(text)


@given(
    st.lists(st.sampled_from(["hi", "ok,", "thanks", "what", "can", "I", "ask", "all", "help", "!", "x"]), max_size=400)
)
def test_any_mix_of_its_words_is_judged_at_once(words: list[str]) -> None:
    began = time.perf_counter()
    small_talk(" ".join(words))
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    "part",
    ["hi ", "hi!", "thanks, ", "ok ", "what can I ask ", "thanks for the help ", "!", "good ", " all", "are you a "],
)
def test_a_text_of_two_thousand_characters_is_judged_at_once(part: str) -> None:
    began = time.perf_counter()
    small_talk((part * 2000)[:1999] + "x")
    assert time.perf_counter() - began < 0.5

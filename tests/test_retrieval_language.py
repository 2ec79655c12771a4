"""Other languages are told from English, short and misspelt English included."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.language import is_other_language
from retrieval.policy import default_policy

MARGIN = default_policy().language_margin
OTHER = [
    *("ما هو عث فانتور؟", "¿Qué son las polillas?", "que son las polillas de la luna", "Was sind Nachtfalter?"),
    *("Wie lange leuchten die Falter am Abend", "Qu'est-ce que le papillon de nuit ?", "comment soigner un papillon"),
    *(
        "quels sont les papillons du lac",
        "Что такое мотылёк?",
        "月光蛾是什么？",
        "蛾とは何ですか",
        "나방은 무엇인가요?",
    ),
    *("Cosa sono le falene della luna?", "O que são as mariposas do lago?", "Wat zijn motten en hoe leven ze?"),
    *("Co to jest ćma i jak żyje?", "Vad är nattfjärilar och hur lever de?", "पतंगा क्या है?", "Τι είναι ο σκόρος;"),
    *("מה זה עש", "Bướm đêm là gì?", "Apa itu ngengat dan bagaimana cara hidupnya"),
]
ENGLISH = [
    *("What are glimmer moths?", "how long do moths shine", "moths", "glimmer moths", "silver reeds", "reed keepers"),
    *("moths storm amber", "wat is a moth", "wats a mth", "lantern stones", "cure?", "side effects", "moths vs bats"),
    *(
        "Is it true?",
        "moth symptoms children",
        "pls explain moths",
        "tell me about Dr Müller's moths",
        "causes",
        "signs",
    ),
    *("how do you say 蛾 in the ledgers of Vantor?", "café moths and naïve keepers", "night-time routine", "storm"),
]


@pytest.mark.parametrize("text", OTHER)
def test_another_language_is_recognised(text: str) -> None:
    assert is_other_language(text, margin=MARGIN)


@pytest.mark.parametrize("text", ENGLISH)
def test_english_is_not_taken_for_another_language(text: str) -> None:
    assert not is_other_language(text, margin=MARGIN)


@given(st.text(max_size=40), st.sampled_from(("what is", "How does", "the")))
def test_a_text_in_latin_letters_with_a_plainly_english_word_is_english(text: str, english: str) -> None:
    latin = "".join(character for character in text if character.isascii())
    assert not is_other_language(f"{english} {latin}", margin=MARGIN)


@given(st.text(st.characters(exclude_categories=["L"]), max_size=20))
def test_what_has_no_letters_is_in_no_language(text: str) -> None:
    assert not is_other_language(text, margin=MARGIN)


@given(st.sampled_from(OTHER + ENGLISH), st.floats(0, 5), st.floats(0, 5))
def test_a_wider_margin_never_takes_more_for_another_language(text: str, one: float, other: float) -> None:
    narrow, wide = sorted((one, other))
    assert is_other_language(text, margin=narrow) or not is_other_language(text, margin=wide)


def test_threads_judge_as_one_does() -> None:
    texts = (OTHER + ENGLISH) * 4
    with ThreadPoolExecutor(8) as threads:
        judged = list(threads.map(lambda text: is_other_language(text, margin=MARGIN), texts))
    assert judged == [text in OTHER for text in texts]


def test_two_thousand_letters_are_judged_at_once() -> None:
    began = time.perf_counter()
    is_other_language("falter leuchten " * 125, margin=MARGIN)
    assert time.perf_counter() - began < 1

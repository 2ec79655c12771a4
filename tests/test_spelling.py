"""Spelling: words of the corpus are put in for slips, and words that are words stay."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import stems
from retrieval.spelling import Speller, is_english
from retrieval.training.typos import misspelt

WORDS = {"causes": 9, "cases": 2, "reeds": 4, "vantorine": 5, "glimmerosis": 3, "lantern": 2, "husbandry": 1, "mnds": 1}


def stem(word: str) -> str:
    return stems(word)[0]


SPELLER = Speller(
    {word: number for number, word in enumerate(WORDS)}, list(WORDS.values()), {*map(stem, WORDS)}.__contains__
)


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("what cuases glimerosis", "what causes glimmerosis"),  # two letters exchanged: no other word is as near
        ("Glimmerosiss?", "Glimmerosis?"),
        ("Vantorin's lanternn", "Vantorine's lantern"),
        ("glimmmerossis", "glimmerosis"),
        ("vamtorinne", "vantorine"),
        ("lantenrs", "lanterns"),  # an English word that the corpus has in another form
        ("lanternd", "lanterns"),
        ("alntern", "lantern"),
        ("glimmrosus", "glimmerosis"),  # two slips
        ("waht shoud happpen", "what should happen"),  # common English that the corpus hasn't
        ("vantirune", "vantorine"),
    ],
)
def test_slips_become_words_of_the_corpus(typed: str, understood: str) -> None:
    found = SPELLER.understood(typed)
    assert found.text == understood
    assert found.changes == tuple(
        (one.removesuffix("?").removesuffix("'s"), other.removesuffix("?").removesuffix("'s"))
        for one, other in zip(typed.split(), understood.split(), strict=True)
        if one != other
    )


@pytest.mark.parametrize(
    "text",
    [
        "my husband counts reeds",  # an English word, however near "husbandry" is
        "take your meds",  # too short for a slip that makes no English word
        "LANTERM and lanTerm",  # capitals inside: a name
        "didnt wouldnt",
        "reed5 r33ds",
        "xylophon",  # common enough is nothing near
        "statin in my diarrhea",  # words of health texts, however near "station" is
        "resistin",  # one letter less than "resisting", but so are the names of proteins
        "the Tasmam reeds",  # may be a name
        "causse1 vantoris",  # another ending may make another word
        "thats youre",
        "mnd vantorines",  # a singular and a plural
        'what is "glimerosis"',
        "what is “glimerosis cuases”",
        "",
    ],
)
def test_what_is_a_word_or_may_be_a_name_stays(text: str) -> None:
    assert SPELLER.understood(text).text == text


@given(st.lists(st.sampled_from(sorted(WORDS)), max_size=6), st.integers())
def test_words_of_the_corpus_are_never_touched_and_one_understanding_is_enough(words: list[str], seed: int) -> None:
    text = " ".join(words)
    assert SPELLER.understood(text).changes == ()
    once = SPELLER.understood(misspelt(text, 2, random.Random(seed)))
    assert SPELLER.understood(once.text).changes == ()


@given(st.lists(st.sampled_from(['"', "“", "”", "glimerosis", "cuases", "lantern", "it's"]), max_size=8))
def test_the_way_back_is_understood_as_it_was_typed(parts: list[str]) -> None:
    text = " ".join(parts)
    found = SPELLER.understood(text)
    again = SPELLER.understood(found.as_typed)
    assert again.changes == ()
    assert found.as_typed.translate({ord(mark): None for mark in "“”"}) == text.translate(
        {ord(mark): None for mark in "“”"}
    )


def test_english_is_known() -> None:
    assert is_english("husband")
    assert not is_english("glimmerosis")

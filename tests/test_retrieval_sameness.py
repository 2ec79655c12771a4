"""When two texts say the same, and which passages are copies of others."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import content_words
from retrieval.model import Hit
from retrieval.sameness import distinct, folded, same_words
from tests.retrieval_fixtures import Block, Kind, Laid, hit, laid

THINGS = ("moths", "Moths", "reeds", "hum", "nine", "the", "a", "of", "is", "their")
TELLING = (
    "not",
    "never",
    "no",
    "may",
    "before",
    "after",
    "don't",
    "doesn’t",
    "without",
    "unless",
    "3",
    "3.5",
    "-3",
    "5%",
)
SIGNS = ("<", ".", ",", "“", "”", "?", "-", "–")
SENTENCES = st.lists(st.sampled_from((*THINGS, *TELLING, *SIGNS)), min_size=1, max_size=8).map(" ".join)
NUMBER = re.compile(r"[<>]?\s*-?\d+(?:\.\d+)?")
NEGATION = re.compile(r"\b(?:not|no|never|without|unless|\w+n'?t)\b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moths hum.", "moths\u00a0HUM"),
        ("Moths, as a rule, hum.", "Moths as a rule hum!"),
        ("The moth’s reeds", "the moth's reeds"),
        ("The light is green.", "Light: green"),
        ("Moths of the lake hum", "Moths that are of a lake also hum"),
        ("From 3–5 minutes", "from 3-5 minutes"),
    ],
)
def test_case_signs_and_articles_change_nothing(one: str, other: str) -> None:
    assert same_words(one) == same_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moths hum.", "Moths do not hum."),
        ("Moths hum.", "Moths hum?"),
        ("3.5 minutes", "35 minutes"),
        ("3.5 minutes", "3 5 minutes"),
        ("3-5 minutes", "3.5 minutes"),
        ("5 minutes", "-5 minutes"),
        ("<5 minutes", ">5 minutes"),
        ("5 %", "5"),
        ("5²", "52"),
        ("before the storm", "after the storm"),
        ("reeds and bells", "reeds or bells"),
        ("moths may hum", "moths hum"),
        ("moths hum", "hum moths"),
        ("nine moths", "moths"),
        ("with bells", "without bells"),
        ("The the", "An of"),
    ],
)
def test_what_changes_the_meaning_is_never_overlooked(one: str, other: str) -> None:
    assert same_words(one) != same_words(other)


def numbers(text: str) -> list[str]:
    return [number.replace(" ", "") for number in NUMBER.findall(text.replace("–", "-"))]


def negations(text: str) -> list[str]:
    return NEGATION.findall(text.casefold().replace("’", "'"))


@given(SENTENCES, SENTENCES)
def test_texts_that_say_the_same_have_the_same_content_words_numbers_and_negations(one: str, other: str) -> None:
    if same_words(one) == same_words(other):
        assert [found(one) for found in (content_words, numbers, negations)] == [
            found(other) for found in (content_words, numbers, negations)
        ]


@given(st.text(), st.text())
def test_any_texts_that_say_the_same_have_the_same_content_words(one: str, other: str) -> None:
    if same_words(one) == same_words(other):
        assert content_words(one.casefold()) == content_words(other.casefold())


@given(st.lists(st.sampled_from(("ab", "AB.", "ab,", "Ab c", "a", "the ab", "not", "n't", "’")), max_size=4))
def test_what_a_text_says_is_decided_by_its_content_words(parts: Sequence[str]) -> None:
    text = " ".join(parts)
    assert content_words(folded(text)) == content_words(text)


def book(name: str, *sentences: str) -> Laid:
    return laid(Block(Kind.HEADING, (name,)), Block(Kind.PARAGRAPH, sentences), document_id=name)


def test_copies_are_read_once_and_noted_with_the_best_of_them() -> None:
    made = [
        book("one", "Moths hum.", "Bells ring."),
        book("two", "moths HUM.", "Bells ring!"),
        book("three", "Moths hum.", "Bells never ring."),
        book("four", "Moths  hum.", "Bells ring."),
        book("five", "Moths hum. Bells ring."),
    ]
    hits = [hit(one.sentences, score=5 - number) for number, one in enumerate(made)]
    copies = (hits[1].passage, hits[3].passage)
    assert distinct(hits, most=3) == [Hit(hits[0].passage, 5, copies), hits[2], hits[4]]
    assert distinct(hits, most=1) == [Hit(hits[0].passage, 5, copies)]


SAYINGS = st.lists(st.sampled_from(("Moths hum.", "moths hum", "Bells ring.")), min_size=1, max_size=2)


@given(st.lists(SAYINGS, max_size=8))
def test_every_passage_is_read_or_is_a_copy_of_a_better_one_in_order(texts: Sequence[Sequence[str]]) -> None:
    hits = [hit(book(f"book-{number}", *text).sentences, score=-number) for number, text in enumerate(texts)]
    found = distinct(hits, most=len(hits))
    listed = [passage for one in found for passage in (one.passage, *one.copies)]
    assert sorted(listed, key=lambda passage: passage.span.document.id) == [one.passage for one in hits]
    assert all(one.score > other.score for one, other in pairwise(found))
    for one in found:
        for copy in one.copies:
            assert [folded(s.text) for s in copy.sentences] == [folded(s.text) for s in one.passage.sentences]

"""Passages: every sentence once and in order, within the budget, within a section, and always the same."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.model import Document, Passage, Span
from ingest.chunk import split
from ingest.sentences import sentences
from ingest.tokens import count_tokens
from tests.fiction import MOTHS, document_of, plain_document

reeds = st.integers(1, 40).map(lambda n: "The reed" + " leans" * n + ".")
parts = st.one_of(
    reeds, st.sampled_from(["\n\n", "\n\n", " ", "\n\nWhere they live\n\n", "\n- a bell", "x" * 90 + " "])
)
documents = st.lists(parts, max_size=25).map("".join).map(document_of)
budgets = st.integers(1, 80)


def count_words(text: str) -> int:
    return len(text.split())


def pieces_of(passages: list[Passage]) -> list[Span]:
    return [sentence for passage in passages for sentence in passage.sentences]


@given(documents, budgets)
@example(document_of("Glimmer moths of Vantor " * 12), 5)
def test_passages_cover_every_sentence_once_and_in_order(document: Document, max_tokens: int) -> None:
    covered = iter(pieces_of(split(document, count_tokens, max_tokens=max_tokens)))
    for sentence in sentences(document):
        piece = next(covered)
        assert piece.start == sentence.start
        while piece.end < sentence.end:
            start, piece = piece.end, next(covered)
            assert re.fullmatch(r"\s+", document.text[start : piece.start])
        assert piece.end == sentence.end
    assert list(covered) == []


@given(documents, budgets)
def test_a_passage_is_just_its_sentences_and_they_are_in_its_section(document: Document, max_tokens: int) -> None:
    for passage in split(document, count_tokens, max_tokens=max_tokens):
        assert (passage.span.start, passage.span.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert {document.headings_at(sentence.start) for sentence in passage.sentences} == {passage.headings}
        assert not any(passage.span.start < heading.end <= passage.span.end for heading in document.headings)


@given(documents, budgets)
def test_no_passage_exceeds_the_budget_but_a_single_word(document: Document, max_tokens: int) -> None:
    for passage in split(document, count_tokens, max_tokens=max_tokens):
        if count_tokens(passage.embedding_text) > max_tokens and count_words(passage.span.text) > 1:
            # Only headings that leave no room at all: then every word is a passage of its own.
            assert sum(count_tokens(heading.text) + 1 for heading in passage.headings) >= max_tokens
            assert count_tokens(passage.span.text) == 1


@given(documents, budgets)
def test_a_sentence_is_cut_only_if_it_is_longer_than_the_budget(document: Document, max_tokens: int) -> None:
    whole = sentences(document)
    for piece in pieces_of(split(document, count_tokens, max_tokens=max_tokens)):
        (sentence,) = [sentence for sentence in whole if sentence.covers(piece)]
        room = max_tokens - sum(count_tokens(heading.text) + 1 for heading in document.headings_at(piece.start))
        assert piece == sentence or count_tokens(sentence.text) > room


@given(documents, budgets)
def test_neighbours_of_one_section_would_not_have_fitted_into_one_passage(document: Document, max_tokens: int) -> None:
    passages = split(document, count_tokens, max_tokens=max_tokens)
    for one, other in pairwise(passages):
        if one.headings == other.headings and "\n\n" not in document.text[one.span.end : other.span.start]:
            room = max_tokens - sum(count_tokens(heading.text) + 1 for heading in one.headings)
            assert count_tokens(Span(document, one.span.start, other.sentences[0].end).text) > room


@given(documents, budgets)
def test_the_same_document_gives_the_same_passages(document: Document, max_tokens: int) -> None:
    assert split(document, count_tokens, max_tokens=max_tokens) == split(document, count_tokens, max_tokens=max_tokens)


@pytest.mark.parametrize(
    ("max_words", "passages"),
    [
        (3, ["One two.", "Three four.", "Five six."]),
        (4, ["One two. Three four.", "Five six."]),
        (5, ["One two. Three four.", "Five six."]),
        (6, ["One two. Three four.\n\nFive six."]),
        (1, ["One", "two.", "Three", "four.", "Five", "six."]),
    ],
)
def test_a_passage_ends_with_a_paragraph_where_it_can(max_words: int, passages: list[str]) -> None:
    document = plain_document("One two. Three four.\n\nFive six.")
    assert [p.span.text for p in split(document, count_words, max_tokens=max_words)] == passages


def test_a_paragraph_that_does_not_fit_begins_a_passage_of_its_own() -> None:
    document = plain_document("One.\n\nTwo three. Four five. Six seven.")
    assert [p.span.text for p in split(document, count_words, max_tokens=4)] == [
        "One.",
        "Two three. Four five.",
        "Six seven.",
    ]


def test_an_overlong_sentence_is_cut_at_white_space_and_a_giant_word_is_not() -> None:
    document = plain_document("Pale moths rest on reeds_of_Vantor all night.")
    assert [p.span.text for p in split(document, len, max_tokens=10)] == [
        "Pale moths",
        "rest on",
        "reeds_of_Vantor",
        "all night.",
    ]


def test_headings_take_their_share_of_the_budget() -> None:
    document = plain_document("Pale moths\n\nOne two. Three four.", (0, 10, 1))
    assert [p.embedding_text for p in split(document, count_words, max_tokens=7)] == [
        "Pale moths\nOne two. Three four.",
    ]
    assert [p.embedding_text for p in split(document, count_words, max_tokens=6)] == [
        "Pale moths\nOne two.",
        "Pale moths\nThree four.",
    ]


def test_a_document_of_headings_only_has_no_passages() -> None:
    assert split(plain_document("Moths", (0, 5, 1)), count_tokens, max_tokens=160) == []


def test_the_passages_of_a_whole_document_follow_its_sections() -> None:
    passages = split(document_of(MOTHS), count_tokens, max_tokens=160)
    assert [([h.text for h in p.headings], len(p.sentences)) for p in passages] == [
        (["The glimmer moths of Vantor", "Where they live"], 3),
        (["The glimmer moths of Vantor", "What keepers bring"], 4),
        (["The glimmer moths of Vantor", "When they shine"], 3),
    ]
    assert passages[1].span.text.endswith(
        "- two sheets of ruled paper, one for each bank\n- a bell, unless the reeds are in flower"
    )

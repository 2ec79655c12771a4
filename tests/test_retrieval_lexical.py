"""Words, stems, BM25 and what headings say, against the formulas written out."""

import math
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import HeadingIndex, LexicalIndex, Terms, content_words, related_words, stems

# Each word of the test's texts with its stem, by hand; a stop word has none.
STEMS = {
    **{"moth": "moth", "moths": "moth", "Moth's": "moth", "glow": "glow", "glowing": "glow", "GLOWS": "glow"},
    **{"reed": "reed", "reeds": "reed", "hum": "hum", "humming": "hum", "lantern": "lantern", "lanterns": "lantern"},
    **{"nine": "nine", "Vantor": "vantor", "the": "", "of": "", "they": "", "it's": "", "don't": "", "we're": ""},
}
TEXTS = st.lists(st.sampled_from(list(STEMS)), max_size=12).map(" ".join)
KINDS = st.lists(TEXTS, min_size=1, max_size=8).filter(lambda texts: any(stemmed(text) for text in texts))


def stemmed(text: str) -> list[str]:
    return [STEMS[word] for word in text.split() if STEMS[word]]


def rarity(stem: str, texts: Sequence[str]) -> float:
    """Lucene's idf: ln(1 + (N - df + 0.5) / (df + 0.5))."""
    holding = sum(stem in stemmed(text) for text in texts)
    return math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))


def bm25(wanted: Iterable[str], texts: Sequence[str], *, k1: float, b: float) -> list[float]:
    """Lucene's BM25: the idf of each wanted stem, times tf / (tf + k1 (1 - b + b length / mean))."""
    counts = [Counter(stemmed(text)) for text in texts]
    mean = sum(sum(count.values()) for count in counts) / len(texts)
    return [
        sum(
            rarity(stem, texts) * count[stem] / (count[stem] + k1 * (1 - b + b * sum(count.values()) / mean))
            for stem in wanted
            if count[stem]
        )
        for count in counts
    ]


def coverage(question: str, headings: Sequence[str]) -> list[float]:
    """The rarity of the stems of each heading that the question has, as a share of that of all its stems."""
    distinct = list(dict.fromkeys(headings))
    asked = {*stemmed(question)}
    weights = [{stem: rarity(stem, distinct) for stem in {*stemmed(heading)}} for heading in headings]
    return [
        sum(weight for stem, weight in held.items() if stem in asked) / (sum(held.values()) or 1) for held in weights
    ]


@given(TEXTS)
def test_stems_are_those_of_the_words_that_carry_meaning_in_order(text: str) -> None:
    assert stems(text) == stemmed(text)


@given(TEXTS, KINDS, st.sampled_from((0.5, 0.9, 1.5)), st.sampled_from((0.0, 0.4, 1.0)))
def test_scores_are_those_of_the_formula_each_stem_once(question: str, texts: list[str], k1: float, b: float) -> None:
    scores = LexicalIndex.build(texts, k1=k1, b=b).scores(Terms(question))
    assert scores.dtype == np.float32
    assert scores == pytest.approx(bm25({*stemmed(question)}, texts, k1=k1, b=b), rel=1e-5, abs=1e-6)


@given(TEXTS, st.lists(TEXTS, max_size=3), KINDS, st.sampled_from((0.0, 0.3, 1.0)))
def test_stems_that_only_the_other_forms_have_count_by_their_weight(
    question: str, others: list[str], texts: list[str], weight: float
) -> None:
    scores = LexicalIndex.build(texts, k1=0.9, b=0.4).scores(Terms(question, tuple(others)), other_forms_weight=weight)
    asked = {*stemmed(question)}
    more = {stem for other in others for stem in stemmed(other)} - asked
    own, theirs = (np.array(bm25(wanted, texts, k1=0.9, b=0.4)) for wanted in (asked, more))
    assert scores.dtype == np.float32
    assert scores == pytest.approx(own + weight * theirs, rel=1e-5, abs=1e-6)


@given(TEXTS, KINDS)
def test_an_opened_index_gives_the_scores_of_the_one_that_was_saved(question: str, texts: list[str]) -> None:
    index = LexicalIndex.build(texts, k1=0.9, b=0.4)
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        opened = LexicalIndex.open(Path(folder))
    assert opened.scores(Terms(question)).tolist() == index.scores(Terms(question)).tolist()
    assert {stem for stem in STEMS.values() if stem and opened.knows(stem)} == {
        stem for t in texts for stem in stemmed(t)
    }


@pytest.mark.parametrize("question", ["", "the of they", "zorbles", "???", "zorbles zork 12"])
def test_a_question_that_shares_no_word_with_any_text_scores_nothing(question: str) -> None:
    index = LexicalIndex.build(["moths glow", "the reeds"], k1=0.9, b=0.4)
    assert index.scores(Terms(question, (question,))).tolist() == [0.0, 0.0]


def test_a_word_that_stands_twice_in_the_question_or_among_its_other_forms_counts_once() -> None:
    index = LexicalIndex.build(["moths glow", "reeds"], k1=0.9, b=0.4)
    once = index.scores(Terms("moth")).tolist()
    assert once[0] > 0
    assert index.scores(Terms("moths moth")).tolist() == once
    assert index.scores(Terms("moths", ("moth", "Moth's")), other_forms_weight=0.5).tolist() == once


def test_texts_without_a_single_word_that_carries_meaning_can_be_indexed() -> None:
    index = LexicalIndex.build(["it is", "of the"], k1=0.9, b=0.4)
    assert index.scores(Terms("it is a moth")).tolist() == [0.0, 0.0]


def test_terms_are_extended_by_their_other_forms_in_brackets() -> None:
    assert Terms("What is DRH?").extended == "What is DRH?"
    both = Terms("What is DRH?", ("deep reed humming", "dusk reed hunters"))
    assert both.extended == "What is DRH? (deep reed humming; dusk reed hunters)"


HEADINGS = st.lists(TEXTS, min_size=1, max_size=8)


@given(TEXTS, HEADINGS)
def test_coverage_is_the_share_of_a_headings_rarity_that_the_question_names(question: str, headings: list[str]) -> None:
    covered = HeadingIndex.build(headings).coverage(Terms(question))
    assert covered.dtype == np.float32
    assert covered == pytest.approx(coverage(question, headings), rel=1e-5, abs=1e-6)
    assert ((covered >= 0) & (covered <= 1)).all()


@given(HEADINGS, st.data())
def test_a_question_that_names_all_the_stems_of_a_heading_covers_it(headings: list[str], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(headings) - 1))
    question = " ".join(data.draw(st.permutations([*headings[number].split(), "the", "zorbles"])))
    covered = HeadingIndex.build(headings).coverage(Terms(question))
    assert covered[number] == (pytest.approx(1) if stemmed(headings[number]) else 0)


def test_a_rare_word_of_a_heading_counts_for_more_than_a_common_one_and_equal_headings_are_one() -> None:
    index = HeadingIndex.build(["moths", "moths glow", "moths hum", "", "moths glow"])
    common, rare = (index.coverage(Terms(word)).tolist() for word in ("moths", "glow"))
    assert (common[0], rare[0]) == (1.0, 0.0)
    assert 0 < common[1] < 0.5 < rare[1] < 1
    assert common[1] + rare[1] == pytest.approx(1)
    assert (common[4], rare[4]) == (common[1], rare[1])
    assert (common[3], rare[3]) == (0.0, 0.0)


def test_the_other_forms_name_headings_as_the_question_does() -> None:
    index = HeadingIndex.build(["moths glow", "reeds"])
    assert index.coverage(Terms("moths", ("glowing",))).tolist() == pytest.approx([1.0, 0.0])


@pytest.mark.parametrize("headings", [[""], ["", ""], ["of the", ""]])
def test_passages_without_headings_are_not_covered_at_all(headings: list[str]) -> None:
    assert HeadingIndex.build(headings).coverage(Terms("moths of the lake")).tolist() == [0.0 for _ in headings]


@given(TEXTS, HEADINGS)
def test_opened_headings_are_covered_as_those_that_were_saved(question: str, headings: list[str]) -> None:
    index = HeadingIndex.build(headings)
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        opened = HeadingIndex.open(Path(folder))
    assert opened.coverage(Terms(question)).tolist() == index.coverage(Terms(question)).tolist()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("What's a moth’s lantern?", ["moth", "lantern"]),
        ("I'm sure they've seen it, haven't we? Who's that? Can't say; here's why.", ["sure", "seen", "say"]),
        ("O'Vantor's bells; the wardens' bells", ["o'vantor", "bells", "wardens", "bells"]),
        ("dystonia-free 12 mg snake_case", ["dystonia", "free", "12", "mg", "snake", "case"]),
        ("Größe naïve Ünder", ["größe", "naïve", "ünder"]),
        ("", []),
    ],
)
def test_words_are_in_lower_case_and_without_stop_words_and_endings(text: str, words: list[str]) -> None:
    assert content_words(text) == words


@given(st.text(max_size=80))
def test_content_words_of_content_words_are_the_same(text: str) -> None:
    words = content_words(text)
    assert content_words(" ".join(words)) == words


def test_related_words_are_plain_words_of_the_documents_kind_and_never_the_word_itself_alone() -> None:
    assert related_words()["cured"] == related_words()["treat"]
    for word, related in related_words().items():
        assert content_words(word) == [word]
        assert related
        assert content_words(" ".join(related)) == list(related)

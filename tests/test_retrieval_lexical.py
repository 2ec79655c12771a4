"""Words, stems and BM25, against the formula written out."""

import math
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import LexicalIndex, content_words, related_words, stems

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


def bm25(question: str, texts: Sequence[str], *, k1: float, b: float) -> list[float]:
    """Lucene's BM25: idf = ln(1 + (N - df + 0.5) / (df + 0.5)), times tf / (tf + k1 (1 - b + b length / mean))."""
    counts = [Counter(stemmed(text)) for text in texts]
    mean = sum(sum(count.values()) for count in counts) / len(texts)
    scores = []
    for count in counts:
        score = 0.0
        for stem in stemmed(question):
            holding = sum(stem in other for other in counts)
            rarity = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
            score += count[stem] and rarity * count[stem] / (
                count[stem] + k1 * (1 - b + b * sum(count.values()) / mean)
            )
        scores.append(score)
    return scores


@given(TEXTS)
def test_stems_are_those_of_the_words_that_carry_meaning_in_order(text: str) -> None:
    assert stems(text) == stemmed(text)


@given(TEXTS, KINDS, st.sampled_from((0.5, 0.9, 1.5)), st.sampled_from((0.0, 0.4, 1.0)))
def test_scores_are_those_of_the_formula(question: str, texts: list[str], k1: float, b: float) -> None:
    scores = LexicalIndex.build(texts, k1=k1, b=b).scores(question)
    assert scores.dtype == np.float32
    assert scores == pytest.approx(bm25(question, texts, k1=k1, b=b), rel=1e-5, abs=1e-6)


@given(TEXTS, KINDS)
def test_an_opened_index_gives_the_scores_of_the_one_that_was_saved(question: str, texts: list[str]) -> None:
    index = LexicalIndex.build(texts, k1=0.9, b=0.4)
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder))
        opened = LexicalIndex.open(Path(folder))
    assert opened.scores(question).tolist() == index.scores(question).tolist()
    assert {stem for stem in STEMS.values() if stem and opened.knows(stem)} == {
        stem for t in texts for stem in stemmed(t)
    }


@pytest.mark.parametrize("question", ["", "the of they", "zorbles", "???", "zorbles zork 12"])
def test_a_question_that_shares_no_word_with_any_text_scores_nothing(question: str) -> None:
    index = LexicalIndex.build(["moths glow", "the reeds"], k1=0.9, b=0.4)
    assert index.scores(question).tolist() == [0.0, 0.0]


def test_a_word_that_stands_twice_in_the_question_counts_twice() -> None:
    index = LexicalIndex.build(["moths glow", "reeds"], k1=0.9, b=0.4)
    assert index.scores("moths moth").tolist() == pytest.approx((2 * index.scores("moth")).tolist())


def test_texts_without_a_single_word_that_carries_meaning_can_be_indexed() -> None:
    assert LexicalIndex.build(["it is", "of the"], k1=0.9, b=0.4).scores("it is a moth").tolist() == [0.0, 0.0]


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

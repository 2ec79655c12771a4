"""How like a question sentences are, against sums written out."""

import functools

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.encoder import OnnxEncoder, Vectors
from retrieval.index import PassageIndex
from retrieval.lexical import content_words, related_words
from retrieval.similarity import Similarity
from tests.retrieval_fixtures import passages_of

WORDS = (
    "glimmer",
    "moths",
    "reeds",
    "lantern",
    "how",
    "often",
    "treated",
    "signs",
    "causes",
    "zorbles",
    "amber",
    "the",
)
QUESTIONS = st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@functools.cache
def vector_of(encoder: OnnxEncoder, word: str) -> Vectors:
    vector: Vectors = encoder.encode_passages([word])[0]
    return vector


def term_similarity(index: PassageIndex, question: str, sentence: Span) -> float:
    """The mean, weighted by rarity, of how near each word of the question comes to the sentence, word by word."""
    held = [word for word in content_words(sentence.text) if word in index.vocabulary.numbers]
    total = weight = 0.0
    for word in dict.fromkeys(content_words(question)):
        meant = [word, *(other for other in related_words().get(word, ()) if other in index.vocabulary.numbers)]
        cosines = [
            float(vector_of(index.encoder, one) @ vector_of(index.encoder, other)) for one in meant for other in held
        ]
        total += index.vocabulary.weight(word) * max(cosines, default=0.0)
        weight += index.vocabulary.weight(word)
    return total / weight if weight else 0.0


@FEW
@given(QUESTIONS)
def test_likeness_is_what_it_says(vantor_index: PassageIndex, question: str) -> None:
    passages = passages_of(vantor_index)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    seen = Similarity(vantor_index).of(question, passages)
    rows = np.concatenate([vantor_index.sentence_vectors(passage) for passage in passages])
    asked = vantor_index.encoder.encode_questions([question])[0]
    assert seen.cosine == pytest.approx([float(row @ asked) for row in rows], abs=1e-4)
    assert seen.centrality == pytest.approx([float(np.mean([row @ other for other in rows])) for row in rows], abs=1e-4)
    wanted = [term_similarity(vantor_index, question, sentence) for sentence in sentences]
    assert seen.term_similarity == pytest.approx(wanted, abs=1e-2)
    columns = (seen.cosine, seen.centrality, seen.term_similarity, seen.quantity_missing)
    assert [column.shape for column in columns] == [(len(sentences),)] * 4
    assert [column.dtype for column in columns] == [np.float32] * 3 + [np.bool_]


@pytest.mark.parametrize("question", ["", "?", "who is it", "and the of"])
def test_a_question_without_words_that_carry_meaning_is_near_no_word(vantor_index: PassageIndex, question: str) -> None:
    seen = Similarity(vantor_index).of(question, passages_of(vantor_index))
    assert not seen.term_similarity.any()
    assert np.isfinite(seen.cosine).all()


def test_only_the_first_words_of_a_life_story_are_compared_one_by_one(vantor_index: PassageIndex) -> None:
    story = " ".join(f"zork{number}" for number in range(300))
    first = " ".join(story.split()[:64])
    passages = passages_of(vantor_index)
    seen, short = (Similarity(vantor_index).of(question, passages) for question in (story, first))
    assert seen.term_similarity == pytest.approx(short.term_similarity, abs=1e-5)


@pytest.mark.parametrize(
    ("question", "also"),
    [
        ("How long do glimmer moths shine?", set()),
        ("what is the number of masts", set()),
        ("How often do they move?", {"They choose reeds"}),
    ],
)
def test_a_question_for_a_quantity_tells_sentences_that_have_one(
    vantor_index: PassageIndex, question: str, also: set[str]
) -> None:
    passages = passages_of(vantor_index)
    missing = Similarity(vantor_index).of(question, passages).quantity_missing
    sentences = [sentence.text for passage in passages for sentence in passage.sentences]
    having = {text[:17] for text, lacks in zip(sentences, missing, strict=True) if not lacks}
    assert having == {"Glimmer moths shi", "Year | Reeds | Ma", "1 | 400 | 12", "2 | 380 | 15"} | also


@pytest.mark.parametrize("question", ["Why do moths shine?", "What do keepers bring?", "moths", ""])
def test_a_question_for_no_quantity_misses_none(vantor_index: PassageIndex, question: str) -> None:
    assert not Similarity(vantor_index).of(question, passages_of(vantor_index)).quantity_missing.any()

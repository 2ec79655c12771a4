"""What the reader measures of sentences, against sums written out, and what it makes of that."""

import functools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Passage, Span
from retrieval.encoder import OnnxEncoder, Vectors
from retrieval.index import PassageIndex
from retrieval.lexical import content_words, related_words
from retrieval.policy import ReaderWeights
from retrieval.reader import EvidenceReader, Features, SimilarityReader

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
WEIGHT = st.floats(-1e4, 1e4)
WEIGHTS = st.builds(ReaderWeights, WEIGHT, WEIGHT, WEIGHT, WEIGHT, st.floats(0, 1e3), st.floats(-1e4, 0))


@st.composite
def measured(draw: st.DrawFn) -> Features:
    size = draw(st.integers(1, 6))
    columns = [np.array(draw(st.lists(st.floats(-1, 1), min_size=size, max_size=size)), np.float32) for _ in range(3)]
    missing = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    return Features(columns[0], columns[1], columns[2], missing)


def logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0


@given(measured(), WEIGHTS)
def test_probabilities_are_the_logistic_function_of_the_weighted_features(
    seen: Features, weights: ReaderWeights
) -> None:
    scores = seen.scores(weights)
    columns = (seen.cosine, seen.term_similarity, seen.centrality)
    parts = np.stack(columns, axis=1).astype(float) @ [weights.cosine, weights.term_similarity, weights.centrality]
    assert scores == pytest.approx(parts, rel=1e-4, abs=1e-2)
    probabilities = seen.probabilities(weights)
    wanted = [
        logistic(weights.intercept + weights.score * float(score) + weights.quantity_missing * bool(missing))
        for score, missing in zip(scores, seen.quantity_missing, strict=True)
    ]
    assert probabilities.dtype == np.float32
    scale = abs(weights.intercept) + weights.score * float(np.abs(scores).max()) + abs(weights.quantity_missing)
    assert probabilities == pytest.approx(wanted, abs=1e-6 * (1 + scale))


@given(measured(), WEIGHTS)
def test_a_higher_score_never_makes_an_answer_less_probable(seen: Features, weights: ReaderWeights) -> None:
    scores, probabilities = seen.scores(weights), seen.probabilities(weights)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    for missing in (True, False):
        alike = seen.quantity_missing == missing
        order = np.argsort(scores[alike], kind="stable")
        assert (np.diff(probabilities[alike][order]) >= 0).all()


@given(measured(), WEIGHTS)
def test_a_missing_quantity_never_makes_an_answer_more_probable(seen: Features, weights: ReaderWeights) -> None:
    every, none = (
        Features(seen.cosine, seen.term_similarity, seen.centrality, np.full(len(seen.cosine), missing))
        for missing in (True, False)
    )
    assert (every.probabilities(weights) <= none.probabilities(weights)).all()


def reader(index: PassageIndex) -> SimilarityReader:
    return SimilarityReader(index, index.policy.reader)


def passages_of(index: PassageIndex) -> list[Passage]:
    return [index.passage(number) for number in range(len(index))]


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
def test_features_are_what_they_say(vantor_index: PassageIndex, question: str) -> None:
    passages = passages_of(vantor_index)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    seen = reader(vantor_index).features(question, passages)
    rows = np.concatenate([vantor_index.sentence_vectors(passage) for passage in passages])
    asked = vantor_index.encoder.encode_questions([question])[0]
    assert seen.cosine == pytest.approx([float(row @ asked) for row in rows], abs=1e-4)
    assert seen.centrality == pytest.approx([float(np.mean([row @ other for other in rows])) for row in rows], abs=1e-4)
    wanted = [term_similarity(vantor_index, question, sentence) for sentence in sentences]
    assert seen.term_similarity == pytest.approx(wanted, abs=1e-2)
    columns = (seen.cosine, seen.centrality, seen.term_similarity, seen.quantity_missing)
    assert [column.shape for column in columns] == [(len(sentences),)] * 4
    assert [column.dtype for column in columns] == [np.float32] * 3 + [np.bool_]


@FEW
@given(QUESTIONS, st.data())
def test_reading_gives_each_sentence_of_each_passage_its_probability(
    vantor_index: PassageIndex, question: str, data: st.DataObject
) -> None:
    passages = data.draw(st.permutations(passages_of(vantor_index)))[: data.draw(st.integers(1, len(vantor_index)))]
    judge: EvidenceReader = reader(vantor_index)
    rows = judge.read(question, passages)
    assert [len(row) for row in rows] == [len(passage.sentences) for passage in passages]
    seen = reader(vantor_index).features(question, passages)
    assert [p for row in rows for p in row] == seen.probabilities(vantor_index.policy.reader).tolist()


def test_no_passages_give_no_probabilities(vantor_index: PassageIndex) -> None:
    assert reader(vantor_index).read("How long do moths shine?", []) == []


@pytest.mark.parametrize("question", ["", "?", "who is it", "and the of"])
def test_a_question_without_words_that_carry_meaning_is_near_no_word(vantor_index: PassageIndex, question: str) -> None:
    seen = reader(vantor_index).features(question, passages_of(vantor_index))
    assert not seen.term_similarity.any()
    assert np.isfinite(seen.cosine).all()


def test_only_the_first_words_of_a_life_story_are_compared_one_by_one(vantor_index: PassageIndex) -> None:
    story = " ".join(f"zork{number}" for number in range(300))
    first = " ".join(story.split()[:64])
    passages = passages_of(vantor_index)
    seen, short = (reader(vantor_index).features(question, passages) for question in (story, first))
    assert seen.term_similarity == pytest.approx(short.term_similarity, abs=1e-5)
    assert np.isfinite(seen.probabilities(vantor_index.policy.reader)).all()


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
    missing = reader(vantor_index).features(question, passages).quantity_missing
    sentences = [sentence.text for passage in passages for sentence in passage.sentences]
    having = {text[:17] for text, lacks in zip(sentences, missing, strict=True) if not lacks}
    assert having == {"Glimmer moths shi", "Year | Reeds | Ma", "1 | 400 | 12", "2 | 380 | 15"} | also


@pytest.mark.parametrize("question", ["Why do moths shine?", "What do keepers bring?", "moths", ""])
def test_a_question_for_no_quantity_misses_none(vantor_index: PassageIndex, question: str) -> None:
    assert not reader(vantor_index).features(question, passages_of(vantor_index)).quantity_missing.any()

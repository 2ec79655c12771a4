"""What the reader makes of what it measures, against sums written out."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retrieval.index import PassageIndex
from retrieval.policy import ReaderWeights
from retrieval.reader import CalibratedReader, EvidenceReader, Features
from retrieval.reader_network import Logits, shipped_network
from retrieval.similarity import Likeness, Similarity
from tests.retrieval_fixtures import passages_of

QUESTIONS = st.sampled_from(("How long do moths shine?", "reeds", "who is it", "What does the keeper bring?", ""))
FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
WEIGHT = st.floats(-1e4, 1e4)
WEIGHTS = st.builds(
    ReaderWeights,
    *(WEIGHT for _ in Features.NAMES),
    intercept=WEIGHT,
    score=st.floats(0, 1e3),
    quantity_missing=st.floats(-1e4, 0),
)


@st.composite
def measured(draw: st.DrawFn) -> Features:
    size = draw(st.integers(1, 6))
    width = len(Features.NAMES)
    rows = draw(st.lists(st.lists(st.floats(-9, 9), min_size=width, max_size=width), min_size=size, max_size=size))
    missing = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    return Features(np.array(rows, np.float32), missing)


def logistic(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0


@given(measured(), WEIGHTS)
def test_probabilities_are_the_logistic_function_of_the_weighted_features(
    seen: Features, weights: ReaderWeights
) -> None:
    scores = seen.scores(weights)
    factors = [
        weights.sentence_logit,
        weights.passage_logit,
        weights.cosine,
        weights.term_similarity,
        weights.centrality,
    ]
    assert scores == pytest.approx(seen.columns.astype(float) @ factors, rel=1e-4, abs=0.1)
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
    every, none = (Features(seen.columns, np.full(len(seen.columns), missing)) for missing in (True, False))
    assert (every.probabilities(weights) <= none.probabilities(weights)).all()


def test_a_passages_logit_goes_to_each_of_its_sentences() -> None:
    logits = [Logits(np.array([1, 2], np.float32), 0.5), Logits(np.array([3], np.float32), -0.5)]
    cosine, term, centre = (np.array(row, np.float32) for row in ((4, 5, 6), (7, 8, 9), (10, 11, 12)))
    missing = np.array([True, False, True])
    features = Features.of(logits, Likeness(cosine, term, centre, missing))
    assert features.columns.tolist() == [[1, 0.5, 4, 7, 10], [2, 0.5, 5, 8, 11], [3, -0.5, 6, 9, 12]]
    assert features.quantity_missing.tolist() == [True, False, True]


def reader(index: PassageIndex) -> CalibratedReader:
    return CalibratedReader(index, shipped_network(), index.policy.reader)


@FEW
@given(QUESTIONS)
def test_features_are_of_the_network_and_of_similarity(vantor_index: PassageIndex, question: str) -> None:
    passages = passages_of(vantor_index)
    wanted = Features.of(shipped_network().read(question, passages), Similarity(vantor_index).of(question, passages))
    seen = reader(vantor_index).features(question, passages)
    assert seen.columns.tolist() == wanted.columns.tolist()
    assert seen.quantity_missing.tolist() == wanted.quantity_missing.tolist()


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

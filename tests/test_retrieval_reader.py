"""What the reader makes of what it measures, against sums written out."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Passage
from retrieval.index import PassageIndex
from retrieval.model import Hit
from retrieval.policy import ReaderWeights
from retrieval.reader import CalibratedReader, EvidenceReader, Features, read_hits
from retrieval.reader_network import Logits, shipped_network
from retrieval.similarity import Likeness, Similarity
from tests.retrieval_fixtures import Block, Kind, hit, laid, passages_of

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


# The order of what was read


@dataclass(frozen=True, slots=True)
class Judged:
    """A reader that has judged the passages already, by where they start."""

    rows: Mapping[int, Sequence[float]]

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """What it has judged."""
        assert question == "How long do moths shine?"
        return [[*self.rows[passage.span.start]] for passage in passages]


MOST = 5
SPREAD = laid(*(Block(Kind.PARAGRAPH, (f"Moth {n} hums.", f"Reed {n} bends.")) for n in range(MOST)))
HITS = [hit(SPREAD.sentences[2 * number : 2 * number + 2]) for number in range(MOST)]


def put_in_order(hits: Sequence[Hit], rows: Sequence[Sequence[float]], weight: float) -> list[tuple[Hit, list[float]]]:
    """What `read_hits` gives when the reader finds these rows of probabilities."""
    judged = Judged({found.passage.span.start: row for found, row in zip(hits, rows, strict=True)})
    ordered, probabilities = read_hits(judged, "How long do moths shine?", hits, weight=weight)
    return list(zip(ordered, probabilities, strict=True))


PROBABILITY = st.one_of(st.sampled_from((0.0, 0.5, 1.0)), st.floats(0, 1))
FOUND = st.lists(st.tuples(st.floats(0, 1), st.lists(PROBABILITY, min_size=2, max_size=2)), max_size=MOST)


@given(FOUND, st.floats(0, 1))
def test_the_log_odds_of_the_best_sentence_add_to_a_hits_score_and_its_probabilities_stay_with_it(
    found: list[tuple[float, list[float]]], weight: float
) -> None:
    hits = [replace(HITS[number], score=score) for number, (score, _) in enumerate(found)]
    rows = [row for _, row in found]
    bounded = [min(max(*row, 1e-4), 1 - 1e-4) for row in rows]
    scores = [score + weight * math.log(p / (1 - p)) for (score, _), p in zip(found, bounded, strict=True)]
    order = sorted(range(len(hits)), key=lambda number: -scores[number])
    ordered = put_in_order(hits, rows, weight)
    assert [(made.passage, row) for made, row in ordered] == [(hits[n].passage, rows[n]) for n in order]
    assert [made.score for made, _ in ordered] == pytest.approx([scores[number] for number in order])


def test_a_passage_that_answers_goes_before_a_nearer_one_that_does_not() -> None:
    near, far = replace(HITS[0], score=0.8), replace(HITS[1], score=0.79)
    rows = [[0.1, 0.2], [0.3, 0.9]]
    assert put_in_order([near, far], rows, 0.0) == [(near, rows[0]), (far, rows[1])]
    assert [made.passage for made, _ in put_in_order([near, far], rows, 0.02)] == [far.passage, near.passage]


def test_hits_that_are_equal_stay_in_their_order() -> None:
    rows = [[0.5, 0.25]] * MOST
    assert put_in_order(HITS, rows, 0.1) == list(zip(HITS, rows, strict=True))


def test_a_probability_of_0_or_1_is_no_more_than_one_in_ten_thousand_either_way() -> None:
    rows = [[1.0, 0.0], [0.9999, 0.0], [0.0001, 0.0], [0.0, 0.0]]
    bound = math.log(0.9999 / 0.0001)
    assert [made.score for made, _ in put_in_order(HITS[:4], rows, 1.0)] == pytest.approx(
        [1 + bound, 1 + bound, 1 - bound, 1 - bound]
    )


def test_without_hits_nothing_is_put_in_order() -> None:
    assert read_hits(Judged({}), "How long do moths shine?", [], weight=0.02) == ([], [])

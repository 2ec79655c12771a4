"""One score out of four signals, against sums written out."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fuse import Signals
from retrieval.policy import FusionWeights

NAMES = [field.name for field in fields(Signals)]
SIGNAL = st.floats(-1, 1, width=32)
WEIGHTS = st.builds(FusionWeights, *(st.floats(0, 2) for _ in fields(FusionWeights)))


@st.composite
def signals(draw: st.DrawFn) -> Signals:
    size = draw(st.integers(0, 9))
    return Signals(*(np.array(draw(st.lists(SIGNAL, min_size=size, max_size=size)), np.float32) for _ in NAMES))


@given(signals(), WEIGHTS)
def test_each_passage_gets_the_weighted_sum_of_what_is_known_of_it(said: Signals, weights: FusionWeights) -> None:
    scores = said.scores(weights)
    wanted = [
        sum(getattr(weights, name) * float(getattr(said, name)[number]) for name in NAMES)
        for number in range(len(scores))
    ]
    assert scores.dtype == np.float32
    assert scores.shape == said.words.shape
    assert scores == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_signal_with_all_the_weight_is_the_score(name: str) -> None:
    said = Signals(*(np.array([number, 0.5, -0.25], np.float32) for number in range(len(NAMES))))
    weights = FusionWeights(**{field.name: float(field.name == name) for field in fields(FusionWeights)})
    assert said.scores(weights).tolist() == getattr(said, name).tolist()


@given(signals(), WEIGHTS, st.floats(0, 9))
def test_what_the_reader_weighs_changes_nothing_before_anything_is_read(
    said: Signals, weights: FusionWeights, weight: float
) -> None:
    other = FusionWeights(
        weights.passage_cosine, weights.sentence_cosine, weights.words, weights.headings, reader=weight
    )
    assert said.scores(other).tolist() == said.scores(weights).tolist()

"""Fusion by rank, against sums written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.fuse import fuse

SIZE = 12
RANKINGS = st.lists(
    st.permutations(range(SIZE)).flatmap(lambda p: st.integers(0, SIZE).map(lambda n: p[:n])), max_size=4
)


@given(RANKINGS, st.data(), st.sampled_from((0.0, 1.0, 60.0)))
def test_each_item_gets_the_sum_of_its_weighted_reciprocal_ranks(
    rankings: list[list[int]], data: st.DataObject, rank_constant: float
) -> None:
    weights = [data.draw(st.floats(0, 1)) for _ in rankings]
    wanted = [
        sum(
            weight / (rank_constant + 1 + ranking.index(item))
            for ranking, weight in zip(rankings, weights, strict=True)
            if item in ranking
        )
        for item in range(SIZE)
    ]
    assert fuse(rankings, weights, size=SIZE, rank_constant=rank_constant).tolist() == pytest.approx(wanted)


@given(st.permutations(range(SIZE)))
def test_one_ranking_alone_keeps_its_order(ranking: list[int]) -> None:
    scores = fuse([ranking], [1.0], size=SIZE, rank_constant=60.0)
    assert sorted(range(SIZE), key=lambda item: -scores[item]) == ranking


def test_what_no_ranking_names_scores_nothing() -> None:
    assert fuse([[2], []], [0.5, 0.5], size=4, rank_constant=1.0).tolist() == [0.0, 0.0, 0.25, 0.0]


def test_a_ranking_without_a_weight_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        fuse([[0], [1]], [1.0], size=2, rank_constant=60.0)

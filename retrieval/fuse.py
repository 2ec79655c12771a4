"""One ranking out of two."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

__all__ = ["fuse"]


def fuse(
    rankings: Sequence[Sequence[int]], weights: Sequence[float], *, size: int, rank_constant: float
) -> npt.NDArray[np.float64]:
    """Weighted reciprocal rank fusion: a score for each of `size` items, (size,) float64, 0 where none ranks it.

    Cormack, Clarke and Büttcher, "Reciprocal rank fusion outperforms Condorcet and individual rank learning methods",
    SIGIR 2009; the weights are an addition.
    """
    scores = np.zeros(size, np.float64)
    for ranking, weight in zip(rankings, weights, strict=True):
        scores[np.asarray(ranking, np.intp)] += weight / (rank_constant + np.arange(1, len(ranking) + 1))
    return scores

"""One score out of what a passage's vectors, words and headings say of it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from retrieval.policy import FusionWeights

__all__ = ["Signal", "Signals"]

Signal = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known of each passage that may be found, (n,) each.

    The cosine of its vector to the question's, and of the nearest of its sentences'; its BM25 as a share of the best
    passage's; and how much of the headings over it the question names, in [0, 1].
    """

    passage_cosine: Signal
    sentence_cosine: Signal
    words: Signal
    headings: Signal

    def scores(self, weights: FusionWeights) -> Signal:
        """The weighted sum, (n,) float32.

        Scores and not ranks are fused: how much better the best is than the next one counts (Bruch et al., "An analysis
        of fusion functions for hybrid retrieval", TOIS 2023, find the same).
        """
        return np.asarray(
            weights.passage_cosine * self.passage_cosine
            + weights.sentence_cosine * self.sentence_cosine
            + weights.words * self.words
            + weights.headings * self.headings,
            np.float32,
        )

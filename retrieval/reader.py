"""EvidenceReader: for each sentence of a passage, the probability that it answers the question."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.model import Passage
from retrieval.index import PassageIndex
from retrieval.model import Hit
from retrieval.policy import ReaderWeights
from retrieval.reader_network import Logits, ReaderNetwork
from retrieval.similarity import Likeness, Similarity

__all__ = ["CalibratedReader", "EvidenceReader", "Features", "read_hits"]


_LEAST = 1e-4  # a probability of 0 or 1 would outweigh everything else


class EvidenceReader(Protocol):
    """Reads passages with a question in mind."""

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """For each passage, for each of its sentences, the probability in [0, 1] that it answers the question."""
        ...


def read_hits(
    reader: EvidenceReader, question: str, hits: Sequence[Hit], *, weight: float
) -> tuple[list[Hit], list[list[float]]]:
    """The hits in the order of what the search and the reader make of them, and the probabilities of their sentences.

    The log odds of a passage's best sentence, times `weight`, add to its score.
    """
    read = reader.read(question, [hit.passage for hit in hits])
    scored = [replace(hit, score=hit.score + weight * _log_odds(max(row))) for hit, row in zip(hits, read, strict=True)]
    order = sorted(range(len(hits)), key=lambda number: -scored[number].score)
    return [scored[number] for number in order], [read[number] for number in order]


def _log_odds(probability: float) -> float:
    bounded = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(bounded / (1 - bounded))


@dataclass(frozen=True, slots=True)
class Features:
    """What speaks for and against each sentence that is read.

    `columns` are (sentences, len(NAMES)): the trained network's log odds of the sentence and of its passage, and how
    like the question it is. `quantity_missing` is (sentences,).
    """

    NAMES = ("sentence_logit", "passage_logit", "cosine", "term_similarity", "centrality")

    columns: npt.NDArray[np.float32]
    quantity_missing: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, logits: Sequence[Logits], likeness: Likeness) -> "Features":
        """The features of passages from the network's logits for each and the likeness of all their sentences."""
        of_passages = [np.full(len(part.sentences), part.passage, np.float32) for part in logits]
        columns = (
            np.concatenate([part.sentences for part in logits]),
            np.concatenate(of_passages),
            likeness.cosine,
            likeness.term_similarity,
            likeness.centrality,
        )
        return cls(np.stack(columns, axis=1), likeness.quantity_missing)

    def scores(self, weights: ReaderWeights) -> npt.NDArray[np.float32]:
        """How well each sentence fits the question, for ranking; no unit."""
        return np.asarray(self.columns @ np.array([getattr(weights, name) for name in self.NAMES]), np.float32)

    def probabilities(self, weights: ReaderWeights) -> npt.NDArray[np.float32]:
        """How probably each sentence answers, by logistic regression on its score."""
        logits = (
            weights.intercept + weights.score * self.scores(weights) + weights.quantity_missing * self.quantity_missing
        )
        return np.asarray(np.exp(-np.logaddexp(0, -logits)), np.float32)  # 1 / (1 + exp(-logits)), of any logits


@dataclass(frozen=True, slots=True)
class CalibratedReader:
    """The trained network and plain similarity, weighed together into a calibrated probability."""

    index: PassageIndex
    network: ReaderNetwork
    weights: ReaderWeights

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """For each passage, for each of its sentences, the probability in [0, 1] that it answers the question."""
        if not passages:
            return []
        probabilities = self.features(question, passages).probabilities(self.weights).tolist()
        ends = np.cumsum([len(passage.sentences) for passage in passages]).tolist()
        return [probabilities[start:end] for start, end in zip([0, *ends], ends, strict=False)]

    def features(self, question: str, passages: Sequence[Passage]) -> Features:
        """The features of all sentences of `passages` (at least one), in order."""
        return Features.of(self.network.read(question, passages), Similarity(self.index).of(question, passages))

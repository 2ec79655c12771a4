"""Puts questions and passages to readers of evidence, and keeps what each makes of every sentence."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from corpus.model import Document, Passage, Span
from evals.progress import Progress
from evals.reading_rows import Row
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.model import Hit
from retrieval.policy import Policy
from retrieval.quote import select_quotes
from retrieval.reader import EvidenceReader

__all__ = ["SUBJECTS", "CosineReader", "Reading", "Subject", "prediction_lines", "quotable", "read"]

SentencesOf = Callable[[Document], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class CosineReader:
    """The floor: how near a sentence's vector is to the question's, whatever it says. It gives no probabilities."""

    index: PassageIndex

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """For each passage, for each of its sentences, its cosine to the question, or 0 if that is negative."""
        asked = self.index.encoder.encode_questions([question])[0]
        return [np.clip(self.index.sentence_vectors(passage) @ asked, 0, 1).tolist() for passage in passages]


@dataclass(frozen=True, slots=True)
class Subject:
    """A reader to be evaluated, and the probability from which it answers; `None` if it gives no probabilities."""

    name: str
    reader: EvidenceReader
    threshold: float | None


# What each reader is over an index: the bot's own, and the floor.
SUBJECTS: Mapping[str, Callable[[PassageIndex], Subject]] = {
    "shipped": lambda index: Subject("shipped", Responder.over(index).reader, index.policy.answer_threshold),
    "cosine": lambda index: Subject("cosine", CosineReader(index), None),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A row, the sentences of its passage in order, and what a reader made of them, (sentences,) each.

    `quotable` are the sentences that would be quoted if nothing were refused. A passage of white space has no sentence:
    nothing is quoted of it, with confidence 0.

    Raises:
        ValueError: if what the reader gave are no numbers in [0, 1].
    """

    row: Row
    sentences: tuple[Span, ...]
    probabilities: tuple[float, ...]
    quotable: tuple[bool, ...]

    def __post_init__(self) -> None:
        """Refuse what would make every figure senseless and raise nothing elsewhere: a logit, a nan."""
        wrong = [probability for probability in self.probabilities if not 0 <= probability <= 1]
        if wrong:
            raise ValueError(f"the reader gave {wrong[0]} for a sentence of row {self.row.id!r}, wanted 0 to 1")

    @property
    def confidence(self) -> float:
        """The probability of the best sentence."""
        return max(self.probabilities, default=0.0)

    def selected(self, threshold: float) -> list[Span]:
        """The sentences that are quoted if `threshold` is the policy's, in order."""
        judged = zip(self.sentences, self.probabilities, self.quotable, strict=True)
        return [sentence for sentence, probability, is_quotable in judged if is_quotable and probability >= threshold]


def read(subject: Subject, rows: Sequence[Row], index: PassageIndex, progress: Progress) -> list[Reading]:
    """What the reader makes of each row; `index` holds the passages as documents, and its policy says what is quoted.

    The reader is given the passages that the index cuts a row's passage into, all at once, as it is given the hits of a
    search.
    """
    readings: list[Reading] = []
    for number, row in enumerate(rows):
        progress(f"Reading ({subject.name})", number, len(rows))
        passages = index.passages_of(row.passage)
        probabilities = subject.reader.read(row.question, passages)
        chosen = quotable(passages, probabilities, index.sentences_of, index.policy)
        sentences = [sentence for passage in passages for sentence in passage.sentences]
        readings.append(
            Reading(
                row,
                tuple(sentences),
                tuple(probability for judged in probabilities for probability in judged),
                tuple(sentence in chosen for sentence in sentences),
            )
        )
    return readings


def quotable(
    passages: Sequence[Passage], probabilities: Sequence[Sequence[float]], sentences_of: SentencesOf, policy: Policy
) -> list[Span]:
    """The sentences that the policy quotes as evidence if its threshold is 0.

    A higher threshold quotes those of them whose probability reaches it: sentences are taken best first, and a later
    one never takes the place of an earlier one.
    """
    hits = [Hit(passage, 0.0) for passage in passages]
    quotes = select_quotes(hits, probabilities, sentences_of, replace(policy, answer_threshold=0.0))
    return [sentence for quote in quotes for sentence in quote.evidence]


def prediction_lines(readings: Iterable[Reading], threshold: float) -> str:
    """One line a row, as the contract has it: what `threshold` selects, all ranges as offsets into the passage."""
    return "".join(f"{json.dumps(_prediction(reading, threshold), ensure_ascii=False)}\n" for reading in readings)


def _prediction(reading: Reading, threshold: float) -> dict[str, Any]:
    judged = zip(reading.sentences, reading.probabilities, strict=True)
    return {
        "id": reading.row.id,
        "answerable": reading.confidence,
        "sentences": [[sentence.start, sentence.end, probability] for sentence, probability in judged],
        "selected": [[sentence.start, sentence.end] for sentence in reading.selected(threshold)],
    }

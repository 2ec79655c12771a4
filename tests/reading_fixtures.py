"""Fictional questions and passages, a reader that has been told what to make of them, and the figures of that."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.model import Document, Passage, Span
from evals.collection import IndexCache, verbatim_document
from evals.reading import Reading, Subject, read
from evals.reading_measures import figures
from evals.reading_rows import Row
from evals.reading_table import Table
from retrieval.index import PassageIndex
from tests.workshop import POLICY

__all__ = ["GIVEN", "ROWS", "Told", "fictional_index", "judged", "told", "values"]

DUSK = verbatim_document("Moths hum at dusk. Bells ring twice. Reeds bend low.")
DEW = verbatim_document("Dew falls on stones. Wardens sleep.")
GLOW = verbatim_document("Lanterns glow. Keepers count nine moths. It rains.\n")
BLANK = verbatim_document(" \n")


def _row(question: str, passage: Document, *answers: str) -> Row:
    starts = [passage.text.index(answer) for answer in answers]
    spans = [Span(passage, start, start + len(answer)) for start, answer in zip(starts, answers, strict=True)]
    return Row(f"row {question}", question, passage, tuple(spans))


ROWS = [
    _row("1", DUSK, "hum at dusk"),
    _row("2", DUSK, "Bells ring twice."),
    _row("3", DEW),
    _row("4", GLOW, "count nine moths", "Lanterns"),
    _row("5", GLOW),
    _row("6", BLANK),
]
# By question, a probability a sentence. The best sentence is right for 1 and 4.
GIVEN = {
    "1": (0.9, 0.4, 0.2),
    "2": (0.7, 0.6, 0.1),
    "3": (0.8, 0.3),
    "4": (0.5, 0.49, 0.1),
    "5": (0.3, 0.2, 0.05),
    "6": (),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A reader that has been told its probabilities."""

    given: Mapping[str, Sequence[float]]

    def read(self, question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """What it was told, passage by passage."""
        left = list(self.given[question])
        judged = [[left.pop(0) for _ in passage.sentences] for passage in passages]
        assert left == []
        return judged


def fictional_index(encoder: str, folder: Path) -> PassageIndex:
    """The index of the passages of `ROWS`, built once in `folder`."""
    return IndexCache(folder / "reading", encoder, POLICY).index((row.passage for row in ROWS), lambda *_: None)


def told(index: PassageIndex, given: Mapping[str, Sequence[float]] = GIVEN) -> list[Reading]:
    """What a reader makes of `ROWS` that gives these probabilities."""
    return read(Subject("told", Told(given), 0.5), ROWS, index, lambda *_: None)


def judged(row: Row, *probabilities: float) -> Reading:
    """A reading of which the first sentence alone is quotable."""
    sentences = [Span(row.passage, *found.span()) for found in re.finditer(r"\S[^.]*\.", row.passage.text)]
    assert len(sentences) == len(probabilities)
    return Reading(row, tuple(sentences), probabilities, (True, *(False for _ in probabilities[1:])))


def values(readings: Sequence[Reading], threshold: float | None = 0.576) -> dict[str, float | None]:
    """The figures without their intervals."""
    found = figures(Table.of(readings), threshold, np.ones((1, len(readings))))
    return {name: None if np.isnan(value) else float(value) for name, (value,) in found.items()}

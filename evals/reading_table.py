"""What the figures of evidence reading are reckoned from: rows, sentences and words as columns of numbers."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from corpus.model import Span
from evals.reading import Reading
from evals.selective import Judged

__all__ = ["Table", "Words"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Words:
    """Where the words of a text begin and end."""

    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "Words":
        """The runs of `text` that are no white space."""
        found = [word.span() for word in _WORD.finditer(text)]
        return cls([start for start, _ in found], [end for _, end in found])

    def overlapping(self, spans: Iterable[Span]) -> set[int]:
        """The numbers of the words that share a character with one of the ranges."""
        return {
            number
            for span in spans
            for number in range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))
        }


@dataclass(frozen=True, slots=True)
class Table:
    """What is known of the rows, (rows,), of their sentences, (sentences,), and of those that are quotable.

    Quotable sentences stand in order of probability, best first; `added` are the words that each adds to those selected
    before it in its row, `added_gold` those of them that are gold.
    """

    judged: Judged
    average_precision: Floats  # (rows,), 0 where no sentence is right
    gold: Floats  # (rows,), words
    row: Numbers  # (sentences,), the number of its row
    probability: Floats  # (sentences,)
    right: Flags  # (sentences,)
    quotable_row: Numbers  # (quotable,)
    quotable_probability: Floats  # (quotable,)
    added: Floats  # (quotable,)
    added_gold: Floats  # (quotable,)

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> "Table":
        """The table of what a reader made of some rows."""
        marked = [_Marked.of(reading) for reading in readings]
        quotable = sorted(
            ((number, *gain) for number, one in enumerate(marked) for gain in one.gains), key=lambda gain: -gain[1]
        )
        return cls(
            judged=Judged(
                np.array([reading.confidence for reading in readings], np.float64),
                np.array([one.is_right for one in marked], np.bool_),
                np.array([bool(reading.row.answers) for reading in readings], np.bool_),
            ),
            average_precision=np.array([one.average_precision for one in marked], np.float64),
            gold=np.array([one.gold for one in marked], np.float64),
            row=np.repeat(np.arange(len(readings)), [len(reading.sentences) for reading in readings]),
            probability=np.array([p for reading in readings for p in reading.probabilities], np.float64),
            right=np.array([right for one in marked for right in one.right], np.bool_),
            quotable_row=np.array([number for number, _, _, _ in quotable], np.int64),
            quotable_probability=np.array([probability for _, probability, _, _ in quotable], np.float64),
            added=np.array([added for _, _, added, _ in quotable], np.float64),
            added_gold=np.array([added for _, _, _, added in quotable], np.float64),
        )


@dataclass(frozen=True, slots=True)
class _Marked:
    """A reading whose words are marked: what it adds to the table."""

    gold: int
    right: tuple[bool, ...]  # of each sentence
    is_right: bool  # of the best sentence
    average_precision: float
    gains: tuple[tuple[float, int, int], ...]  # of each quotable sentence, best first: probability, words, gold words

    @classmethod
    def of(cls, reading: Reading) -> "_Marked":
        words = Words.of(reading.row.passage.text)
        gold = words.overlapping(reading.row.answers)
        own = [words.overlapping([sentence]) for sentence in reading.sentences]
        right = [bool(gold & numbers) for numbers in own]
        ranked = sorted(range(len(own)), key=lambda number: -reading.probabilities[number])
        return cls(
            gold=len(gold),
            right=tuple(right),
            is_right=any(right[number] for number in ranked[:1]),
            average_precision=float(average_precision_score(right, reading.probabilities)) if any(right) else 0.0,
            gains=tuple(_gains([n for n in ranked if reading.quotable[n]], own, gold, reading.probabilities)),
        )


def _gains(
    ranked: Iterable[int], own: Sequence[set[int]], gold: set[int], probabilities: Sequence[float]
) -> Iterator[tuple[float, int, int]]:
    """What each sentence adds to the words selected so far: a word that two sentences share is one word."""
    selected: set[int] = set()
    for number in ranked:
        added = own[number] - selected
        selected |= added
        yield probabilities[number], len(added), len(added & gold)

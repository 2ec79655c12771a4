"""The words of a corpus: a vector for each, and how many sentences hold it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Vectors

__all__ = ["Vocabulary"]

_WORDS, _VECTORS, _COUNTS = "words.json", "word_vectors.npy", "word_counts.npy"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Content words by number; `counts` are sentences, `vectors` is (n, dim) float16, unit rows."""

    numbers: Mapping[str, int]
    vectors: npt.NDArray[np.float16]
    counts: npt.NDArray[np.int32]
    sentences: int

    @classmethod
    def build(cls, words: Sequence[str], vectors: Vectors, counts: Sequence[int], *, sentences: int) -> "Vocabulary":
        """`words` are distinct; `vectors` and `counts` follow their order."""
        numbers = {word: number for number, word in enumerate(words)}
        return cls(numbers, vectors.astype(np.float16), np.array(counts, np.int32), sentences)

    @classmethod
    def open(cls, folder: Path) -> "Vocabulary":
        """Loads what `save` wrote."""
        record = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        numbers = {word: number for number, word in enumerate(record["words"])}
        return cls(numbers, np.load(folder / _VECTORS), np.load(folder / _COUNTS), int(record["sentences"]))

    def save(self, folder: Path) -> None:
        """Writes the vocabulary into `folder`."""
        record = {"sentences": self.sentences, "words": list(self.numbers)}
        (folder / _WORDS).write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
        np.save(folder / _VECTORS, self.vectors)
        np.save(folder / _COUNTS, self.counts)

    def known(self, words: Sequence[str]) -> Vectors:
        """The vectors of those of `words` that the corpus has, (n, dim) float32."""
        rows = [self.numbers[word] for word in words if word in self.numbers]
        return self.vectors[rows].astype(np.float32)

    def weight(self, word: str) -> float:
        """Inverse document frequency over sentences, as in BM25 (Robertson and Spärck Jones, never negative)."""
        number = self.numbers.get(word)
        count = 0 if number is None else int(self.counts[number])
        return math.log(1 + (self.sentences - count + 0.5) / (count + 0.5))

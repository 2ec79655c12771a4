"""A classifier of red flags over texts' vectors: it knows those that the table of phrases has no words for.

`evals/fit_safety.py` fits it. It belongs to one encoder, since another one's vectors mean other things.
"""

import re
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.encoder import Encoder, OnnxEncoder, Vectors
from retrieval.model import NoticeKind

__all__ = ["Classifier", "RedFlags", "parts_of", "red_flags_of", "shipped_classifier"]

_FILE = "red_flags.npz"
# So many vectors, at most, beside that of the whole text; more sentences than that share them.
_MOST_PARTS = 8
# What a very long text is cut down to: as much of its beginning as of its end. The encoder's window is shorter.
_MOST_CHARACTERS = 4_000
_ENDS = re.compile(r"[.!?;\n…]+")
_WORD = re.compile(r"\w")

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Classifier:
    """Whether a vector is that of a red flag, and which of the two kinds; its numbers lie in one file.

    A support vector machine with the kernel exp(-gamma |x - y|²) tells red flags; a linear rule tells crises from other
    emergencies. `threshold` is for whole texts, `part_threshold` for sentences of longer ones.
    """

    encoder_sha256: str
    support: Array  # (n, dim), unit rows
    weights: Array  # (n,)
    intercept: float
    gamma: float
    threshold: float
    part_threshold: float
    crisis: Array  # (dim,)
    crisis_intercept: float

    @classmethod
    def open(cls, path: Path) -> "Classifier":
        """Loads a file that `save` wrote.

        Raises:
            OSError, ValueError, KeyError: if it is none.
        """
        with np.load(path) as stored:
            arrays = {field.name: stored[field.name] for field in fields(cls)}
        return cls(
            **{
                name: array.item() if array.ndim == 0 else array.astype(np.float32, copy=False)
                for name, array in arrays.items()
            }
        )

    def save(self, path: Path) -> None:
        """Writes the file; the support vectors with half the precision."""
        arrays = {field.name: np.array(getattr(self, field.name)) for field in fields(self)}
        np.savez_compressed(path, **arrays | {"support": self.support.astype(np.float16)})  # type: ignore[arg-type]

    def scores(self, vectors: Vectors) -> Array:
        """How far each vector lies on the red flags' side, (n,) float32."""
        distances = np.maximum(0, 1 + (self.support**2).sum(axis=1) - 2 * (vectors @ self.support.T))
        return np.asarray(np.exp(-self.gamma * distances) @ self.weights + self.intercept, np.float32)

    def kind(self, vector: Vectors) -> NoticeKind:
        """Which kind of red flag a vector is, if it is one."""
        is_crisis = float(vector @ self.crisis) + self.crisis_intercept > 0
        return NoticeKind.CRISIS if is_crisis else NoticeKind.EMERGENCY


@dataclass(frozen=True, slots=True)
class RedFlags:
    """The classifier with the encoder that it belongs to."""

    classifier: Classifier
    encoder: Encoder

    def found(self, text: str) -> list[tuple[NoticeKind, str]]:
        """The parts of a text that are red flags, each with its kind; if only the whole is one, its likeliest part."""
        text, parts = parts_of(text)
        if not parts:
            return []
        vectors = self.encoder.encode_questions([text, *(parts if len(parts) > 1 else ())])
        scores = self.classifier.scores(vectors)
        likeliest = parts[int(np.argmax(scores[1:]))] if len(parts) > 1 else parts[0]
        least = [self.classifier.threshold, *[self.classifier.part_threshold] * (len(vectors) - 1)]
        return [
            (self.classifier.kind(vector), part)
            for vector, part, score, wanted in zip(vectors, [likeliest, *parts], scores, least, strict=False)
            if score >= wanted
        ]


def parts_of(text: str) -> tuple[str, list[str]]:
    """The text as it is encoded, and its sentences, or as many runs of them as have a vector of their own."""
    text = text.encode("utf-8", "ignore").decode("utf-8")
    if len(text) > _MOST_CHARACTERS:
        half = _MOST_CHARACTERS // 2
        text = f"{text[:half]}\n{text[-half:]}"
    sentences = [sentence.strip() for sentence in _ENDS.split(text) if _WORD.search(sentence)]
    whole = " ".join(text.split())
    if len(sentences) <= _MOST_PARTS:
        return whole, sentences
    ends = [round(number * len(sentences) / _MOST_PARTS) for number in range(_MOST_PARTS + 1)]
    return whole, [". ".join(sentences[start:end]) for start, end in pairwise(ends)]


def red_flags_of(encoder: OnnxEncoder) -> RedFlags | None:
    """The shipped classifier over the encoder's vectors; `None` if it was fitted to another encoder."""
    classifier = shipped_classifier()
    return RedFlags(classifier, encoder) if classifier.encoder_sha256 == encoder.settings.sha256 else None


@cache
def shipped_classifier() -> Classifier:
    """The classifier that comes with the project."""
    with resources.as_file(resources.files("retrieval") / _FILE) as path:
        return Classifier.open(path)

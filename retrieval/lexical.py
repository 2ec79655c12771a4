"""Words, stems and BM25; the only door to bm25s and Stemmer."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

from retrieval.spelling_variants import canonical_spelling

__all__ = ["HeadingIndex", "LexicalIndex", "Terms", "content_words", "related_words", "stems"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ENDING = re.compile(r"'(?:s|d|ll|m|re|t|ve)$")
_STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)
_STEMMER = Stemmer.Stemmer("english")
# Words of which is remembered what is compared: more than most corpora have.
_REMEMBERED = 65_536
_TOTALS, _NUMBERS = "totals.npy", "numbers.npy"


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in lower case and in order, less stop words and endings like the possessive."""
    return [word for found in _WORD.findall(text) if (word := _compared(found))]


# As a corpus says most words many times.
@lru_cache(_REMEMBERED)
def _compared(word: str) -> str:
    """The word in lower case and without its ending, or nothing if it is a stop word."""
    lowered = word.lower().replace("’", "'")
    bare = "" if lowered in _STOP_WORDS else _ENDING.sub("", lowered)
    return "" if bare in _STOP_WORDS else bare


def stems(text: str) -> list[str]:
    """The stems (Snowball English) of the content words, in order; the same for British and American spellings."""
    return list(_STEMMER.stemWords([canonical_spelling(word) for word in content_words(text)]))


@cache
def related_words() -> Mapping[str, tuple[str, ...]]:
    """For words that askers use, the words that documents use for the same (`related.txt`)."""
    lines = (resources.files("retrieval") / "related.txt").read_text("utf-8").splitlines()
    related: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if not line.startswith("#"):
            asked, written = (part.split() for part in line.split(":"))
            related |= {word: tuple(written) for word in asked}
    return related


@dataclass(frozen=True, slots=True)
class Terms:
    """A question, and other forms of terms in it: what a short form is short for, say."""

    question: str
    others: tuple[str, ...] = ()

    @property
    def extended(self) -> str:
        """The question with the other forms in brackets."""
        return f"{self.question} ({'; '.join(self.others)})" if self.others else self.question


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 (Lucene's variant: Robertson et al. 1994, as in Kamphuis et al. 2020) over a fixed list of texts."""

    _bm25: bm25s.BM25

    @classmethod
    def build(cls, texts: Iterable[str], *, k1: float, b: float) -> "LexicalIndex":
        """Indexes `texts`, which later go by their number."""
        bm25 = bm25s.BM25(k1=k1, b=b)
        # Numbered here and not by the library, whose order is another one in each process.
        numbers: dict[str, int] = {}
        tokens = [[numbers.setdefault(stem, len(numbers)) for stem in stems(text)] for text in texts]
        if not numbers:
            # The library wants at least one token; an empty one matches nothing.
            numbers, tokens = {"": 0}, [[0] for _ in tokens]
        bm25.index((tokens, numbers), show_progress=False)
        return cls(bm25)

    @classmethod
    def open(cls, folder: Path) -> "LexicalIndex":
        """Loads what `save` wrote."""
        return cls(bm25s.BM25.load(folder, show_progress=False))

    def save(self, folder: Path) -> None:
        """Writes the index into `folder`."""
        self._bm25.save(folder, show_progress=False)

    def knows(self, stem: str) -> bool:
        """Whether any of the texts has a word of this stem."""
        return stem in self._bm25.vocab_dict

    def scores(self, terms: Terms, *, other_forms_weight: float = 1.0) -> npt.NDArray[np.float32]:
        """BM25 of each text for the question, (n,) float32; 0 where they share no stem.

        Each stem counts once, however often a long question says it; those that only the other forms have count by
        their weight.
        """
        asked = dict.fromkeys(stems(terms.question))
        others = [stem for stem in dict.fromkeys(stems(" ".join(terms.others))) if stem not in asked]
        return self._scores(asked) + np.float32(other_forms_weight) * self._scores(others)

    def _scores(self, wanted: Iterable[str]) -> npt.NDArray[np.float32]:
        known = [stem for stem in wanted if self.knows(stem)]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], np.float32)
        return np.asarray(self._bm25.get_scores(known), np.float32)


@dataclass(frozen=True, slots=True)
class HeadingIndex:
    """How much of the headings over each of a list of passages a question names."""

    _headings: LexicalIndex  # of the distinct headings; a stem's score is how rare it is among them
    _totals: npt.NDArray[np.float32]  # (distinct headings,): the scores of their own stems
    _numbers: npt.NDArray[np.int32]  # (passages,): which headings stand over each

    @classmethod
    def build(cls, texts: Iterable[str]) -> "HeadingIndex":
        """Indexes the headings over each passage, as one text a passage."""
        places: dict[str, int] = {}
        numbers = [places.setdefault(text, len(places)) for text in texts]
        distinct = [*places]
        said = [dict.fromkeys(stems(text)) for text in distinct]
        counts = Counter(stem for held in said for stem in held)
        weights = {stem: math.log(1 + (len(said) - n + 0.5) / (n + 0.5)) for stem, n in counts.items()}
        totals = [sum(weights[stem] for stem in held) for held in said]
        # With k1 = 0 a stem scores its inverse document frequency, those weights, whatever else stands there.
        headings = LexicalIndex.build(distinct, k1=0.0, b=0.0)
        return cls(headings, np.array(totals, np.float32), np.array(numbers, np.int32))

    @classmethod
    def open(cls, folder: Path) -> "HeadingIndex":
        """Loads what `save` wrote."""
        return cls(LexicalIndex.open(folder), np.load(folder / _TOTALS), np.load(folder / _NUMBERS))

    def save(self, folder: Path) -> None:
        """Writes the index into `folder`."""
        self._headings.save(folder)
        np.save(folder / _TOTALS, self._totals)
        np.save(folder / _NUMBERS, self._numbers)

    def coverage(self, terms: Terms) -> npt.NDArray[np.float32]:
        """The share of the headings over each passage that the terms name, rare words counting more; (n,) in [0, 1]."""
        named = self._headings.scores(terms)
        shares = np.divide(named, self._totals, out=np.zeros_like(named), where=self._totals > 0)
        return np.minimum(shares, 1)[self._numbers]  # sums of the same numbers in another order may be rounded up

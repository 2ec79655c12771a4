"""Words, stems and BM25; the only door to bm25s and Stemmer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import bm25s
import numpy as np
import numpy.typing as npt
import Stemmer
from bm25s.stopwords import STOPWORDS_EN_PLUS

__all__ = ["LexicalIndex", "content_words", "related_words", "stems"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ENDING = re.compile(r"'(?:s|d|ll|m|re|t|ve)$")
_STOP_WORDS = frozenset(STOPWORDS_EN_PLUS)
_STEMMER = Stemmer.Stemmer("english")


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in lower case and in order, less stop words and endings like the possessive."""
    words = (word.group().lower().replace("’", "'") for word in _WORD.finditer(text))
    bare = (_ENDING.sub("", word) for word in words if word not in _STOP_WORDS)
    return [word for word in bare if word not in _STOP_WORDS]


def stems(text: str) -> list[str]:
    """The stems (Snowball English) of the content words, in order."""
    return list(_STEMMER.stemWords(content_words(text)))


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
class LexicalIndex:
    """BM25 (Lucene's variant: Robertson et al. 1994, as in Kamphuis et al. 2020) over a fixed list of texts."""

    _bm25: bm25s.BM25

    @classmethod
    def build(cls, texts: Sequence[str], *, k1: float, b: float) -> "LexicalIndex":
        """Indexes `texts`, which later go by their number."""
        bm25 = bm25s.BM25(k1=k1, b=b)
        tokens = [stems(text) for text in texts]
        # The library wants at least one token; an empty one matches nothing.
        bm25.index(tokens if any(tokens) else [[""] for _ in texts], show_progress=False)
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

    def scores(self, question: str) -> npt.NDArray[np.float32]:
        """BM25 of each text for the question, (n,) float32; 0 where they share no stem."""
        known = [stem for stem in stems(question) if self.knows(stem)]
        if not known:
            return np.zeros(self._bm25.scores["num_docs"], np.float32)
        return np.asarray(self._bm25.get_scores(known), np.float32)

"""How like a question each sentence of its passages is: what can be measured without having learnt what answers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.model import Passage, Span
from retrieval.encoder import Vectors
from retrieval.index import PassageIndex
from retrieval.lexical import content_words, related_words
from retrieval.vocabulary import Vocabulary

__all__ = ["Likeness", "Similarity"]

# More words than these of one question are a life story; the first ones are compared.
_MOST_WORDS = 64
_ASKS_HOW_MUCH = re.compile(
    r"\bhow (many|much|long|old|high|low|far|soon|fast|quickly|big)\b"
    r"|\b(dos(e|es|age)|price|costs?|number of|what age|life expectancy|statistics)\b",
    re.IGNORECASE,
)
_ASKS_HOW_OFTEN = re.compile(
    r"\bhow (often|likely|common|rare|frequent(ly)?)\b"
    r"|\b(percent(age)?|proportion|odds|chances?|rate|prevalence|incidence)\b",
    re.IGNORECASE,
)
_SAYS_HOW_MUCH = re.compile(
    r"\d|\b(percent|majority|(second|minute|hour|day|week|month|year|decade)s?"
    r"|(two|three|four|five|six|seven|eight|nine|ten|dozens?|hundreds?|thousands?|millions?|half|third|quarter)"
    r" (of|in|out|people|patients|cases|adults|children|times))\b",
    re.IGNORECASE,
)
_SAYS_HOW_OFTEN = re.compile(
    r"\b(common(ly)?|frequent(ly)?|rare(ly)?|often|seldom|usual(ly)?|most(ly)?|daily|weekly|monthly|always|never)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Likeness:
    """What is measured of each sentence, (sentences,) each.

    Its cosine to the question; the weighted mean cosine of the question's words to its own; its mean cosine to all the
    sentences read; and whether it lacks a quantity that the question asks for.
    """

    cosine: npt.NDArray[np.float32]
    term_similarity: npt.NDArray[np.float32]
    centrality: npt.NDArray[np.float32]
    quantity_missing: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Similarity:
    """Compares by the whole sentence's vector, and word by word.

    The word-by-word part asks of each of the question's words how near the nearest word of the sentence comes (the
    greedy soft matching of Zhang et al., "BERTScore", 2020, with one vector a word), weighted by how rare the word is.
    Centrality counts against a sentence: one that is near everything (a summary, say) is near any question (Conneau et
    al., "Word translation without parallel data", 2018, correct for such hubs in the same way).
    """

    index: PassageIndex

    def of(self, question: str, passages: Sequence[Passage]) -> Likeness:
        """Of all sentences of `passages` (at least one), in order."""
        sentences = [sentence for passage in passages for sentence in passage.sentences]
        words = list(dict.fromkeys(content_words(question)))[:_MOST_WORDS]
        matcher = _TermMatcher.of(words, self.index)
        rows = np.concatenate([self.index.sentence_vectors(passage) for passage in passages])
        return Likeness(
            cosine=rows @ self.index.encoder.encode_questions([question])[0],
            term_similarity=np.array([matcher.match(sentence) for sentence in sentences], np.float32),
            centrality=rows @ rows.mean(axis=0),
            quantity_missing=np.array([_lacks_quantity(question, sentence.text) for sentence in sentences]),
        )


def _lacks_quantity(question: str, sentence: str) -> bool:
    """Whether the question asks how much or how often, and the sentence says neither."""
    if _ASKS_HOW_MUCH.search(question):
        return _SAYS_HOW_MUCH.search(sentence) is None
    if _ASKS_HOW_OFTEN.search(question):
        return _SAYS_HOW_MUCH.search(sentence) is None and _SAYS_HOW_OFTEN.search(sentence) is None
    return False


@dataclass(frozen=True, slots=True)
class _TermMatcher:
    """Compares a question's words with those of sentences.

    `vectors` holds each word and then those related to it, `starts` the row of each word; `shares` sum to 1.
    """

    vectors: Vectors
    starts: npt.NDArray[np.int64]
    shares: npt.NDArray[np.float32]
    vocabulary: Vocabulary

    @classmethod
    def of(cls, words: Sequence[str], index: PassageIndex) -> "_TermMatcher":
        """Takes the vectors of words that the corpus has from the index, and encodes the others."""
        vocabulary = index.vocabulary
        known = vocabulary.numbers
        groups = [(word, *(other for other in related_words().get(word, ()) if other in known)) for word in words]
        unknown = [word for word in words if word not in known]
        encoded = dict(zip(unknown, index.encoder.encode_questions(unknown), strict=True))
        rows = [encoded[word] if word in encoded else vocabulary.known([word])[0] for group in groups for word in group]
        weights = np.array([vocabulary.weight(word) for word in words], np.float32)
        return cls(
            np.array(rows, np.float32),
            np.cumsum([0, *map(len, groups[:-1])]),
            weights / (weights.sum() or 1.0),
            vocabulary,
        )

    def match(self, sentence: Span) -> float:
        """The weighted mean, over the question's words, of the cosine to the nearest word of the sentence."""
        words = self.vocabulary.known(content_words(sentence.text))
        if not len(words) or not len(self.vectors):
            return 0.0
        nearest = (self.vectors @ words.T).max(axis=1)
        return float(np.maximum.reduceat(nearest, self.starts) @ self.shares)

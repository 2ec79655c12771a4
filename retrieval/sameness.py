"""When two texts say the same: in the same words, or in words that differ only where no meaning hangs on it.

What numbers, negations and words of content make of a sentence is never overlooked: copies that contradict each other
do not say the same.
"""

import re
from collections.abc import Sequence

from corpus.model import Passage
from retrieval.model import Hit

__all__ = ["distinct", "folded", "same_words"]

# Words, and the signs that change what a word or a number beside them says: "<5", "-5", "3-5", "3.5", "5 %", "and/or".
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.,:](?=\d)|-(?=\d)|[<>≤≥=≠±≈~+%‰°×/$£€¥&?]")
_PLAIN = str.maketrans({"’": "'", "ʼ": "'", "–": "-", "—": "-", "−": "-", "‑": "-", "‐": "-", "\u00ad": None})
# Words that one copy of a sentence may have and another not. Every other word counts: "not", "before", "may", "or".
_IDLE = frozenset("a an the of is are be that which also your our their its".split())


def folded(text: str) -> str:
    """The words and telling signs of `text`, without case, white space and all other signs."""
    return " ".join(_TOKEN.findall(text.casefold().translate(_PLAIN)))


def same_words(text: str) -> str:
    """What texts have in common that say the same in nearly the same words: `folded` less articles and the like.

    It says `retrieval.lexical.content_words` in the same order, every number and every negation. A text of nothing else
    than articles is told from others by all of it.
    """
    tokens = folded(text).split()
    return " ".join(token for token in tokens if token not in _IDLE) or " ".join(text.split())


def distinct(hits: Sequence[Hit], *, most: int) -> list[Hit]:
    """The `most` best of the hits that are no copies of better ones; each holds its copies among all of `hits`.

    A copy has the same sentences but for case, white space and signs, wherever it stands.
    """
    copies: dict[tuple[str, ...], list[Passage]] = {}
    first: list[tuple[Hit, list[Passage]]] = []
    for hit in hits:
        sentences = tuple(folded(sentence.text) or sentence.text for sentence in hit.passage.sentences)
        if sentences in copies:
            copies[sentences].append(hit.passage)
        else:
            copies[sentences] = []
            first.append((hit, copies[sentences]))
    return [Hit(hit.passage, hit.score, tuple(passages)) for hit, passages in first[:most]]

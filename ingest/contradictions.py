"""Sentences of different documents that are alike but for numbers, units, negations or opposites.

A word list finds them, not an understanding of the texts: it is for a person to see which of the two is right.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from corpus.model import Document, Span
from ingest.sentences import sentences
from retrieval.lexical import content_words
from retrieval.sameness import folded
from retrieval.standing import leans

__all__ = ["Contradiction", "contradictions"]

Progress = Callable[[int, int], None]

_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMBER = re.compile(r"\d+(?:mg|g|kg|µg|μg|mcg|ml|l|mm|cm|m|h|am|pm)?")
# The number of a footnote right behind the last word.
_FOOTNOTE = re.compile(r"(?<=[^\W\d][.!])\d+(?=\W*$)")
_SIGNS = frozenset("<>≤≥=≠±≈~%‰°.,:-")
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_QUANTITIES = frozenset(
    "once twice half quarter third thirds hundred thousand million billion percent first second seconds minute minutes "
    "hour hours day days week weeks month months year years mg g kg µg μg mcg ug ml l dl cl mmol mol mm cm m km iu "
    "unit units c f kcal kj".split()
)
_NEGATIONS = frozenset(
    "not no never none nor neither cannot without unless don't doesn't didn't can't couldn't won't wouldn't shouldn't "
    "mustn't isn't aren't wasn't weren't do does did".split()
)
_OPPOSITES = frozenset(
    "more less higher lower high low increase decrease increases decreases increased decreased increasing decreasing "
    "rise fall rises falls raise reduce raises reduces before after above below over under always rarely seldom with "
    "safe unsafe may must should all some most few common rare uncommon early late earlier later long short longer "
    "shorter large small larger smaller left right upper start stop begin end starts stops open closed hot cold warm "
    "cool wet dry day night morning evening mild severe positive negative likely unlikely possible impossible able "
    "unable include exclude includes excludes allowed forbidden best worst better worse true false present absent on "
    "off in out up down only".split()
)
# A number after one of these is a name: "type 2", "step 3".
_NAMING = frozenset(
    "type types syndrome stage step grade number no figure table chapter version phase class part section page".split()
)
_TELLING = _QUANTITIES | _NEGATIONS | _OPPOSITES | _SIGNS
# Fewer words in common are a phrase that any two documents may share.
_COMMON_WORDS = 6
_COMMON_WORDS_OF_COPIES = 3
_SHOWN = 3  # of the sentences that say other things in the same words


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sentences of the same words but for `differing`: what only the first says, and what only the second."""

    first: Span
    second: Span
    differing: tuple[str, str]


def contradictions(
    documents: Sequence[Document], groups: Iterable[Sequence[Document]], progress: Progress
) -> list[Contradiction]:
    """What sentences of `documents` say otherwise than each other, in the order of the documents.

    In documents of the same one of `groups` (near duplicates), fewer words in common are enough, and a sentence may
    lean on the one before. Of many sentences that differ in the same place, a few pairs are given.
    """
    group_of = {document.id: number for number, group in enumerate(groups) for document in group}
    alike: dict[tuple[str, int], dict[tuple[str, ...], Span]] = {}
    for number, document in enumerate(documents):
        progress(number, len(documents))
        for sentence in sentences(document):
            for key, telling in _keys(sentence, group_of.get(document.id)):
                alike.setdefault(key, {}).setdefault(telling, sentence)
    found: dict[tuple[Span, Span], Contradiction] = {}
    for variants in alike.values():
        for one in _pairs(variants):
            found.setdefault((one.first, one.second), one)
    return list(found.values())


def _keys(sentence: Span, group: int | None) -> Iterator[tuple[tuple[str, int], tuple[str, ...]]]:
    """Under which keys sentences are compared with this one, and what they may contradict."""
    text = _FOOTNOTE.sub("", _THOUSANDS.sub("", sentence.text))
    tokens = [_NUMBER_WORDS.get(token, token) for token in folded(text).split()]
    tells = [_tells(token, before) for before, token in pairwise(["", *tokens])]
    if _NUMBER.fullmatch(tokens[-1] if tokens else "") and content_words(" ".join(tokens[-2:-1])):
        tells[-1] = False  # "the reeds of bank 2." names one
    telling = tuple(token for token, counts in zip(tokens, tells, strict=True) if counts)
    common = " ".join(token for token, counts in zip(tokens, tells, strict=True) if not counts)
    words = len(content_words(common)) if not text.endswith("?") else 0
    if group is not None and words >= _COMMON_WORDS_OF_COPIES:
        yield (common, group), telling
    if words >= _COMMON_WORDS and not leans(sentence):
        yield (common, -1), telling


def _tells(token: str, before: str) -> bool:
    """Whether a token may make a sentence say something else; `before` is the one before it."""
    return token in _TELLING or (_NUMBER.fullmatch(token) is not None and before not in _NAMING)


def _pairs(variants: dict[tuple[str, ...], Span]) -> Iterator[Contradiction]:
    """The first sentences that say other things, each two of them, if they are of different documents."""
    shown = list(variants.items())[:_SHOWN]
    for (said, sentence), (otherwise, other) in combinations(shown, 2):
        if sentence.document != other.document:
            yield Contradiction(sentence, other, (_only(said, otherwise), _only(otherwise, said)))


def _only(said: Sequence[str], otherwise: Sequence[str]) -> str:
    """What of `said` stands between what both begin and end with."""
    start = 0
    while start < min(len(said), len(otherwise)) and said[start] == otherwise[start]:
        start += 1
    end = 0
    while end < min(len(said), len(otherwise)) - start and said[-1 - end] == otherwise[-1 - end]:
        end += 1
    return " ".join(said[start : len(said) - end])

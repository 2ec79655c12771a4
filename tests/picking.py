"""Picks that are made up, for follow-ups whose words hang on no trained network."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from retrieval.dialogue import Dialogue
from retrieval.lexical import stems
from retrieval.resolver import Pick, Picks
from retrieval.resolver_input import Word

__all__ = ["PickedByHand", "content_of", "dialogue_of"]

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def content_of(question: str, history: Sequence[str]) -> list[Word]:
    """The content words of the earlier turns that the question hasn't got, in order."""
    known = {*stems(question)}
    return [
        Word(turn, match.start(), match.end(), match.group())
        for turn, text in enumerate(history)
        for match in _WORD.finditer(text)
        if not known.issuperset(stems(match.group()))
    ]


@dataclass(frozen=True, slots=True)
class PickedByHand:
    """Picks the words that it is told to, in lower case, and remembers what was said before each question."""

    probabilities: Mapping[str, float]
    needed: float = 1.0
    histories: list[Sequence[str]] = field(default_factory=list)

    def picks(self, question: str, history: Sequence[str]) -> Picks:
        """The content words of `history`, those that it wasn't told of with the probability 0."""
        self.histories.append(history)
        words = content_of(question, history)
        return Picks(self.needed, tuple(Pick(word, self.probabilities.get(word.text.lower(), 0.0)) for word in words))


def dialogue_of(*words: str) -> Dialogue:
    """Takes these words out of any history, and no others."""
    return Dialogue(PickedByHand(dict.fromkeys(words, 0.9)).picks, need_threshold=0.5, pick_threshold=0.5)

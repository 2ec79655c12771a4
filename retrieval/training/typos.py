"""Slips of the finger, made by chance: what people type is not always what they mean."""

import random
import re
from collections import Counter

from retrieval.lexical import content_words
from retrieval.slips import BESIDE

__all__ = ["misspelt"]

_WORD = re.compile(r"[^\W\d_]{4,}")
_SHORTEST = 2  # a letter beside the first one, for the next slip


def misspelt(text: str, edits: int, rng: random.Random, *, content_only: bool = False) -> str:
    """`text` with `edits` slips in words of four letters or more, each in a word of its own while there are such words.

    A slip drops or doubles a letter, swaps two, or hits the key beside; never a word's first letter. With
    `content_only` stop words are spared. Text without a word to slip in comes back as it is.
    """
    words = [word for word in _WORD.finditer(text) if not content_only or content_words(word.group())]
    chosen = rng.sample(words, min(edits, len(words)))
    slips = Counter(chosen + rng.choices(chosen, k=edits - len(chosen)) if chosen else [])
    for word in sorted(slips, key=lambda word: -word.start()):
        text = text[: word.start()] + _slipped(word.group(), slips[word], rng) + text[word.end() :]
    return text


def _slipped(word: str, slips: int, rng: random.Random) -> str:
    """`word` after so many slips, none of which mends what others did."""
    typed = [word]
    for _ in range(slips):
        while (slip := _slip(typed[-1], rng)) in typed:
            pass
        typed.append(slip)
    return typed[-1]


def _slip(word: str, rng: random.Random) -> str:
    """One slip that changes `word`."""
    while True:
        place = rng.randrange(1, len(word))
        before, letter, after = word[:place], word[place], word[place + 1 :]
        slips = (
            after if len(word) > _SHORTEST else 2 * letter + after,
            2 * letter + after,
            rng.choice(BESIDE.get(letter, letter)) + after,
            after[:1] + letter + after[1:],
        )
        slipped = before + rng.choice(slips)
        if slipped != word:
            return slipped

"""Slips of the finger, made by chance: what people type is not always what they mean."""

import random
import re

__all__ = ["misspelt"]

_WORD = re.compile(r"[^\W\d_]{4,}")
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _KEYS
    for place, letter in enumerate(row)
}


def misspelt(text: str, edits: int, rng: random.Random) -> str:
    """`text` with `edits` slips in words of four letters or more, each in a word of its own while there are such words.

    A slip drops or doubles a letter, swaps two, or hits the key beside; never a word's first letter. Text without such
    words comes back as it is.
    """
    words = list(_WORD.finditer(text))
    chosen = rng.sample(words, min(edits, len(words)))
    for word in sorted(chosen, key=lambda word: -word.start()):
        text = text[: word.start()] + _slip(word.group(), rng) + text[word.end() :]
    return text


def _slip(word: str, rng: random.Random) -> str:
    """One slip that changes `word`."""
    while True:
        place = rng.randrange(1, len(word))
        before, letter, after = word[:place], word[place], word[place + 1 :]
        slips = (
            after,
            2 * letter + after,
            rng.choice(_BESIDE.get(letter, letter)) + after,
            after[:1] + letter + after[1:],
        )
        slipped = before + rng.choice(slips)
        if slipped != word:
            return slipped

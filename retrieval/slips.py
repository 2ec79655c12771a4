"""What a finger or an ear does to a word: the one slip between two words that are one slip apart."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import pairwise

__all__ = ["BESIDE", "Slip", "slip_between", "slips_between"]

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_VOWELS = frozenset("aeiouy")
# The letters beside each one in its row of the keyboard.
BESIDE = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _KEYS
    for place, letter in enumerate(row)
}


class Slip(StrEnum):
    """What happened; `OTHER` is anything else."""

    SWAPPED = "two letters swapped"
    DOUBLED = "a letter doubled, or one of two left out"
    DROPPED = "a letter left out"
    BESIDE = "a key beside hit too, or instead"
    VOWEL = "another vowel"
    OTHER = "another letter, or one too many"
    ENDING = "the same of a last letter, by which words of one stem differ as well"


def slip_between(meant: str, typed: str) -> Slip:
    """The slip that makes `typed` of `meant`, which is another word at an OSA distance of one."""
    place = next((n for n, (one, other) in enumerate(zip(meant, typed, strict=False)) if one != other), len(meant))
    place = min(place, len(typed))
    if sorted(meant) == sorted(typed):
        return Slip.SWAPPED
    if len(meant) > len(typed):
        return Slip.DOUBLED if _is_double(meant, place) else Slip.DROPPED
    if len(meant) < len(typed):
        return Slip.DOUBLED if _is_double(typed, place) else _too_many(typed, place)
    return _instead(meant, typed, place)


def _is_double(word: str, place: int) -> bool:
    return word[place] in (word[place - 1 : place], word[place + 1 : place + 2])


def _too_many(typed: str, place: int) -> Slip:
    if place == len(typed) - 1:
        return Slip.ENDING
    around = pairwise(typed[max(0, place - 1) : place + 2])
    return Slip.BESIDE if any(other in BESIDE.get(one, "") for one, other in around) else Slip.OTHER


def _instead(meant: str, typed: str, place: int) -> Slip:
    is_last, is_vowel = place == len(typed) - 1, typed[place] in _VOWELS
    if typed[place] in BESIDE.get(meant[place], ""):
        return Slip.OTHER if is_last and is_vowel else Slip.BESIDE
    if is_last:
        return Slip.ENDING
    return Slip.VOWEL if is_vowel and meant[place] in _VOWELS else Slip.OTHER


def slips_between(meant: str, typed: str) -> Iterator[tuple[Slip, Slip]]:
    """The pairs of slips, one after the other, that make `typed` of `meant`, which is no nearer than that."""
    letters = {*meant, *typed}
    for between in {*_one_slip_from(typed, letters)} & {*_one_slip_from(meant, letters)}:
        yield slip_between(meant, between), slip_between(between, typed)


def _one_slip_from(word: str, letters: Iterable[str]) -> Iterator[str]:
    """The words that one slip makes of `word` with these letters, and itself."""
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in letters:
            yield before + letter + after
            yield before + letter + after[1:]

"""Misspelt words become words of the corpus or common English ones; the only door to rapidfuzz and symspellpy.

The noisy channel of Kernighan, Church and Gale ("A spelling correction program based on a noisy channel model", 1990):
of the nearest words the one that is likeliest to be asked for and mistyped so. A word that the corpus, the English
language or health texts have is never touched.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from string import ascii_lowercase

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from retrieval.lexical import stems
from retrieval.slips import Slip, slip_between, slips_between

__all__ = ["Speller", "Spelling", "is_english"]

# What stands in quotation marks is meant as it is typed, and so are words with digits in them.
_WORD = re.compile(r"\"[^\"]*\"|“[^“”]*”|(?<!\w)([^\W\d_]++)(?!\w)((?:['’][^\W\d_]+)?)")
_SENTENCE_ENDS = frozenset(".!?:;\n")
# In shorter words a slip easily makes another word; in words of a middling length, a name.
_SHORTEST = 4
_SHORTEST_OF_NAMES = 6
_SHORTEST_OF_TWO_SLIPS = 6
_SHORTEST_OF_UNLIKELY_SLIPS = 7
_SHORTEST_OF_TWO_RARE_SLIPS = 9
# Words that differ in as many letters at the end may be forms of one word, which is not always in a dictionary.
_ENDING = 3
# How often a word that the corpus hasn't is used at the least, times the chance of the slip, by the length of what is
# typed: the shorter that is, the more names and abbreviations are as near. Of 540 thousand million words of books.
_USES = {4: 12e6, 5: 12e6, 6: 4e6}
_USES_IF_LONG = 0.2e6
# The least share, of a corpus's words and of English added up, of words that short words or two slips are corrected to.
_OFTEN = 1e-4
_OFTEN_IF_ENGLISH = 1e-5
# How often each slip is made, roughly.
_CHANCES = {
    Slip.SWAPPED: 1.0,
    Slip.DOUBLED: 1.0,
    Slip.DROPPED: 0.5,
    Slip.BESIDE: 0.5,
    Slip.VOWEL: 0.1,
    Slip.OTHER: 0.02,
    Slip.ENDING: 0.0,
}
_CHANCE_OF_FIRST = 0.1  # of a slip in the first letter, as against one in any other
_UNLIKELY = {Slip.VOWEL, Slip.OTHER, Slip.ENDING}
_UNLIKELY_TWICE = {Slip.OTHER, Slip.ENDING}
_ENGLISH, _HEALTH = "frequency_dictionary_en_82_765.txt", "words.txt"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it is understood, and the words that were changed for it, as typed and as understood.

    `as_typed` is the text that is understood as it was typed: the changed words are in quotation marks.
    """

    text: str
    changes: tuple[tuple[str, str], ...]
    as_typed: str


@dataclass(frozen=True)
class Speller:
    """Knows a corpus's words in lower case by their numbers, and in how many of its sentences each number stands.

    `knows` tells whether the corpus has a word of a stem.
    """

    numbers: Mapping[str, int]
    counts: Sequence[int] | npt.NDArray[np.int32]
    knows: Callable[[str], bool]

    def understood(self, text: str) -> Spelling:
        """`text` with its misspelt words corrected, but for those in quotation marks; each keeps its capital."""
        changes: list[tuple[str, str]] = []
        understood, as_typed, done = "", "", 0
        for match in _WORD.finditer(text):
            typed, ending = match.groups()
            meant = self._meant(typed, may_be_name=_may_be_name(match)) if typed and stems(match.group()) else None
            if meant is not None:
                meant = meant.capitalize() if typed[0].isupper() else meant
                changes.append((typed, meant))
                between = text[done : match.start()]
                understood += between + meant + ending
                as_typed += f"{between}“{match.group()}”"
                done = match.end()
        return Spelling(understood + text[done:], tuple(changes), as_typed + text[done:])

    def _meant(self, typed: str, *, may_be_name: bool) -> str | None:
        """The word that was meant; `None` if the word is one, may be a name, or nothing that is likely is near."""
        word = typed.lower()
        if len(word) < _SHORTEST or typed[1:] != word[1:] or self._is_word(word):
            return None
        near = {*self._near(word, 1)}
        chances = {found: self._chance_of_one_slip(found, word, may_be_name=may_be_name) for found in near}
        # Two slips are likely only if nothing is nearer, unless that is a word that hardly anybody uses.
        if len(word) >= _SHORTEST_OF_TWO_SLIPS and all(map(self._is_rare, near)):
            chances |= {
                found: self._chance_of_two_slips(found, word, may_be_name=may_be_name)
                for found in {*self._near(word, 2)} - near
            }
        meant = min(chances, key=lambda found: (-chances[found], found), default=None)
        return meant if meant is not None and chances[meant] > 0 else None

    def _near(self, word: str, distance: int) -> Iterator[str]:
        """The words that are known, within a number of slips of `word`; more than one begin with its letter."""
        if distance == 1:
            yield from filter(self._has, _with_another_beginning(word))
        for length in range(len(word) - distance, len(word) + distance + 1):
            for groups in (self._groups, _english_groups()):
                words = groups.get((word[0], length), ())
                found = process.extract_iter(word, words, scorer=OSA.distance, score_cutoff=distance)
                yield from (near for near, _, _ in found)

    @cached_property
    def _groups(self) -> Mapping[tuple[str, int], Sequence[str]]:
        return _grouped(self.numbers)

    def _chance_of_one_slip(self, found: str, typed: str, *, may_be_name: bool) -> float:
        """How likely it is that `typed` stands for `found`, one slip away; 0 unless that is likely enough."""
        slip = slip_between(found, typed)
        is_long = len(typed) >= _SHORTEST_OF_UNLIKELY_SLIPS
        if len(found) < _SHORTEST or (slip in _UNLIKELY and not is_long) or (may_be_name and not is_long):
            return 0
        is_first = found[0] != typed[0]
        if is_first and (slip in _UNLIKELY or (slip is not Slip.SWAPPED and len(typed) < _SHORTEST_OF_NAMES)):
            return 0
        chance = self._share(found) * _CHANCES[slip] * (_CHANCE_OF_FIRST if is_first else 1)
        if found in self.numbers or (self._is_of_corpus(found) and not may_be_name):
            least = _OFTEN_IF_ENGLISH if is_english(found) else _OFTEN
            return chance if len(typed) >= _SHORTEST_OF_NAMES or chance >= least else 0
        uses = _english_words().get(found, 0) * _CHANCES[slip]
        is_enough = uses >= _USES.get(len(typed), _USES_IF_LONG) and slip is not Slip.OTHER and not may_be_name
        # The names of proteins and medicines end in "in".
        return chance if is_enough and found != f"{typed}g" else 0

    def _chance_of_two_slips(self, found: str, typed: str, *, may_be_name: bool) -> float:
        """The same of `found`, two slips away: a word that the corpus often has, or if it is long has at all."""
        if found[0] != typed[0] or len(found) < _SHORTEST or not self._is_of_corpus(found):
            return 0
        is_form = found[:-_ENDING] == typed[: len(found) - _ENDING] or found[: len(typed) - _ENDING] == typed[:-_ENDING]
        is_long = len(typed) >= _SHORTEST_OF_TWO_RARE_SLIPS and found in self.numbers and not is_form
        share = self._share(found)
        if not is_long and (may_be_name or share < _OFTEN):
            return 0
        pairs = (pair for pair in slips_between(found, typed) if not {*pair} & _UNLIKELY_TWICE)
        return share * max((_CHANCES[one] * _CHANCES[other] for one, other in pairs), default=0)

    def _is_rare(self, word: str) -> bool:
        return _english_words().get(word, _USES_IF_LONG) < _USES_IF_LONG and word not in self.numbers

    def _is_of_corpus(self, word: str) -> bool:
        """Whether the corpus has the word, or another form of it and it is used in English."""
        is_used = _english_words().get(word, 0) >= _USES_IF_LONG
        return word in self.numbers or (is_used and any(map(self.knows, stems(word))))

    def _share(self, word: str) -> float:
        """Of the words of the corpus and of those of English, added up; a form of a word of the corpus counts once."""
        number = self.numbers.get(word)
        count = int(self.counts[number]) if number is not None else int(self._is_of_corpus(word))
        return count / max(1, int(np.sum(self.counts))) + _english_words().get(word, 0) / _english_in_all()

    def _is_word(self, word: str) -> bool:
        """Whether it is a word, the plural or singular of one, or a stop word with or without its apostrophe."""
        forms = (word, f"{word}s", word if word.endswith("ss") else word.removesuffix("s"))
        with_apostrophe = (f"{word[:-letters]}'{word[-letters:]}" for letters in (1, 2))  # "didnt"
        return any(map(self._has, forms)) or not all(map(stems, (word, *with_apostrophe)))

    def _has(self, word: str) -> bool:
        return word in self.numbers or is_english(word) or word in _health_words()


def _may_be_name(match: re.Match[str]) -> bool:
    """Whether a word has a capital that isn't that of a sentence's first word."""
    before = match.string[: match.start()].rstrip(" \t\"'“‘(")
    return match.group()[0].isupper() and bool(before) and before[-1] not in _SENTENCE_ENDS


def is_english(word: str) -> bool:
    """Whether a word in lower case is a common one of English."""
    return word in _english_words()


@cache
def _english_words() -> Mapping[str, int]:
    """English words in lower case with how often they are used (Google Books and SCOWL, as symspellpy brings them)."""
    lines = (resources.files("symspellpy") / _ENGLISH).read_text(encoding="utf-8-sig").splitlines()
    return {word: int(count) for word, count in (line.split() for line in lines)}


def _with_another_beginning(word: str) -> Iterator[str]:
    """What is one slip in its first letters away from `word`."""
    yield from (word[1:], word[1::-1] + word[2:])
    for letter in ascii_lowercase:
        yield from (letter + word, letter + word[1:])


def _grouped(words: Iterable[str]) -> Mapping[tuple[str, int], Sequence[str]]:
    """The words by their first letter and length."""
    groups: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in words:
        groups[word[0], len(word)].append(word)
    return groups


@cache
def _english_groups() -> Mapping[tuple[str, int], Sequence[str]]:
    return _grouped([*_english_words(), *_health_words()])


@cache
def _english_in_all() -> int:
    return sum(_english_words().values())


@cache
def _health_words() -> frozenset[str]:
    """Words in lower case that health texts or everyday ones have and `_english_words` has not (`words.txt`)."""
    lines = (resources.files("retrieval") / _HEALTH).read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))

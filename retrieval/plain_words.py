"""Texts as plain words, for phrases to be found in: small letters, no contractions, slips of the finger set right."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations

from retrieval.spelling import is_english

__all__ = ["PlainWords"]

# What a very long text is cut down to: as much of its beginning as of its end.
_MOST_CHARACTERS = 8_000
_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[.!?;:,\n()\[\]…–—]|(?<!\w)-|-(?!\w)")
_ENDS = frozenset(".!?;\n…")
_PAUSES = frozenset(",:()[]–—-")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SHORTEST = 5
_SHORTEST_OF_TWO_SLIPS = 9
# A subject with its verb begins a clause, with or without a comma, but not after a word that joins it to others.
_SUBJECT = (
    r"(?:he|she|they|i|we|(?:my|our) (?:\w+ )?\w+) "
    r"(?:is|are|am|has|have|will|can|could|keeps|does|do|just|took|swallowed)"
)
_JOINING = frozenset(
    """
    after am and because before can could did do does dose has have how if is know like many may much must once or say
    says shall should since so sure tell that the then think until what when where whether which while why will wish
    would
    """.split()
)
_CLAUSE = re.compile(rf"(\w+) (?={_SUBJECT} )")
_ASKED = re.compile(rf"\b((?:i|we) do) (?={_SUBJECT} )")  # "what do I do my son is …"
_BUT = re.compile(
    r"(?<= )(?=(?:but|because|cos|cuz|and now|and he|and she|and i|and my|and they|and it|please|plz|pls) )"
)


@dataclass(frozen=True)
class PlainWords:
    """Makes texts plain.

    `meant` says what stands for a word that is typed; slips are set right for it and for `words`.
    """

    meant: Mapping[str, str]
    words: frozenset[str]

    def sentences(self, text: str) -> list[str]:
        """The sentences of `text`: words and commas, with a space after each, between two full stops; no empty ones."""
        sentences: list[list[str]] = [[]]
        for token in _TOKEN.findall(_cut(_folded(text))):
            if token in _ENDS:
                sentences.append([])
            elif token in _PAUSES:
                sentences[-1].append(",")
            else:
                sentences[-1].append(self._plain(token))
        joined = (" ".join(words) for words in sentences if any(word != "," for word in words))
        return [f". {_clauses(f'{sentence} ')}. " for sentence in joined]

    def _plain(self, token: str) -> str:
        """A token as one word or some; "u" as "you", "can't" as "can not"."""
        word = _REPEATED.sub(r"\1\1", token).replace("'", "")
        if word in self.meant:
            return self.meant[word]
        return word if word in self.words else self._meant(word)

    def _meant(self, word: str) -> str:
        """The one of `words` that is a slip away, or two if long; `word` itself if it is English or none is."""
        if len(word) < _SHORTEST or is_english(word) or not word.isascii():
            return word
        for slips in (1, 2) if len(word) >= _SHORTEST_OF_TWO_SLIPS else (1,):
            near = {meant for left in _shortened(word, slips) for meant in self._by_shortened.get(left, ())}
            found = sorted(near, key=lambda meant: (_distance(word, meant), meant))
            if found and _distance(word, found[0]) <= slips:
                return self.meant.get(found[0], found[0])
        return word

    @cached_property
    def _by_shortened(self) -> Mapping[str, list[str]]:
        """The words by what is left of them without one letter or two, as in symmetric delete spelling correction."""
        table: dict[str, list[str]] = {}
        for word in sorted(self.words | self.meant.keys()):
            if len(word) >= _SHORTEST - 1:
                for left in _shortened(word, 2 if len(word) >= _SHORTEST_OF_TWO_SLIPS - 1 else 1):
                    table.setdefault(left, []).append(word)
        return table


def _clauses(sentence: str) -> str:
    """The sentence with a comma where a clause begins without one."""
    sentence = _ASKED.sub(r"\1 , ", sentence)
    sentence = _CLAUSE.sub(lambda match: f"{match[1]} " if match[1] in _JOINING else f"{match[1]} , ", sentence)
    return _BUT.sub(", ", sentence)


def _folded(text: str) -> str:
    """Small letters without accents; every sort of apostrophe as one, and what can't be seen left out."""
    folded = unicodedata.normalize(
        "NFKD", text[: 2 * _MOST_CHARACTERS] + text[2 * _MOST_CHARACTERS :][-_MOST_CHARACTERS:]
    )
    seen = "".join(character for character in folded if unicodedata.category(character) not in {"Mn", "Cf", "Cs"})
    return re.sub("[’‘`´ʼ]", "'", seen).lower()


def _cut(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    half = _MOST_CHARACTERS // 2
    return f"{text[:half]}\n{text[-half:]}"


@lru_cache(maxsize=4096)
def _shortened(word: str, letters: int) -> Iterable[str]:
    """`word`, and what is left of it without so many letters or fewer."""
    kept = range(len(word) - letters, len(word) + 1)
    return frozenset("".join(left) for length in kept for left in combinations(word, length))


@lru_cache(maxsize=4096)
def _distance(one: str, other: str) -> int:
    """Letters left out, put in, exchanged or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        two_before, before, row = before, row, [number]
        for place, meant in enumerate(other, start=1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != meant)))
            if number > 1 and place > 1 and letter == other[place - 2] and one[number - 2] == meant:
                row[-1] = min(row[-1], two_before[place - 2] + 1)
    return row[-1]

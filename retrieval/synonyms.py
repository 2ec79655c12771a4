"""Lay words and medical ones for the same thing ("heart attack", "myocardial infarction"), from a vetted table."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from retrieval.spelling_variants import canonical_spelling

__all__ = ["Synonyms"]

_TABLE = "synonyms.tsv"
# All words count, as "Down" is a stop word in other places.
_WORD = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")
# Endings of number and tense alone: stems, as `lexical` has them, would make "fitness" a fit.
_ENDINGS = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"ies$", "y"),
        (r"(?<=ss|sh|ch)es$|(?<=[xz])es$|(?<=\w{2}[^isu])s$", ""),
        (r"(?<=\w{3})(?:(?<!e)ed|ing)$|(?<=\w{4})e$", ""),
    )
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Other names of terms, by the words of the term without their endings; no term has more than `most_words`."""

    names: Mapping[Key, tuple[str, ...]]
    most_words: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Synonyms":
        """Those of `pairs` of names, each for the other; what is paired with itself has none, nor have words in it."""
        names: dict[Key, list[str]] = defaultdict(list)
        for one, other in pairs:
            names[_key(one)].append(other)
            names[_key(other)].append(one)
        return cls({key: tuple(found) for key, found in names.items()}, max(map(len, names), default=0))

    @classmethod
    @cache
    def load(cls) -> "Synonyms":
        """Those of the project's own table (`synonyms.tsv`)."""
        lines = (resources.files("retrieval") / _TABLE).read_text("utf-8").splitlines()
        rows = (line.split("\t") for line in lines if not line.startswith("#"))
        return cls.of((people, documents) for people, documents, _ in rows)

    def other_names(self, question: str) -> list[tuple[str, str]]:
        """The terms in `question` as they stand there, each with its other names that don't, in order.

        Of terms within terms the longest counts: a "heart attack" has no "heart".
        """
        typed, words = _words(question), _key(question)
        found: list[tuple[str, str]] = []
        first = 0
        while first < len(words):
            lengths = range(min(self.most_words, len(words) - first), 0, -1)
            length = next((length for length in lengths if words[first : first + length] in self.names), 0)
            term = " ".join(typed[first : first + length])
            found += [(term, name) for name in self.names[words[first : first + length]]] if length else ()
            first += max(length, 1)
        return [(term, name) for term, name in dict.fromkeys(found) if not _has(words, _key(name))]


def _words(text: str) -> list[str]:
    return _WORD.findall(_POSSESSIVE.sub("", text))


def _key(text: str) -> Key:
    return tuple(_form(word.lower()) for word in _words(text))


def _form(word: str) -> str:
    form = canonical_spelling(word)
    for pattern, replacement in _ENDINGS:
        form = pattern.sub(replacement, form)
    return form


def _has(words: Key, run: Key) -> bool:
    return any(words[start : start + len(run)] == run for start in range(len(words) - len(run) + 1))

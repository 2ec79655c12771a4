"""Short forms and their long forms, learnt from brackets in the corpus: "deep brain stimulation (DBS)".

The algorithm of Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text"
(2003): from the right, each letter of the short form is looked for in the words before the bracket.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from retrieval.lexical import content_words
from retrieval.spelling import is_english

__all__ = ["Abbreviations", "definitions"]

_FILE = "abbreviations.json"
_BRACKETS = re.compile(r"\(([^()]{2,80})\)")
_SHORT = re.compile(r"[^\W_](?:[^\W_]|[-/.&+]){1,9}\Z")
_WORD = re.compile(r"[^\W_]+(?:[-/.&+'’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.;:!?\n]\s")
_BEFORE = 200  # characters: more than any long form has
# Of a short form that stands for several things, those at least half as frequent as the commonest.
_LEAST_SHARE = 0.5


@dataclass(frozen=True)
class Abbreviations:
    """The long forms of each short form, in lower case, the commonest first."""

    long_forms: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Abbreviations":
        """Those that `texts` define."""
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for text in texts:
            for short, long in definitions(text):
                counts[short][" ".join(_words(long))] += 1
        return cls({short: _common(found) for short, found in sorted(counts.items())})

    @classmethod
    def open(cls, folder: Path) -> "Abbreviations":
        """Loads what `save` wrote."""
        return cls(json.loads((folder / _FILE).read_text(encoding="utf-8")))

    def save(self, folder: Path) -> None:
        """Writes them into `folder`."""
        (folder / _FILE).write_text(json.dumps(self.long_forms, ensure_ascii=False), encoding="utf-8")

    def other_forms(self, question: str) -> list[str]:
        """The long forms of the short forms in `question`, and the short forms of its long ones.

        A short form that is also a word ("CAR") has to be in capitals as the documents have it, and capitals say
        nothing where the whole question is in them.
        """
        words = _words(question)
        typed = words if question.isupper() else _WORD.findall(question)
        found = [long for word in typed for short in self._meant(word) for long in self.long_forms[short]]
        for first in range(len(words)):
            for last in range(first + 1, min(len(words), first + self._most_words) + 1):
                found += self._longs.get(" ".join(words[first:last]), ())
        return [form for form in dict.fromkeys(found) if f" {form.lower()} " not in f" {' '.join(words)} "]

    def _meant(self, word: str) -> Sequence[str]:
        """The short forms that a typed word may be."""
        if is_english(word.lower()):
            return [word] if word in self.long_forms else []
        return self._shorts.get(word.lower(), [])

    @cached_property
    def _shorts(self) -> dict[str, list[str]]:
        """The short forms in lower case."""
        found: dict[str, list[str]] = defaultdict(list)
        for short in self.long_forms:
            found[short.lower()].append(short)
        return found

    @cached_property
    def _longs(self) -> dict[str, list[str]]:
        """The short forms by their long ones."""
        found: dict[str, list[str]] = defaultdict(list)
        for short, longs in self.long_forms.items():
            for long in longs:
                found[long].append(short)
        return found

    @cached_property
    def _most_words(self) -> int:
        return max((len(long.split()) for long in self._longs), default=0)


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Each short form that `text` defines, with its long form as it stands there, whichever is in the brackets."""
    for match in _BRACKETS.finditer(text):
        before = _SENTENCE_END.split(text[max(0, match.start() - _BEFORE) : match.start()].rstrip())[-1]
        last = before.split()[-1:] or [""]
        for short, beside in ((match.group(1).strip(), before), (last[0], match.group(1))):
            if _is_short(short) and (long := _long_form(short, beside)):
                yield short, long
                break


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _common(counts: Counter[str]) -> list[str]:
    most = max(counts.values())
    return [long for long, count in counts.most_common() if count >= _LEAST_SHARE * most]


def _is_short(text: str) -> bool:
    """Whether it may be a short form: one word, half of its letters capitals."""
    letters = [character for character in text if character.isalpha()]
    return _SHORT.match(text) is not None and 0 < len(letters) <= 2 * sum(map(str.isupper, letters))


def _long_form(short: str, beside: str) -> str | None:
    """The end of `beside` that `short` is short for, if there is one."""
    letters = [character.lower() for character in short if character.isalnum()]
    candidate = " ".join(beside.split()[-min(len(letters) + 5, 2 * len(letters)) :])
    place = len(candidate)
    for letter in reversed(letters[1:]):
        place = candidate.lower().rfind(letter, 0, place)
        if place < 0:
            return None
    # The first letter begins a word.
    begins = [match.end() - 1 for match in re.finditer(r"(?<!\S)\W*[^\W_]", candidate[:place])]
    begins = [start for start in begins if candidate[start].lower() == letters[0]]
    if not begins:
        return None
    long = candidate[begins[-1] :].strip(" ,\"'“”‘’-–")
    is_longer = len(long) > len(short) and short.lower() not in long.lower().split()
    # "test (TST)" leaves words out; what it is short for isn't "test".
    return long if is_longer and content_words(long) and not is_english(long.lower()) else None

"""Red flags and requests for personal advice: what a reply says first, whatever else it says.

A table of phrases finds them, and where it finds none a classifier of red flags, if there is one for the index's
encoder. Runs before any retrieval, and there is no text that it can't read.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from retrieval.emergency_numbers import Numbers
from retrieval.encoder import OnnxEncoder
from retrieval.model import Notice, NoticeKind
from retrieval.phrases import compile_phrases, words_of
from retrieval.plain_words import PlainWords
from retrieval.red_flags import RedFlags, red_flags_of
from retrieval.safety_texts import TEXTS

__all__ = ["Safety", "safety_of", "shipped_safety"]

_TABLE = "safety.toml"
# A turn can go on with something urgent that was said so many turns ago.
_TURNS = 2
_CLAUSE_ENDS = (", ", ". ")
_FEW_WORDS = 5


@dataclass(frozen=True, slots=True)
class _Flag:
    """Phrases of one sort, and what makes another thing of them where it stands in the same sentence."""

    says: re.Pattern[str]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Against:
    """What speaks against a phrase, by where it has to stand (`safety.toml` says what each is)."""

    supposed: re.Pattern[str]
    asked_about: re.Pattern[str]
    past: re.Pattern[str]
    not_real: re.Pattern[str]
    now: re.Pattern[str]


@dataclass(frozen=True)
class Safety:
    """Finds what a question says of an emergency, of a crisis, and of what only the asker's own doctor can say.

    Without `red_flags` it goes by the table alone.
    """

    plain: PlainWords
    emergencies: Sequence[_Flag]
    crises: Sequence[_Flag]
    advice: Sequence[tuple[_Flag, re.Pattern[str] | None]]
    against: _Against
    against_crisis: re.Pattern[str]
    goes_on: re.Pattern[str]
    urges: re.Pattern[str]
    goes_on_about: re.Pattern[str]
    red_flags: RedFlags | None = None

    def kinds(self, question: str, history: Sequence[str] = ()) -> tuple[NoticeKind, ...]:
        """What the question needs a notice for, most urgent first; `history` are the earlier turns, oldest first."""
        sentences = self.plain.sentences(question)
        found = []
        if self._is_emergency(sentences) or self._goes_on(sentences, history):
            found.append(NoticeKind.EMERGENCY)
        if self._is_crisis(sentences):
            found.append(NoticeKind.CRISIS)
        # A vector takes longer than the table, which it can't overrule.
        found = found or self._classified(question, sentences)
        if not found and self._asks_advice(sentences):
            found.append(NoticeKind.PERSONAL_ADVICE)
        return tuple(found)

    def notices(self, question: str, history: Sequence[str], numbers: Numbers) -> tuple[Notice, ...]:
        """The fixed notices that a reply to the question begins with."""
        return tuple(Notice(kind, TEXTS[kind], numbers=numbers.of(kind)) for kind in self.kinds(question, history))

    def _is_emergency(self, sentences: Sequence[str]) -> bool:
        if any(self.against.not_real.search(sentence) for sentence in sentences):
            return False
        return any(self._is_now(flag, sentence) for sentence in sentences for flag in self.emergencies)

    def _is_now(self, flag: _Flag, sentence: str) -> bool:
        """Whether the sentence says so of now, and neither supposes it nor asks about it."""
        matches = list(flag.says.finditer(sentence))
        if not matches or (flag.unless and flag.unless.search(sentence)):
            return False
        return bool(self.against.now.search(sentence)) or any(self._is_said(match) for match in matches)

    def _is_said(self, match: re.Match[str]) -> bool:
        sentence, against = match.string, self.against
        start = max(sentence.rfind(mark, 0, match.start()) for mark in _CLAUSE_ENDS)
        end = min(place for mark in _CLAUSE_ENDS if (place := sentence.find(mark, match.end() - 1)) >= 0)
        return not (
            against.supposed.search(sentence, 0, match.start())
            or against.asked_about.search(sentence, start, match.end())
            or against.past.search(sentence, _with_time_before(sentence, start), end + 2)
        )

    def _is_crisis(self, sentences: Sequence[str]) -> bool:
        for sentence in sentences:
            if self.against_crisis.search(sentence):
                continue
            if any(
                flag.says.search(sentence) and not (flag.unless and flag.unless.search(sentence))
                for flag in self.crises
            ):
                return True
        return False

    def _classified(self, question: str, sentences: Sequence[str]) -> list[NoticeKind]:
        """The kinds of red flags that the classifier finds and nothing in the table speaks against."""
        if self.red_flags is None:
            return []
        found = {kind for kind, part in self.red_flags.found(question) if self._may_be(kind, part)}
        if any(self.against.not_real.search(sentence) for sentence in sentences):
            found.discard(NoticeKind.EMERGENCY)
        return [kind for kind in (NoticeKind.EMERGENCY, NoticeKind.CRISIS) if kind in found]

    def _may_be(self, kind: NoticeKind, part: str) -> bool:
        """Whether some clause of a part of the question can be a red flag of that kind."""
        sentences = self.plain.sentences(part)
        if kind is NoticeKind.CRISIS:
            return any(not self.against_crisis.search(sentence) for sentence in sentences)
        return any(self.against.now.search(s) or any(map(self._can_be_now, _clauses(s))) for s in sentences)

    def _can_be_now(self, clause: str) -> bool:
        against = (self.against.supposed, self.against.asked_about, self.against.past)
        return not any(pattern.search(clause) for pattern in against)

    def _goes_on(self, sentences: Sequence[str], history: Sequence[str]) -> bool:
        """Whether the question goes on with something urgent of the turns before."""
        before = [self.plain.sentences(turn) for turn in history[-_TURNS:]]
        if any(map(self.goes_on.search, sentences)):
            against = (self.against.supposed, self.against.asked_about)
            is_asked = any(pattern.search(sentence) for sentence in sentences for pattern in against)
            return not is_asked and any(self.goes_on_about.search(sentence) for turn in before for sentence in turn)
        return any(map(self.urges.search, sentences)) and any(map(self._is_emergency, before))

    def _asks_advice(self, sentences: Sequence[str]) -> bool:
        whole = "".join(sentences)
        for flag, about in self.advice:
            asks = any(flag.says.search(s) and not (flag.unless and flag.unless.search(s)) for s in sentences)
            if asks and (about is None or about.search(whole)):
                return True
        return False


def _clauses(sentence: str) -> list[str]:
    """The clauses of a plain sentence, each between marks as a sentence is."""
    inside = sentence.removeprefix(". ").removesuffix(". ")
    return [f". {clause.rstrip()} . " for clause in inside.split(", ") if clause.strip()]


def _with_time_before(sentence: str, start: int) -> int:
    """Where a clause begins together with the few words before it: "last year, my son …"."""
    before = max(sentence.rfind(mark, 0, start) for mark in _CLAUSE_ENDS)
    return before if before >= 0 and sentence.count(" ", before, start) <= _FEW_WORDS else start


def safety_of(encoder: OnnxEncoder) -> Safety:
    """The safety of the project's own table and, if it was fitted to this encoder, of the shipped classifier."""
    return replace(shipped_safety(), red_flags=red_flags_of(encoder))


@cache
def shipped_safety() -> Safety:
    """The safety of the project's own table."""
    table = tomllib.loads((resources.files("retrieval") / _TABLE).read_text(encoding="utf-8"))
    return _from(table)


def _from(table: Mapping[str, Any]) -> Safety:
    classes = table["words"]

    def compiled(phrases: Sequence[str]) -> re.Pattern[str]:
        return compile_phrases(phrases, classes)

    def flag(entry: Mapping[str, Any]) -> _Flag:
        return _Flag(compiled(entry["says"]), compiled(entry["unless"]) if "unless" in entry else None)

    advice = [
        (flag(entry), compiled(entry["about"]) if "about" in entry else None) for entry in table["advice"].values()
    ]
    against = table["unless"]
    follows = table["follows"]
    says = [entry for kind in ("emergency", "crisis", "advice") for entry in table[kind].values()]
    words = words_of(phrase for group in (*says, classes, follows) for phrases in group.values() for phrase in phrases)
    return Safety(
        PlainWords(table["typed"], frozenset(words)),
        [flag(entry) for entry in table["emergency"].values()],
        [flag(entry) for entry in table["crisis"].values()],
        advice,
        _Against(*(compiled(against[name]) for name in ("supposed", "asked_about", "past", "not_real", "now"))),
        compiled(against["crisis"]),
        compiled(follows["says"]),
        compiled(follows["urges"]),
        compiled(follows["about"]),
    )

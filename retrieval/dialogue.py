"""History and follow-up become the question that the follow-up stands for; words are chosen, none are made.

Three kinds of words matter. An aspect is what is asked of a subject ("treated", "symptoms"), a qualifier narrows it
("children", "severe cases"), and every other content word is a subject ("dystonia", "vitamin").
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

from retrieval.lexical import content_words, stems

__all__ = ["Dialogue"]


def _stemmed(words: str) -> frozenset[str]:
    return frozenset(stems(words))


_ASPECTS = _stemmed(
    """
    affect avoid benefit care cause check complication confuse control course cure dangerous define definition
    detect diagnose diagnosis diagnostic differ difference drug effect effective example explain feature feel
    fix form frequency happen harm help identify impact kind long manage management mean meaning medication
    medicine mistake mistaken monitor option outcome outlook pain painful permanent prevent prevention prognosis
    reason recover recovery reduce relief relieve remedy research result risk role safe serious side sign spread
    start stop subtype support surgery symptom tablet test therapies therapy treat treatment trigger type
    variety work worse worsen
    """
)
_QUALIFIERS = _stemmed(
    """
    adult baby bad body boy case child children common connect daily day doctor everyday everyone extreme family
    female girl individual infant kid life link live living male man men mild moderate new night old older other
    part patient people person rare relate same school severe severity somebody someone specific teenager
    together woman women young younger
    """
)
_FILLERS = _stemmed(
    """
    actually also anything ask bit bring bye come could detail else ever everything exactly get give go got
    hello hey hi info information know like little look lot made make many may might much must need never often
    ok okay one please question read really said say see shall something sometimes take talk tell thank thanks
    thing think two use usually want way wonder would
    """
)
_NO_SUBJECTS = _ASPECTS | _QUALIFIERS | _FILLERS
# "Is it safe to …", "it is possible that …": such an "it" stands for nothing that was said before.
_EMPTY_IT = re.compile(
    r"(?:(?:\b(?:is|was|would|will|be)|['’]s) it|\bit(?:['’]s| is| was))(?: \w+){1,2} (?:to|that|for|if|when)\b", re.I
)
_MENTION = re.compile(
    r"\b(?:(?:the|this|that|these|those|such|both)(?: (?!other)\w+)? "
    r"(?:condition|disease|disorder|illness|problem|one|two|thing)s?"
    r"|(?P<pronoun>its?|they|them|theirs?|(?:this|that|these|those|both)(?=\W*$| (?:is|are|was|do|does|did|can|could"
    r"|will|has|have|happens?|means?|works?|affects?|causes?|matters?|leads?|treated|diagnosed|managed|related|linked"
    r"|connected)\b)))\b",
    re.IGNORECASE,
)
# Stop words that name something after another word: "vitamin D", "hepatitis A"; "I" is always somebody.
_LETTERS = frozenset("ABCDEFGHJKLMNOPQRSTUVWXYZ")
_POSSESSIVES = frozenset({"its", "their"})
_PLURALS = frozenset({"they", "them", "their", "theirs"})
_ELLIPSIS = re.compile(r"\s*(?:and|or|but|so|also|what about|how about|what if|any)\b", re.IGNORECASE)
# An elliptical question has few words of its own; more make a full one that only happens to begin with "and".
_MOST_ELLIPTICAL_WORDS = 3
# What a turn hands on to the next is bounded, however many turns there are.
_MOST_SUBJECTS = 4
_MOST_SUBJECT_WORDS = 6


@dataclass(frozen=True, slots=True)
class _Turn:
    """A question standing alone, and the one with a subject or an aspect that it narrows: itself, mostly."""

    asked: str
    full: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Understands follow-ups; `knows` tells whether a word, by its stem, is one of the corpus."""

    knows: Callable[[str], bool]

    def standalone(self, question: str, history: Sequence[str]) -> str:
        """The question as it would be asked without `history`, the earlier questions, oldest first.

        A question with a subject of its own stays as it is, so that a new topic isn't dragged back to the old one.
        """
        return reduce(self._after, [*history, question], _Turn("", "")).asked

    def _after(self, earlier: _Turn, question: str) -> _Turn:
        """The turn that `question` makes after `earlier`."""
        old = self._subject(earlier.asked)
        words = content_words(question)
        if not old:
            asked = question
        elif mention := self._mention(question):
            new = f"{old}'s" if mention.group().lower() in _POSSESSIVES else old
            asked = question[: mention.start()] + new + question[mention.end() :]
        elif any(map(_is_subject, words)):
            asked = _completed(question, earlier.asked)
        elif any(map(_is_aspect, words)):
            asked = _extended(question, old)
        else:
            return _Turn(_extended(question, earlier.full.rstrip(" ?.!")), earlier.full)
        return _Turn(asked, asked)

    def _subject(self, question: str) -> str:
        """What a question is about, in its own words: those that the corpus knows, or else all."""
        known = _runs(question, lambda word: _is_subject(word) and self._knows(word))
        return " and ".join((known or _runs(question, _is_subject))[:_MOST_SUBJECTS])

    def _mention(self, question: str) -> re.Match[str] | None:
        """Where the question speaks of the earlier subject by a pronoun or a general name, if it does."""
        if _EMPTY_IT.search(question):
            return None
        for match in _MENTION.finditer(question):
            is_plural = (match.group("pronoun") or "").lower() in _PLURALS
            # "they" may be people or things that the question names later, but not with the word right after: what
            # "they" do; "it" is hardly ever named later.
            later = question[match.end() :].lstrip().partition(" ")[2] if is_plural else ""
            words = content_words(f"{question[: match.start()]} {later}")
            if not any(_is_subject(word) and self._knows(word) for word in words):
                return match
        return None

    def _knows(self, word: str) -> bool:
        return self.knows(_stem(word))


def _extended(question: str, terms: str) -> str:
    return f"{question.rstrip(' ?.!')} ({terms})?"


def _stem(word: str) -> str:
    return next(iter(stems(word)), word)


def _is_aspect(word: str) -> bool:
    return _stem(word) in _ASPECTS


def _is_subject(word: str) -> bool:
    return _stem(word) not in _NO_SUBJECTS


def _completed(question: str, earlier: str) -> str:
    """A question with a subject: as it is, or with what was asked of the earlier subject if it is an elliptical one."""
    words = content_words(question)
    if not _ELLIPSIS.match(question) or len(words) > _MOST_ELLIPTICAL_WORDS or any(map(_is_aspect, words)):
        return question
    asked = dict.fromkeys(word for word in content_words(earlier) if not _is_subject(word))
    return _extended(question, " ".join(asked)) if asked else question


def _runs(question: str, wanted: Callable[[str], bool]) -> list[str]:
    """The runs of `wanted` content words as they stand in the question: "deep brain stimulation", "vitamin D"."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[\w'’-]+|[^\w\s]", question):
        content = content_words(word)
        is_letter = bool(runs[-1]) and word in _LETTERS
        if is_letter or (content and all(map(wanted, content))):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return list(dict.fromkeys(" ".join(run[:_MOST_SUBJECT_WORDS]) for run in runs if run))

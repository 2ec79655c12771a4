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
# "Is it safe to …", "it is possible that …": such an "it" stands for nothing that was said before.
_EMPTY_IT = re.compile(
    r"\b(?:(?:is|was|would|will|be) it|it(?:'s| is| was))(?: \w+){1,2} (?:to|that|for|if|when)\b", re.I
)
_MENTION = re.compile(
    r"\b(?:(?:the|this|that|these|those|such|both)(?: (?!other)\w+)? "
    r"(?:condition|disease|disorder|illness|problem|one|two|thing)s?"
    r"|(?P<pronoun>its?|they|them|theirs?|(?:this|that|these|those|both)(?=\W*$| (?:is|are|was|do|does|did|can|could"
    r"|will|has|have|happens?|means?|works?|affects?|causes?|matters?|leads?|treated|diagnosed|managed|related|linked"
    r"|connected)\b)))\b",
    re.IGNORECASE,
)
_POSSESSIVES = frozenset({"its", "their"})
_PLURALS = frozenset({"they", "them", "their", "theirs"})
_ELLIPSIS = re.compile(r"\s*(?:and|or|but|so|also|what about|how about|what if|any)\b", re.IGNORECASE)
# An elliptical question has few words of its own; more make a full one that only happens to begin with "and".
_MOST_ELLIPTICAL_WORDS = 3


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Understands follow-ups; `knows` tells whether a word, by its stem, is one of the corpus."""

    knows: Callable[[str], bool]

    def standalone(self, question: str, history: Sequence[str]) -> str:
        """The question as it would be asked without `history`, the earlier questions, oldest first.

        A question with a subject of its own stays as it is, so that a new topic isn't dragged back to the old one.
        """
        return reduce(self._resolved, [*history, question])

    def _resolved(self, earlier: str, question: str) -> str:
        """`question` standing alone, after `earlier`, which does."""
        old = self._subject(earlier)
        if not old:
            return question
        if mention := self._mention(question):
            new = f"{old}'s" if mention.group().lower() in _POSSESSIVES else old
            return question[: mention.start()] + new + question[mention.end() :]
        words = content_words(question)
        has_aspect = any(_stem(word) in _ASPECTS for word in words)
        if any(map(_is_subject, words)):
            is_ellipsis = _ELLIPSIS.match(question) and not has_aspect and len(words) <= _MOST_ELLIPTICAL_WORDS
            asked = [word for word in content_words(earlier) if not _is_subject(word)]
            return _extended(question, " ".join(asked)) if is_ellipsis and asked else question
        return _extended(question, old if has_aspect else earlier.rstrip(" ?.!"))

    def _subject(self, question: str) -> str:
        """What a question is about, in its own words: those that the corpus knows, or else all."""
        known = _runs(question, lambda word: _is_subject(word) and self._knows(word))
        return " and ".join(known or _runs(question, _is_subject))

    def _mention(self, question: str) -> re.Match[str] | None:
        """Where the question speaks of the earlier subject by a pronoun or a general name, if it does."""
        if _EMPTY_IT.search(question):
            return None
        for match in _MENTION.finditer(question):
            is_plural = (match.group("pronoun") or "").lower() in _PLURALS
            # "they" may be people or things that the question names later; "it" is hardly ever.
            words = content_words(question if is_plural else question[: match.start()])
            if not any(_is_subject(word) and self._knows(word) for word in words):
                return match
        return None

    def _knows(self, word: str) -> bool:
        return self.knows(_stem(word))


def _extended(question: str, terms: str) -> str:
    return f"{question.rstrip(' ?.!')} ({terms})?"


def _stem(word: str) -> str:
    return next(iter(stems(word)), word)


def _is_subject(word: str) -> bool:
    return _stem(word) not in _ASPECTS | _QUALIFIERS | _FILLERS


def _runs(question: str, wanted: Callable[[str], bool]) -> list[str]:
    """The runs of `wanted` content words as they stand in the question: "deep brain stimulation", "seizures"."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[\w'’-]+|[^\w\s]", question):
        content = content_words(word)
        if content and all(map(wanted, content)):
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return list(dict.fromkeys(" ".join(run) for run in runs if run))

"""History and follow-up become the question that the follow-up stands for; words are chosen, none are made."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from retrieval.lexical import stems
from retrieval.resolver import Pick, Picks

__all__ = ["Dialogue", "asks_for_more"]

# "Is it safe to …", "it is possible that …": such an "it" stands for nothing that was said before.
_EMPTY_IT = re.compile(
    r"(?:(?:\b(?:is|was|would|will|be)|['’]s) it|\bit(?:['’]s| is| was))(?: \w+){1,2} (?:to|that|for|if|when)\b", re.I
)
_VERB = (
    r"is|are|was|were|do|does|did|can|could|will|has|have|happens?|means?|works?|affects?|causes?|matters?|leads?"
    r"|treated|diagnosed|managed|related|linked|connected"
)
_MENTION = re.compile(
    # Not a part of a longer word: "HER-2", "it-band".
    r"\b(?<![-'’])(?:(?:the|this|that|these|those|such|both)"
    r"(?: (?:same|first|second|third|last|former|latter|two|three|whole))? "
    r"(?:condition|disease|disorder|illness|problem|one|two|thing)s?"
    r"|(?P<possessive>its|their|his|her(?= \w))|it|they|them|theirs|he|she|him|her|hers"
    rf"|(?:this|that|these|those|both)(?=\W*$| (?:{_VERB})\b))\b(?!-\w)",
    re.IGNORECASE,
)
# What may stand between the words of a phrase: up to two words more, no end of a sentence, and nothing that stands in
# pairs (of brackets a phrase would have one) or is no text (half a character).
_GAP = r"[^\w.?!;:\n()\[\]{}\"“”«»\ud800-\udfff]+"
_BETWEEN = re.compile(rf"{_GAP}(?:\w+{_GAP}){{0,2}}")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
# What a turn takes from those before is bounded.
_MOST_WORDS = 12


# "Tell me more", "what else?", "any others, please": all words are of these, and one of them asks to go on.
_ONWARD = frozenset("more else next further continue onward other others another".split())
_BESIDE_ONWARD = frozenset(
    """
    a about again and any anything are can could details else for from give go got have i information info is it know
    like me much of ok okay on one ones please quote quotes results say show some something sources tell than thank
    thanks that the them there these they things this us want we what would yes you
    """.split()
)
_GO_ON = re.compile(r"\W*(?:please )?(?:go|carry|keep|read) on\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that stand together in a turn, "history of the reeds", and the highest probability that they are needed."""

    text: str
    probability: float


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Understands follow-ups by the words of earlier turns that are picked for them.

    A follow-up that needs words with the probability `need_threshold` takes those of `pick_threshold` or more.
    """

    picks: Callable[[str, Sequence[str]], Picks]
    need_threshold: float
    pick_threshold: float

    def standalone(self, question: str, history: Sequence[str]) -> str:
        """The question as it would be asked without `history`, the earlier turns, oldest first.

        A question that needs none of their words stays as it is.
        """
        picks = self.picks(question, history)
        if picks.needed < self.need_threshold:
            return question
        found = [pick for pick in picks.words if pick.probability >= self.pick_threshold]
        best = sorted(found, key=lambda pick: -pick.probability)[:_MOST_WORDS]
        phrases = _phrases([pick for pick in found if pick in best], history)
        if not phrases:
            return question
        mention = None if _EMPTY_IT.search(question) else _MENTION.search(question)
        if mention is None:
            return _extended(question, phrases)
        named = max(phrases, key=lambda phrase: phrase.probability)
        text = _possessive(named.text) if mention["possessive"] else named.text
        asked = question[: mention.start()] + text + question[mention.end() :]
        return _extended(asked, [phrase for phrase in phrases if phrase != named])


def asks_for_more(question: str) -> bool:
    """Whether the question only asks for more of what came before: "tell me more", "what else?"."""
    words = set(re.findall(r"[^\W\d_]+", question.lower()))
    return words <= _ONWARD | _BESIDE_ONWARD and (bool(words & _ONWARD) or _GO_ON.match(question) is not None)


def _phrases(picks: Sequence[Pick], history: Sequence[str]) -> list[_Phrase]:
    """The picked words, those that stand together in one phrase, in order.

    Of a phrase that says no more than another, nothing but its probability is left: it counts for the other.
    """
    runs: list[list[Pick]] = []
    for pick in picks:
        if runs and _are_beside(runs[-1][-1], pick, history):
            runs[-1].append(pick)
        else:
            runs.append([pick])
    phrases = [
        _Phrase(history[run[0].word.turn][run[0].word.start : run[-1].word.end], max(pick.probability for pick in run))
        for run in runs
    ]
    kept: dict[int, float] = {}
    for number, phrase in sorted(enumerate(phrases), key=lambda numbered: -len(numbered[1].text)):
        said = {*stems(phrase.text)}
        saying = next((other for other in kept if said <= {*stems(phrases[other].text)}), number)
        kept[saying] = max(kept.get(saying, 0.0), phrase.probability)
    return [_Phrase(phrases[number].text, kept[number]) for number in sorted(kept)]


def _are_beside(one: Pick, other: Pick, history: Sequence[str]) -> bool:
    """Whether nothing that matters stands between two words."""
    if one.word.turn != other.word.turn:
        return False
    between = history[one.word.turn][one.word.end : other.word.start]
    return _BETWEEN.fullmatch(between) is not None and not stems(between)


def _possessive(text: str) -> str:
    if _POSSESSIVE.search(text):
        return text
    return f"{text}’" if text.lower().endswith("s") else f"{text}’s"


def _extended(question: str, phrases: Sequence[_Phrase]) -> str:
    terms = ", ".join(dict.fromkeys(phrase.text for phrase in phrases))
    return f"{question.rstrip(' ?.!')} ({terms})?" if terms else question

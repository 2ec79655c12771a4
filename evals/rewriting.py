"""How well follow-up questions are turned into ones that stand alone: the words taken from what was said before.

Against human rewrites, by the measure of Voskarides et al., "Query resolution for conversational search with limited
supervision", SIGIR 2020 (QuReTeC): of the words of the history that the question hasn't got, a human rewrite has some,
which are gold, and the rewrite that is measured has some, which are predicted. A word is the stem of a content word
(`retrieval/lexical.py`), counted once a turn.

- precision, recall, f1: of the predicted words of all turns together.
- left_alone: of the turns that the human added no word to (a new subject, or a question that is full already), those
  without predicted ones.
- topic_switches_left_alone: the same of those of them whose question has at least two words, none of them in the
  history.

Intervals are over conversations, since the turns of one hang together.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evals.conversations import Conversation, Turn
from evals.intervals import Estimate, bootstrap_weights, f1, ratio
from retrieval.lexical import stems

__all__ = ["ROWS", "Rewrite", "Rewriting", "measure", "milliseconds", "prediction_lines", "rewrite_all", "to_record"]

Floats = npt.NDArray[np.float64]
Words = frozenset[str]
# A question and what was said before it, oldest first, in; the question as it stands alone out, or `None` if nothing is
# looked up for it.
Rewrite = Callable[[str, Sequence[str]], str | None]

_WARM_UP = 5  # the first calls load things, and would be counted as slow ones
_LEAST_WORDS_OF_A_SUBJECT = 2


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What became of a turn: `asked_as` is `None` if nothing is looked up for it, which takes no words.

    `words` are all that could be taken: those of the history that the question hasn't got. `gold` and `predicted` are
    some of them. `is_full` says that the human added no word, from wherever, and `is_switch` that besides
    the question has a subject that is new.
    """

    conversation: str
    turn: Turn
    asked_as: str | None
    milliseconds: float
    words: Words
    gold: Words
    predicted: Words
    is_full: bool
    is_switch: bool

    @classmethod
    def of(cls, conversation: str, turn: Turn, asked_as: str | None, elapsed_ms: float) -> "Rewriting":
        """Counts the words of a turn that became the question `asked_as` in so many milliseconds."""
        question, history = _words(turn.question), _words(*turn.history)
        added = _words(turn.rewrite or "") - question
        predicted = (_words(asked_as or "") - question) & history
        is_new = len(question) >= _LEAST_WORDS_OF_A_SUBJECT and question.isdisjoint(history)
        return cls(
            conversation,
            turn,
            asked_as,
            elapsed_ms,
            words=history - question,
            gold=added & history,
            predicted=predicted,
            is_full=not added,
            is_switch=is_new and not added,
        )


# What is compared, by name: the words that each takes.
ROWS: Mapping[str, Callable[[Rewriting], Words]] = {
    "last_turn": lambda _: frozenset(),
    "all_history": lambda rewriting: rewriting.words,
    "ours": lambda rewriting: rewriting.predicted,
}


def rewrite_all(
    conversations: Iterable[Conversation],
    rewrite: Rewrite,
    progress: Callable[[int, int], None],
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> list[Rewriting]:
    """Rewrites each turn that has a history and a human's rewrite; `clock` gives seconds."""
    turns = [(one.id, turn) for one in conversations for turn in one.turns if turn.is_measured]
    for _, turn in turns[:_WARM_UP]:
        rewrite(turn.question, turn.history)
    found = []
    for number, (conversation, turn) in enumerate(turns):
        progress(number, len(turns))
        began = clock()
        asked_as = rewrite(turn.question, turn.history)
        found.append(Rewriting.of(conversation, turn, asked_as, 1000 * (clock() - began)))
    return found


def measure(rewritings: Sequence[Rewriting]) -> dict[str, dict[str, Estimate]]:
    """The figures of each of `ROWS` over at least one turn, by name."""
    return {name: _estimates(rewritings, taken) for name, taken in ROWS.items()}


def milliseconds(rewritings: Sequence[Rewriting]) -> dict[str, float]:
    """The time a turn takes: the mean, and the least that half of the turns and 95% of them keep within."""
    elapsed = np.array([rewriting.milliseconds for rewriting in rewritings])
    half, most = np.quantile(elapsed, (0.5, 0.95), method="inverted_cdf")
    return {"mean": float(elapsed.mean()), "p50": float(half), "p95": float(most)}


def to_record(data: str, conversations: Sequence[Conversation], rewritings: Sequence[Rewriting]) -> dict[str, Any]:
    """What came of the conversations of the file `data`, as one JSON object."""
    return {
        "version": 1,
        "data": data,
        "conversations": len({rewriting.conversation for rewriting in rewritings}),
        "turns": len(rewritings),
        "left_out": sum(len(conversation.turns) for conversation in conversations) - len(rewritings),
        "full": sum(rewriting.is_full for rewriting in rewritings),
        "topic_switches": sum(rewriting.is_switch for rewriting in rewritings),
        "refused": sum(rewriting.asked_as is None for rewriting in rewritings),
        "milliseconds": milliseconds(rewritings),
        "rewritings": {
            name: {figure: asdict(estimate) for figure, estimate in figures.items()}
            for name, figures in measure(rewritings).items()
        },
    }


def prediction_lines(rewritings: Iterable[Rewriting]) -> str:
    """One line a turn: `{"id", "turn", "question", "asked_as", "gold", "predicted"}`, the words as sorted stems."""
    return "".join(f"{json.dumps(_prediction(rewriting), ensure_ascii=False)}\n" for rewriting in rewritings)


def _prediction(rewriting: Rewriting) -> dict[str, Any]:
    return {
        "id": rewriting.conversation,
        "turn": rewriting.turn.number,
        "question": rewriting.turn.question,
        "asked_as": rewriting.asked_as,
        "gold": sorted(rewriting.gold),
        "predicted": sorted(rewriting.predicted),
    }


def _words(*texts: str) -> Words:
    return frozenset(stem for text in texts for stem in stems(text))


def _estimates(rewritings: Sequence[Rewriting], taken: Callable[[Rewriting], Words]) -> dict[str, Estimate]:
    names = [rewriting.conversation for rewriting in rewritings]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    # Summed within conversations first: these are drawn whole (a cluster bootstrap).
    rows = np.array([_counts(rewriting, taken(rewriting)) for rewriting in rewritings], np.float64)
    counts = np.zeros((len(numbers), rows.shape[1]))
    np.add.at(counts, [numbers[name] for name in names], rows)
    found = _figures(counts, np.ones((1, len(numbers))))
    resampled = _figures(counts, bootstrap_weights(len(numbers)))
    return {name: Estimate.of(float(value), resampled[name]) for name, (value,) in found.items()}


def _counts(rewriting: Rewriting, taken: Words) -> tuple[int, ...]:
    """Words that are gold and taken, taken, and gold; whether it is full, and left alone; so if a switch."""
    is_left = not taken
    return (
        len(rewriting.gold & taken),
        len(taken),
        len(rewriting.gold),
        rewriting.is_full,
        rewriting.is_full and is_left,
        rewriting.is_switch,
        rewriting.is_switch and is_left,
    )


def _figures(counts: Floats, weights: Floats) -> dict[str, Floats]:
    """Each figure with each row of `weights`, (resamples, conversations): (resamples,), nan where there is none."""
    shared, predicted, gold, full, left_alone, switches, switches_left = (weights @ counts).T
    return {
        "precision": ratio(shared, predicted),
        "recall": ratio(shared, gold),
        "f1": f1(shared, predicted, gold),
        "left_alone": ratio(left_alone, full),
        "topic_switches_left_alone": ratio(switches_left, switches),
    }

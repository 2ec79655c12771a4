"""Measures what follow-up questions find: as they were asked, as the bot rewrites them, and as a human did."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.beir import Query
from evals.jsonl import DataError
from evals.rankings import rank
from evals.retrieval import Mean, PerQuery, Task, means
from retrieval.answer import Responder

__all__ = ["Changes", "FollowUps", "follow_ups", "measure_follow_ups"]

_LAST_TURN, _REWRITTEN, _HUMAN = "last_turn", "rewritten", "human"
_JUDGED_BY = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Changes:
    """How many questions the bot rewrites, and how many of these then do better or worse by nDCG@10."""

    changed: int
    better: int
    worse: int


@dataclass(frozen=True, slots=True)
class FollowUps:
    """What came of each form: the questions and their figures, by form and query id.

    The forms are "last_turn", "rewritten" and, of those queries that have one, "human". `refused` are the queries that
    the bot looks nothing up for, as small talk, nonsense or another language; they are searched for as they were asked.
    """

    asked: Mapping[str, Mapping[str, str]]
    per_query: Mapping[str, PerQuery]
    refused: tuple[str, ...]

    def of_all(self) -> dict[str, dict[str, Mean]]:
        """The figures of the forms that every query has."""
        return {form: means(self.per_query[form]) for form in (_LAST_TURN, _REWRITTEN)}

    def beside_human(self) -> dict[str, dict[str, Mean]]:
        """The figures of all three forms over the queries that a human rewrote; nothing if there are none."""
        queries = self.asked[_HUMAN]
        if not queries:
            return {}
        return {form: means({key: figures[key] for key in queries}) for form, figures in self.per_query.items()}

    def changes(self) -> Changes:
        """What the bot's rewriting changes."""
        last, rewritten = self.asked[_LAST_TURN], self.asked[_REWRITTEN]
        gains = [self._gain(query) for query in last if last[query] != rewritten[query]]
        return Changes(len(gains), sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains))

    def _gain(self, query: str) -> float:
        return self.per_query[_REWRITTEN][query][_JUDGED_BY] - self.per_query[_LAST_TURN][query][_JUDGED_BY]


def follow_ups(queries: Sequence[Query], path: Path) -> list[Query]:
    """Those of the queries in the file `path` that have a history.

    Raises:
        DataError: if none has.
    """
    if found := [query for query in queries if query.history]:
        return found
    raise DataError(
        f"{path}: found no query with earlier questions, wanted a list of them as history in its meta; name a file of "
        "follow-ups"
    )


def measure_follow_ups(task: Task, responder: Responder, progress: Callable[[int, int], None]) -> FollowUps:
    """Rewrites and searches for each query of the task, after its history."""
    queries = task.judged.queries
    last = {query.id: " ".join(query.text.split()) for query in queries}
    looked_up = {query.id: responder.looked_up(query.text, query.history) for query in queries}
    asked = {
        _LAST_TURN: last,
        _REWRITTEN: {key: last[key] if question is None else question for key, question in looked_up.items()},
        _HUMAN: {query.id: query.rewrite for query in queries if query.rewrite is not None},
    }
    found = rank(task.index, (question for form in asked.values() for question in form.values()), progress)
    per_query = {
        form: task.measure({key: found[question] for key, question in questions.items()})
        for form, questions in asked.items()
    }
    return FollowUps(asked, per_query, tuple(key for key, question in looked_up.items() if question is None))

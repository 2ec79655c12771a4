"""Measures rankings of the documents of a public set; the only door to ir-measures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ir_measures import AP, RR, R, evaluator, nDCG

from evals.beir import Judged
from evals.intervals import interval
from evals.jsonl import DataError
from retrieval.index import PassageIndex

__all__ = ["Mean", "PerQuery", "Task", "check_trec_ids", "means", "to_record", "trec_run"]

PerQuery = dict[str, dict[str, float]]  # figures by query id and name


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a figure over queries, and its 95% interval (bootstrap over queries)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Task:
    """A public set that is ready to be searched, and how rankings of its documents are measured.

    A document of the grade `relevance` or more is relevant. `missing` counts the judgments of documents that the index
    hasn't got: pooled sets have them, and a relevant one is one that can't be found. `condensed` measures on the
    documents alone that are judged and in the index: others go from the rankings (Sakai, "Alternatives to Bpref", SIGIR
    2007) and from the judgments.
    """

    index: PassageIndex
    judged: Judged
    relevance: int
    condensed: bool
    missing: int

    @classmethod
    def of(cls, index: PassageIndex, judged: Judged, *, relevance: int, condensed: bool) -> "Task":
        """The task of finding in `index` what is judged relevant.

        Raises:
            DataError: if the index has none of the documents that are judged, or `condensed` none that is relevant.
        """
        documents = [document for grades in judged.judgments.values() for document in grades]
        missing = sum(document not in index.numbers for document in documents)
        if missing == len(documents):
            raise DataError(
                f"none of the {missing} judged documents, as {documents[0]!r}, is in the corpus; name the corpus that "
                "the judgments are about"
            )
        if condensed:
            judged = judged.among(index.numbers, relevance=relevance)
        return cls(index, judged, relevance, condensed, missing)

    def measure(self, rankings: Mapping[str, Sequence[str]]) -> PerQuery:
        """nDCG@10, R@5, R@10, RR@10 and AP of the rankings, which are by query id.

        The gains of nDCG are the grades, of which one below 0 counts as 0; AP is of the documents ranked.
        """
        measures = {
            "nDCG@10": nDCG @ 10,
            "R@5": R(rel=self.relevance) @ 5,
            "R@10": R(rel=self.relevance) @ 10,
            "RR@10": RR(rel=self.relevance) @ 10,
            "AP": AP(rel=self.relevance),
        }
        names = {measure: name for name, measure in measures.items()}
        judgments = {query: self._gains(query) for query in rankings}
        scored = {query: self._scored(query, ranking) for query, ranking in rankings.items()}
        per_query: PerQuery = {query: dict.fromkeys(measures, 0.0) for query in rankings}
        for found in evaluator(measures.values(), judgments).iter_calc(scored):
            per_query[found.query_id][names[found.measure]] = float(found.value)
        return per_query

    def _gains(self, query: str) -> dict[str, int]:
        return {document: max(0, grade) for document, grade in self.judged.judgments[query].items()}

    def _scored(self, query: str, ranking: Sequence[str]) -> dict[str, float]:
        grades = self.judged.judgments[query]
        counted = [document for document in ranking if not self.condensed or document in grades]
        return {document: float(score) for document, score in _scores(counted)}


def means(per_query: PerQuery) -> dict[str, Mean]:
    """The mean of each figure over all the queries, at least one."""
    names = next(iter(per_query.values()))
    columns = {name: np.array([figures[name] for figures in per_query.values()], np.float64) for name in names}
    return {name: Mean(float(values.mean()), *interval(values)) for name, values in columns.items()}


def to_record(task: Task, corpus: str) -> dict[str, Any]:
    """What a result says of the task that it is of; `corpus` is what the documents are called."""
    return {
        "version": 1,
        "corpus": corpus,
        "encoder": Path(task.index.encoder.settings.name).name,
        "documents": len(task.index.documents),
        "passages": len(task.index),
        "queries": len(task.judged.queries),
        "left_out": task.judged.left_out,
        "judged_missing": task.missing,
        "condensed": task.condensed,
        "relevance": task.relevance,
    }


def check_trec_ids(task: Task) -> None:
    """Checks that the ids can stand in a run of TREC's format.

    Raises:
        DataError: if there is white space in one, which would end its field.
    """
    for name in [*task.judged.judgments, *task.index.numbers]:
        if name.split() != [name]:
            raise DataError(f"found the id {name!r}, wanted one without white space for TREC's run format; rename it")


def trec_run(rankings: Mapping[str, Sequence[str]], tag: str) -> str:
    """The rankings as lines of TREC's run format; the scores keep the order, which is all that trec_eval looks at."""
    return "".join(
        f"{query} Q0 {document} {place} {score} {tag}\n"
        for query, ranking in rankings.items()
        for place, (document, score) in enumerate(_scores(ranking), start=1)
    )


def _scores(ranking: Sequence[str]) -> Iterable[tuple[str, int]]:
    """Scores that fall by one: trec_eval sorts by score and, where two are the same, by id."""
    return zip(ranking, range(len(ranking), 0, -1), strict=True)

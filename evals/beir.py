"""Retrieval sets in BEIR's layout: questions and judgments; `evals/collection.py` reads their documents."""

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.jsonl import DataError, is_texts, read_lines, read_records, wanted_keys

__all__ = ["Condition", "Judged", "Judgments", "Query", "judged", "read_judgments", "read_queries"]

# The grades of documents, by query id and document id.
Judgments = Mapping[str, Mapping[str, int]]

_COLUMNS, _COLUMNS_WANTED = 3, "query, document and score with tabs between them"
_HEADER = "score"
_HIGHEST_GRADE = 1000  # trec_eval counts documents of each grade up to the highest


@dataclass(frozen=True, slots=True)
class Condition:
    """What a query's `meta` must hold to be taken: `value` is JSON (true, 3), or a text as it is."""

    key: str
    value: str

    def holds(self, meta: Mapping[str, Any]) -> bool:
        """Whether `meta` has the key with the value."""
        found = meta.get(self.key)
        return self.key in meta and self.value == (found if isinstance(found, str) else json.dumps(found))


@dataclass(frozen=True, slots=True)
class Query:
    """A question after `history`, the earlier ones, and the same as a human would ask it without them, if known."""

    id: str
    text: str
    history: tuple[str, ...] = ()
    rewrite: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """Queries that have a relevant document, with the judgments of just these; the others are only counted."""

    queries: tuple[Query, ...]
    judgments: Judgments
    left_out: int

    def among(self, documents: Container[str], *, relevance: int) -> "Judged":
        """The same without judgments of other documents, and without the queries that have no relevant one then.

        Raises:
            DataError: if no query is left.
        """
        judgments = {
            query: {document: grade for document, grade in grades.items() if document in documents}
            for query, grades in self.judgments.items()
        }
        kept = tuple(query for query in self.queries if max(judgments[query.id].values(), default=0) >= relevance)
        if not kept:
            raise DataError(
                f"none of the documents judged {relevance} or more for the {len(self.queries)} queries is in the corpus"
                "; name the corpus that the judgments are about"
            )
        return Judged(
            kept, {query.id: judgments[query.id] for query in kept}, self.left_out + len(self.queries) - len(kept)
        )


def read_queries(path: Path, *, condition: Condition | None = None, text_key: str | None = None) -> list[Query]:
    """The queries of a set, `{"id", "text", "meta": {}}` a line, or with "_id".

    Only those that meet `condition` are taken, and their text is `meta[text_key]` if that is given. `meta` may have
    `history`, the earlier questions, and `rewrite`.

    Raises:
        DataError: naming the file and line of the first fault.
    """
    queries: list[Query] = []
    known: set[str] = set()
    for where, record in read_records(path, "queries"):
        named = {"meta": {}, **record, **({"id": record["_id"]} if "_id" in record else {})}
        wanted_keys(named, {"id": str, "text": str, "meta": dict}, where)
        if named["id"] in known:
            raise DataError(f"{where}: id {named['id']!r} stands twice; give each query its own")
        known.add(named["id"])
        if condition is None or condition.holds(named["meta"]):
            queries.append(_query(named, text_key, where))
    if not queries and condition is not None:
        raise DataError(
            f"{path}: found no query whose meta has {condition.key!r} with the value {condition.value!r}, wanted one "
            "at least; name another"
        )
    return queries


def _query(record: Mapping[str, Any], text_key: str | None, where: str) -> Query:
    meta = record["meta"]
    if text_key is not None and not isinstance(meta.get(text_key), str):
        raise DataError(f"{where}: found the keys {sorted(meta)} in meta, wanted a text as {text_key!r}; add it")
    history, rewrite = meta.get("history", []), meta.get("rewrite")
    if not is_texts(history) or not isinstance(rewrite, str | None):
        raise DataError(f"{where}: wanted a list of texts for history and a text for rewrite in meta; correct it")
    return Query(record["id"], record["text"] if text_key is None else meta[text_key], tuple(history), rewrite)


def read_judgments(path: Path) -> dict[str, dict[str, int]]:
    """The judgments (qrels) of a set: query, document and grade a line, between tabs, with a header or without.

    Raises:
        DataError: naming the file and line of the first fault.
    """
    judgments: dict[str, dict[str, int]] = {}
    for number, line in enumerate(read_lines(path), start=1):
        where = f"{path}, line {number}"
        parts = line.split("\t")
        if len(parts) != _COLUMNS:
            raise DataError(f"{where}: found {line!r}, wanted {_COLUMNS_WANTED}; correct it")
        query, document, grade = parts
        if number == 1 and grade.strip() == _HEADER:
            continue
        if document in (grades := judgments.setdefault(query, {})):
            raise DataError(f"{where}: document {document!r} is judged twice for query {query!r}; keep one of the two")
        grades[document] = _grade(grade, where)
    if not judgments:
        raise DataError(f"{path}: found no judgments, wanted {_COLUMNS_WANTED} in each line; name another file")
    return judgments


def _grade(text: str, where: str) -> int:
    try:
        grade = int(text)
    except ValueError:
        grade = None
    if grade is None or abs(grade) > _HIGHEST_GRADE:
        raise DataError(
            f"{where}: found the score {text.strip()!r}, wanted a whole number of at most {_HIGHEST_GRADE} (or "
            f"{_HEADER!r} in the first line); correct it"
        )
    return grade


def judged(queries: Sequence[Query], path: Path, *, relevance: int) -> Judged:
    """The queries that have a document of the grade `relevance` or more in a file of judgments (qrels).

    Raises:
        DataError: if there is none, or as `read_judgments` does.
    """
    judgments = read_judgments(path)
    kept = tuple(query for query in queries if max(judgments.get(query.id, {"": 0}).values()) >= relevance)
    if not kept:
        raise DataError(
            f"{path}: found no document judged {relevance} or more for any of the {len(queries)} queries that are "
            "chosen; name the file that belongs to them"
        )
    return Judged(kept, {query.id: judgments[query.id] for query in kept}, len(queries) - len(kept))

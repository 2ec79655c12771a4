"""Queries and judgments of public sets: what is read, and each fault with its line."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from evals.beir import Condition, Judged, Query, judged, read_judgments, read_queries
from evals.jsonl import DataError
from tests.fiction import write

GOOD: dict[str, Any] = {"id": "1", "text": "Where do moths rest?"}


def queries_of(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "queries.jsonl", "".join(f"{line}\n" for line in lines))


def qrels_of(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "qrels.tsv", "".join(line.replace(" ", "\t") + "\n" for line in lines))


def test_queries_are_read_with_their_history_and_rewrite(tmp_path: Path) -> None:
    lines = [
        json.dumps(GOOD),
        json.dumps(
            {"_id": "2", "text": "And bells?", "meta": {"history": ["Do moths hum?"], "rewrite": "Do bells hum?"}}
        ),
        json.dumps({"id": "3", "text": "Ring?", "meta": {"history": [], "rewrite": None}, "more": 1}),
    ]
    read = [
        Query("1", "Where do moths rest?"),
        Query("2", "And bells?", ("Do moths hum?",), "Do bells hum?"),
        Query("3", "Ring?"),
    ]
    assert read_queries(queries_of(tmp_path, *lines)) == read
    packed = tmp_path / "queries.jsonl.gz"
    packed.write_bytes(gzip.compress(queries_of(tmp_path, *lines).read_bytes()))
    assert read_queries(packed) == read


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("split", "test", ["1"]),
        ("is_new", "true", ["2"]),
        ("is_new", "false", ["1"]),
        ("count", "3", ["2"]),
        ("count", "null", ["1"]),
        ("also", "true", ["1"]),
    ],
)
def test_queries_are_chosen_by_a_value_of_their_meta_as_text(
    key: str, value: str, found: list[str], tmp_path: Path
) -> None:
    first = {"split": "test", "is_new": False, "count": None, "also": "true"}
    second = {"split": "train", "is_new": True, "count": 3}
    lines = [
        json.dumps({"id": number, "text": "moths?", "meta": meta}) for number, meta in (("1", first), ("2", second))
    ]
    lines.append(json.dumps({"id": "3", "text": "moths?"}))
    assert [query.id for query in read_queries(queries_of(tmp_path, *lines), condition=Condition(key, value))] == found


def test_the_text_of_queries_can_be_taken_from_their_meta_where_they_are_chosen(tmp_path: Path) -> None:
    chosen = {**GOOD, "meta": {"short": "moths rest", "split": "test"}}
    other = {"id": "2", "text": "Do bells ring?", "meta": {"split": "train"}}
    path = queries_of(tmp_path, json.dumps(chosen), json.dumps(other))
    condition = Condition("split", "test")
    assert read_queries(path, condition=condition, text_key="short") == [Query("1", "moths rest")]
    with pytest.raises(DataError) as error:
        read_queries(path, text_key="short")
    assert str(error.value) == f"{path}, line 2: found the keys ['split'] in meta, wanted a text as 'short'; add it"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("{", "no JSON ("),
        ('{"text": "moths?"}', "found the keys ['meta', 'text'], wanted 'id' among them; add it"),
        ('{"id": "2"}', "found the keys ['id', 'meta'], wanted 'text' among them; add it"),
        ('{"id": 2, "text": "moths?"}', "found id of type int, wanted str; correct it"),
        ('{"id": "2", "text": null}', "found text of type NoneType, wanted str; correct it"),
        ('{"id": "2", "text": "moths?", "meta": []}', "found meta of type list, wanted dict; correct it"),
        ('{"id": "1", "text": "moths?"}', "id '1' stands twice; give each query its own"),
        (
            '{"id": "2", "text": "moths?", "meta": {"history": "moths"}}',
            "wanted a list of texts for history and a text for rewrite in meta; correct it",
        ),
        (
            '{"id": "2", "text": "moths?", "meta": {"rewrite": 1}}',
            "wanted a list of texts for history and a text for rewrite in meta; correct it",
        ),
    ],
)
def test_the_first_fault_in_queries_is_told_with_file_and_line(bad: str, fault: str, tmp_path: Path) -> None:
    path = queries_of(tmp_path, json.dumps(GOOD), bad, "{")
    with pytest.raises(DataError) as error:
        read_queries(path)
    assert str(error.value).startswith(f"{path}, line 2: {fault}")


def test_no_query_of_a_kind_is_refused(tmp_path: Path) -> None:
    path = queries_of(tmp_path, json.dumps(GOOD))
    with pytest.raises(DataError) as error:
        read_queries(path, condition=Condition("split", "tset"))
    assert str(error.value) == (
        f"{path}: found no query whose meta has 'split' with the value 'tset', wanted one at least; name another"
    )


@pytest.mark.parametrize(
    "lines",
    [["1 moths 2", "1 reeds 0", "2 bells -1"], ["query-id corpus-id score", "1 moths 2", "1 reeds 0", "2 bells -1"]],
)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_judgments_are_read_with_a_header_or_without(
    end: bytes, packed: bool, lines: list[str], tmp_path: Path
) -> None:
    path = qrels_of(tmp_path, *lines)
    content = path.read_bytes().replace(b"\n", end)
    path = path.with_suffix(".tsv.gz") if packed else path
    path.write_bytes(gzip.compress(content) if packed else content)
    assert read_judgments(path) == {"1": {"moths": 2, "reeds": 0}, "2": {"bells": -1}}


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("1 moths", "found '1\\tmoths', wanted query, document and score with tabs between them; correct it"),
        (
            "1 0 moths 1",
            "found '1\\t0\\tmoths\\t1', wanted query, document and score with tabs between them; correct it",
        ),
        ("", "found '', wanted query, document and score with tabs between them; correct it"),
        (
            "1 bells 0.5",
            "found the score '0.5', wanted a whole number of at most 1000 (or 'score' in the first line); correct it",
        ),
        (
            "1 bells score",
            "found the score 'score', wanted a whole number of at most 1000 (or 'score' in the first line); correct it",
        ),
        (
            "1 bells 1001",
            "found the score '1001', wanted a whole number of at most 1000 (or 'score' in the first line); correct it",
        ),
        ("1 moths 1", "document 'moths' is judged twice for query '1'; keep one of the two"),
    ],
)
def test_the_first_fault_in_judgments_is_told_with_file_and_line(bad: str, fault: str, tmp_path: Path) -> None:
    path = qrels_of(tmp_path, "1 moths 1", bad, "")
    with pytest.raises(DataError) as error:
        read_judgments(path)
    assert str(error.value) == f"{path}, line 2: {fault}"


@pytest.mark.parametrize("lines", [[], ["query-id corpus-id score"]])
def test_a_file_without_judgments_is_refused(lines: list[str], tmp_path: Path) -> None:
    path = qrels_of(tmp_path, *lines)
    with pytest.raises(DataError) as error:
        read_judgments(path)
    assert str(error.value) == (
        f"{path}: found no judgments, wanted query, document and score with tabs between them in each line; name "
        "another file"
    )


def test_queries_without_a_relevant_document_are_left_out_and_counted(tmp_path: Path) -> None:
    queries = [Query(str(number), "moths?") for number in range(1, 5)]
    path = qrels_of(tmp_path, "1 moths 2", "1 reeds 1", "2 moths 1", "3 moths 0", "other moths 2")
    first, second = {"1": {"moths": 2, "reeds": 1}}, {"2": {"moths": 1}}
    assert judged(queries, path, relevance=1) == Judged((queries[0], queries[1]), first | second, left_out=2)
    assert judged(queries, path, relevance=2) == Judged((queries[0],), first, left_out=3)
    with pytest.raises(DataError) as error:
        judged(queries, path, relevance=3)
    assert str(error.value) == (
        f"{path}: found no document judged 3 or more for any of the 4 queries that are chosen; name the file that "
        "belongs to them"
    )

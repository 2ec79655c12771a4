"""Public retrieval sets: what is read, each fault with its line, and measures by hand and against other programs."""

import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ir_measures  # noqa: TID251 - the oracle
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score

from corpus.model import Document
from evals.beir import Condition, Judged, Query, judged, read_judgments, read_queries
from evals.collection import IndexCache, read_corpus
from evals.intervals import interval
from evals.jsonl import DataError
from evals.retrieval import DEPTH, RUNS, Mean, Task, check_trec_ids, means, rank, trec_run, variant
from retrieval.generation import CURRENT
from retrieval.index import PassageIndex
from tests.fiction import write
from tests.public_set import DOCUMENTS, PublicSet, quiet, shared_cache
from tests.workshop import POLICY

log2 = math.log2
GOOD: dict[str, Any] = {"id": "1", "text": "Where do moths rest?"}


@pytest.fixture(scope="module")
def index(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    folder = tmp_path_factory.mktemp("public")
    return PublicSet.of(folder, shared_cache(tmp_path_factory), [GOOD], ["1 moths 1"]).index(tiny_encoder)


def queries_of(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "queries.jsonl", "".join(f"{line}\n" for line in lines))


def qrels_of(tmp_path: Path, *lines: str) -> Path:
    return write(tmp_path / "qrels.tsv", "".join(line.replace(" ", "\t") + "\n" for line in lines))


def task(
    index: PassageIndex, judgments: dict[str, dict[str, int]], *, relevance: int = 1, condensed: bool = False
) -> Task:
    queries = tuple(Query(query, query) for query in judgments)
    return Task(index, Judged(queries, judgments, left_out=0), relevance, condensed, missing=0)


# Reading


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


# Measuring. Of five documents ranked, two of the three relevant ones are found; "zorbles" is not in any ranking.

GRADES = {"q": {"a": 2, "b": 1, "c": 0, "zorbles": 1}}
RANKING = ["b", "x", "c", "a", "y"]
BEST = 2 + 1 / log2(3) + 1 / 2


def test_measures_are_those_reckoned_by_hand(index: PassageIndex) -> None:
    found = task(index, GRADES).measure({"q": RANKING})["q"]
    wanted = {
        "nDCG@10": (1 + 2 / log2(5)) / BEST,
        "R@5": 2 / 3,
        "R@10": 2 / 3,
        "RR@10": 1.0,
        "AP": (1 / 1 + 2 / 4) / 3,
    }
    assert found == pytest.approx(wanted)
    assert list(found) == list(wanted)


def test_a_reversed_ranking_is_measured_as_reckoned_by_hand(index: PassageIndex) -> None:
    assert task(index, GRADES).measure({"q": RANKING[::-1]})["q"] == pytest.approx(
        {
            "nDCG@10": (2 / log2(3) + 1 / log2(6)) / BEST,
            "R@5": 2 / 3,
            "R@10": 2 / 3,
            "RR@10": 1 / 2,
            "AP": (1 / 2 + 2 / 5) / 3,
        }
    )


def test_a_higher_grade_can_be_wanted_of_what_is_relevant_and_gains_stay(index: PassageIndex) -> None:
    assert task(index, GRADES, relevance=2).measure({"q": RANKING})["q"] == pytest.approx(
        {"nDCG@10": (1 + 2 / log2(5)) / BEST, "R@5": 1.0, "R@10": 1.0, "RR@10": 1 / 4, "AP": 1 / 4}
    )


def test_a_condensed_ranking_is_of_judged_documents_alone(index: PassageIndex) -> None:
    assert task(index, GRADES, condensed=True).measure({"q": RANKING})["q"] == pytest.approx(
        {"nDCG@10": (1 + 2 / 2) / BEST, "R@5": 2 / 3, "R@10": 2 / 3, "RR@10": 1.0, "AP": (1 / 1 + 2 / 3) / 3}
    )


def test_cutoffs_count_documents(index: PassageIndex) -> None:
    ranking = [*"vwxyz", "a", *"1234", "b"]
    assert task(index, {"q": {"a": 1, "b": 1}}).measure({"q": ranking})["q"] == pytest.approx(
        {
            "nDCG@10": (1 / log2(7)) / (1 + 1 / log2(3)),
            "R@5": 0.0,
            "R@10": 1 / 2,
            "RR@10": 1 / 6,
            "AP": (1 / 6 + 2 / 11) / 2,
        }
    )


def test_nothing_found_measures_nothing_and_a_grade_below_0_gains_nothing(index: PassageIndex) -> None:
    judgments = {"q": {"a": 1}, "r": {"a": 1, "b": -2}, "s": {"a": 1}}
    per_query = task(index, judgments, condensed=True).measure({"q": [], "r": ["b", "a"], "s": ["x"]})
    nothing = {"nDCG@10": 0.0, "R@5": 0.0, "R@10": 0.0, "RR@10": 0.0, "AP": 0.0}
    second = {"nDCG@10": 1 / log2(3), "R@5": 1.0, "R@10": 1.0, "RR@10": 1 / 2, "AP": 1 / 2}
    assert per_query == {"q": nothing, "r": pytest.approx(second), "s": nothing}


@settings(deadline=None)
@given(
    st.permutations(range(14)),
    st.lists(st.integers(-1, 3), min_size=14, max_size=14).filter(lambda grades: max(grades) > 0),
    st.integers(10, 14),
)
def test_ndcg_is_that_of_another_library(index: PassageIndex, order: list[int], grades: list[int], length: int) -> None:
    judgments = {"q": {str(number): grade for number, grade in enumerate(grades)}}
    found = task(index, judgments).measure({"q": [str(number) for number in order[:length]]})["q"]["nDCG@10"]
    gains = np.maximum([grades[number] for number in order], 0)
    assert found == pytest.approx(ndcg_score([gains], [np.arange(14, 0, -1)], k=10))


def test_means_come_with_their_intervals() -> None:
    values = [0.0, 0.25, 1.0, 1.0]
    per_query = {str(number): {"AP": value, "R@5": 1.0} for number, value in enumerate(values)}
    low, high = interval(np.array(values))
    assert means(per_query) == {"AP": Mean(0.5625, low, high), "R@5": Mean(1.0, 1.0, 1.0)}
    assert 0.0 <= low < 0.5625 < high <= 1.0


# Ranking


def test_documents_stand_where_the_best_of_their_passages_does(index: PassageIndex) -> None:
    ranked = rank(variant(index, "bm25"), ["lanterns", "zorbles", "lanterns", "silver reeds"], quiet)
    # By BM25 the document of many lanterns, then the two of one, the shorter first.
    assert ranked == {"lanterns": ["lanterns", "bells", "moths"], "zorbles": [], "silver reeds": ["reeds", "moths"]}


@pytest.mark.parametrize("run", RUNS)
def test_a_run_is_the_shipped_search_with_its_weight(run: str, index: PassageIndex) -> None:
    weight = {"dense": 1.0, "bm25": 0.0, "hybrid": POLICY.dense_weight}[run]
    searched = variant(index, run)
    assert searched.policy.dense_weight == weight
    questions = ["Where do moths rest?", "Do bells ring?", "zorbles"]
    wanted = {
        question: list(
            dict.fromkeys(hit.passage.span.document.id for hit in searched.search(question, k=len(searched)))
        )
        for question in questions
    }
    assert rank(searched, questions, quiet) == wanted


@settings(max_examples=25, deadline=None)
@given(questions=st.lists(st.lists(st.sampled_from(sorted(DOCUMENTS)), max_size=4).map(" ".join), max_size=5))
def test_questions_searched_together_find_what_each_finds_alone(index: PassageIndex, questions: list[str]) -> None:
    assert index.search_all(questions, k=3) == [index.search(question, k=3) for question in questions]


def test_a_long_document_leaves_room_for_as_many_others_as_are_ranked(tiny_encoder: str, tmp_path: Path) -> None:
    sentence = f"The {'glimmer moths rest on the silver reeds and ' * 9}shine."
    texts = {"long": " ".join([sentence] * 260), **{f"short{number}": "A moth shines." for number in range(300)}}
    corpus = write(
        tmp_path / "corpus.jsonl",
        "".join(json.dumps({"id": key, "title": "", "text": text}) + "\n" for key, text in texts.items()),
    )
    index = IndexCache(tmp_path / "cache", tiny_encoder, POLICY).index(read_corpus(corpus), quiet)
    passages = len(index) - 300
    assert DEPTH * math.ceil(len(index) / 301) < passages  # what is searched first holds the long document alone
    (ranking,) = rank(variant(index, "bm25"), ["moths"], quiet).values()
    assert ranking == ["long", *(f"short{number}" for number in range(DEPTH - 1))]


def test_progress_counts_questions(index: PassageIndex) -> None:
    shown: list[tuple[int, int]] = []
    rank(index, [f"moths {number}" for number in range(70)], lambda done, total: shown.append((done, total)))
    assert shown == [(0, 70), (64, 70), (70, 70)]


# Tasks and TREC's format


def test_judged_documents_that_the_corpus_has_not_got_are_counted(index: PassageIndex) -> None:
    made = Judged((Query("q", "moths?"),), {"q": {"moths": 1, "zorbles": 1, "masts": 0}}, left_out=3)
    assert Task.of(index, made, relevance=1, condensed=False) == Task(index, made, 1, condensed=False, missing=2)


def test_condensed_judgments_are_of_documents_that_can_be_found(index: PassageIndex) -> None:
    queries = (Query("q", "moths?"), Query("r", "reeds?"))
    made = Judged(queries, {"q": {"moths": 2, "zorbles": 2, "reeds": 0}, "r": {"zorbles": 2, "moths": 1}}, left_out=3)
    found = Task.of(index, made, relevance=2, condensed=True)
    assert (found.judged, found.missing) == (Judged(queries[:1], {"q": {"moths": 2, "reeds": 0}}, left_out=4), 2)
    with pytest.raises(DataError) as error:
        Task.of(index, made, relevance=3, condensed=True)
    assert str(error.value) == (
        "none of the documents judged 3 or more for the 2 queries is in the corpus; name the corpus that the judgments "
        "are about"
    )


def test_judgments_of_another_corpus_are_refused(index: PassageIndex) -> None:
    made = Judged((Query("q", "moths?"),), {"q": {"zorbles": 1, "masts": 0}}, left_out=0)
    with pytest.raises(DataError) as error:
        Task.of(index, made, relevance=1, condensed=False)
    assert str(error.value) == (
        "none of the 2 judged documents, as 'zorbles', is in the corpus; name the corpus that the judgments are about"
    )


def test_a_run_in_trecs_format_is_measured_by_others_as_here(index: PassageIndex) -> None:
    rankings = {"q": RANKING, "r": ["a", "b"], "s": []}
    judgments = {"q": GRADES["q"], "r": {"b": 1}, "s": {"a": 1}}
    text = trec_run(rankings, "hybrid")
    assert text.splitlines()[3:6] == ["q Q0 a 4 2 hybrid", "q Q0 y 5 1 hybrid", "r Q0 a 1 2 hybrid"]
    read = list(ir_measures.read_trec_run(text))  # type: ignore[no-untyped-call]
    elsewhere = ir_measures.calc_aggregate([ir_measures.AP], judgments, read)
    here = means(task(index, judgments).measure(rankings))["AP"].value
    assert elsewhere == {ir_measures.AP: pytest.approx(here)}


@pytest.mark.parametrize("name", ["a b", " a", "a\t", "a\xa0b", ""])
def test_an_id_that_trecs_format_cannot_hold_is_refused(name: str, index: PassageIndex) -> None:
    check_trec_ids(task(index, GRADES))
    with pytest.raises(DataError) as error:
        check_trec_ids(task(index, {name: {"moths": 1}}))
    assert str(error.value) == f"found the id {name!r}, wanted one without white space for TREC's run format; rename it"


# The cache of indexes


def _interrupted(_: str, done: int, __: int) -> None:
    if done == 0:
        raise KeyboardInterrupt


def test_a_build_that_was_interrupted_is_made_up_for(tiny_encoder: str, tmp_path: Path) -> None:
    public = PublicSet.of(tmp_path, tmp_path / "cache", [GOOD], ["1 moths 1"])
    documents: Sequence[Document] = read_corpus(public.corpus)
    with pytest.raises(KeyboardInterrupt):
        IndexCache(public.cache, tiny_encoder, POLICY).index(documents, _interrupted)
    (home,) = public.cache.iterdir()
    assert not (home / CURRENT).exists()
    assert len(public.index(tiny_encoder).documents) == len(DOCUMENTS)
    assert sorted(path.name for path in home.glob(".new-*")) == []

"""Retrieval on public sets: measures by hand and against other programs, and the cache of indexes."""

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
from evals.beir import Judged, Query
from evals.collection import IndexCache, read_corpus
from evals.intervals import interval
from evals.jsonl import DataError
from evals.retrieval import Mean, Task, check_trec_ids, means, trec_run
from retrieval.generation import CURRENT
from retrieval.index import PassageIndex
from tests.public_set import DOCUMENTS, PublicSet, shared_cache
from tests.workshop import POLICY

log2 = math.log2
GOOD: dict[str, Any] = {"id": "1", "text": "Where do moths rest?"}


@pytest.fixture(scope="module")
def index(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    folder = tmp_path_factory.mktemp("public")
    return PublicSet.of(folder, shared_cache(tmp_path_factory), [GOOD], ["1 moths 1"]).index(tiny_encoder)


def task(
    index: PassageIndex, judgments: dict[str, dict[str, int]], *, relevance: int = 1, condensed: bool = False
) -> Task:
    queries = tuple(Query(query, query) for query in judgments)
    return Task(index, Judged(queries, judgments, left_out=0), relevance, condensed, missing=0)


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

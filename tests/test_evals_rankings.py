"""Rankings of the documents of a public set, each run against what it is said to be, written out."""

import json
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.collection import IndexCache, read_corpus
from evals.rankings import DEPTH, RUNS, rank, rank_by, variant
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.lexical import Terms
from retrieval.model import Hit
from retrieval.reader import CalibratedReader, read_hits
from retrieval.reader_network import shipped_network
from tests.fiction import write
from tests.public_set import DOCUMENTS, PublicSet, quiet, shared_cache
from tests.workshop import POLICY

QUESTIONS = ["Where do moths rest?", "Do bells ring?", "silver reeds", "lanterns", "zorbles"]


@pytest.fixture(scope="module")
def index(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return PublicSet.of(tmp_path_factory.mktemp("public"), shared_cache(tmp_path_factory), [], []).index(tiny_encoder)


def documents(hits: Sequence[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.passage.span.document.id for hit in hits))


def by(index: PassageIndex, scores: Sequence[float]) -> list[str]:
    """The documents of the passages that score something, best first."""
    order = sorted(range(len(index)), key=lambda number: -scores[number])
    return list(
        dict.fromkeys(index.passage(number).span.document.id for number in order if scores[number] > 0),
    )


def test_dense_is_the_order_of_the_cosines_of_passages_and_their_nearest_sentences(index: PassageIndex) -> None:
    ranked = rank_by("dense", index, QUESTIONS, quiet)
    assert [*ranked] == QUESTIONS
    weights = POLICY.fusion
    for question, vector in zip(QUESTIONS, index.encoder.encode_questions(QUESTIONS), strict=True):
        of_passages = index.vectors.rows(0, len(index)) @ vector
        of_sentences = [max(index.sentence_vectors(index.passage(number)) @ vector) for number in range(len(index))]
        scores = weights.passage_cosine * of_passages + weights.sentence_cosine * np.array(of_sentences)
        assert ranked[question] == by(index, scores.tolist())


def test_bm25_is_the_order_of_the_words_alone(index: PassageIndex) -> None:
    ranked = rank_by("bm25", index, QUESTIONS, quiet)
    assert ranked == {question: by(index, index.lexical.scores(Terms(question)).tolist()) for question in QUESTIONS}
    # The document of many lanterns, then the two of one, the shorter first.
    assert (ranked["lanterns"], ranked["zorbles"]) == (["lanterns", "bells", "moths"], [])
    assert ranked["silver reeds"] == ["reeds", "moths"]


def test_rrf_is_the_order_of_the_sums_of_reciprocal_ranks(index: PassageIndex) -> None:
    parts = [rank_by(run, index, QUESTIONS, quiet) for run in ("dense", "bm25")]
    ranked = rank_by("rrf", index, QUESTIONS, quiet)
    assert [*ranked] == QUESTIONS
    for question in QUESTIONS:
        sums: dict[str, float] = defaultdict(float)
        for part in parts:
            for place, document in enumerate(part[question]):
                sums[document] += 1 / (61 + place)
        assert [sums[document] for document in ranked[question]] == sorted(sums.values(), reverse=True)
        assert {*ranked[question]} == {*sums}


def test_hybrid_is_the_order_of_the_search(index: PassageIndex) -> None:
    found = {question: documents(index.search(question, k=len(index))) for question in QUESTIONS}
    assert rank_by("hybrid", index, QUESTIONS, quiet) == found


@pytest.mark.parametrize("k", [2, 8])
def test_shipped_is_the_search_for_what_is_understood_and_the_order_that_the_reader_gives(
    index: PassageIndex, k: int
) -> None:
    # Of the passages that aren't read the order stays that of the search.
    weighed = replace(index.policy, k=k, fusion=replace(index.policy.fusion, reader=0.3))
    shipping = replace(index, policy=weighed)
    reader = CalibratedReader(shipping, shipped_network(), weighed.reader)
    misspelt = "Where do  mohts rest on lantrens?"
    asked = {misspelt: "Where do moths rest on lanterns?", "thank you": "thank you"}
    assert Responder.over(shipping).looked_up(misspelt) == asked[misspelt]
    wanted = {}
    for typed, understood in asked.items():
        hits = shipping.search(understood, k=len(index))
        read, _ = read_hits(reader, understood, hits[:k], weight=0.3)
        wanted[typed] = documents([*read, *hits[k:]])
    assert rank_by("shipped", shipping, [*asked], quiet) == wanted


def test_a_run_leaves_out_the_signals_that_it_is_not_of(index: PassageIndex) -> None:
    shipped = replace(POLICY.fusion, reader=0.5)
    index = replace(index, policy=replace(index.policy, fusion=shipped, other_forms_weight=0.3))
    dense, bm25, hybrid = (variant(index, run).policy for run in ("dense", "bm25", "hybrid"))
    assert dense.fusion == replace(shipped, words=0.0, headings=0.0)
    assert bm25.fusion == replace(shipped, passage_cosine=0.0, sentence_cosine=0.0, headings=0.0)
    assert (dense.other_forms_weight, bm25.other_forms_weight) == (0.0, 0.0)
    assert hybrid == index.policy


@settings(max_examples=25, deadline=None)
@given(questions=st.lists(st.lists(st.sampled_from(sorted(DOCUMENTS)), max_size=4).map(" ".join), max_size=5))
def test_questions_searched_together_find_what_each_finds_alone(index: PassageIndex, questions: list[str]) -> None:
    together = index.search_all(questions, k=3)
    alone = [index.search(question, k=3) for question in questions]
    assert [documents(hits) for hits in together] == [documents(hits) for hits in alone]
    for hits, wanted in zip(together, alone, strict=True):
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in wanted], abs=1e-5)


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


@pytest.mark.parametrize("run", RUNS)
def test_progress_names_the_run(run: str, index: PassageIndex) -> None:
    shown: list[tuple[str, int, int]] = []
    rank_by(run, index, ["moths", "moths", "reeds"], lambda what, done, total: shown.append((what, done, total)))
    once = [(f"Searching ({run})", 0, 2), (f"Searching ({run})", 2, 2)]
    assert shown == (once * 2 if run == "rrf" else once)

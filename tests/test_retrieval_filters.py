"""Filters: the search brings what passes and nothing else, and says in one line when nothing does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from retrieval.answer import Responder
from retrieval.filters import EVERYTHING, Filter, FilterError
from retrieval.index import PassageIndex
from retrieval.model import Answer
from tests.workshop import Workshop

K = 50


def found(index: PassageIndex, within: Filter, question: str = "reeds and moths of Vantor") -> set[tuple[str, int]]:
    return {
        (hit.passage.span.document.id, hit.passage.span.start) for hit in index.search(question, k=K, within=within)
    }


VECTORS, WORDS, HEADINGS = ("passage_cosine", "sentence_cosine"), ("words",), ("headings",)


@pytest.mark.parametrize("without", [(), VECTORS, WORDS, (*WORDS, *HEADINGS), (*VECTORS, *HEADINGS)])
@pytest.mark.parametrize(
    "within",
    [
        Filter(documents=frozenset({"reeds"})),
        Filter(documents=frozenset({"reeds", "moths"})),
        Filter(heading="where they LIVE"),
        Filter(documents=frozenset({"moths"}), heading="keepers"),
    ],
)
def test_what_passes_is_found_as_in_a_full_search_and_nothing_else(
    vantor_index: PassageIndex, within: Filter, without: Sequence[str]
) -> None:
    policy = vantor_index.policy
    fusion = replace(policy.fusion, **dict.fromkeys(without, 0.0))
    index = replace(vantor_index, policy=replace(policy, fusion=fusion))
    passing = {
        (passage.span.document.id, passage.span.start)
        for passage in map(index.passage, range(len(index)))
        if within.passes_document(passage.span.document) and within.passes_headings(passage)
    }
    assert found(index, within) == found(index, EVERYTHING) & passing
    assert passing


def test_filters_of_publisher_and_review_date(vantor_index: PassageIndex) -> None:
    moths, reeds = vantor_index.documents
    known = replace(moths.source, publisher="Vantor Moth Society", reviewed=date(2025, 3, 12))
    index = replace(vantor_index, documents=(replace(moths, source=known), reeds))
    for within in (
        Filter(publishers=frozenset({"VANTOR moth society", "Nobody"})),
        Filter(reviewed_since=date(2025, 3, 12)),
    ):
        assert {name for name, _ in found(index, within)} == {"moths"}
    with pytest.raises(FilterError, match="publishers: Vantor Moth Society;"):
        found(index, Filter(reviewed_since=date(2025, 3, 13)))


@pytest.mark.parametrize(
    ("within", "said"),
    [
        (Filter(documents=frozenset({"bells"})), "found no document 'bells' in the index, wanted one of: moths, reeds"),
        (Filter(publishers=frozenset({"Nobody"})), "publishers: "),
        (Filter(heading="zorbles"), "ask with fewer conditions"),
        (Filter(reviewed_since=date(2999, 1, 1)), "ask with fewer conditions"),
    ],
)
def test_a_filter_that_nothing_passes_is_said_in_one_line(
    vantor_index: PassageIndex, within: Filter, said: str
) -> None:
    with pytest.raises(FilterError, match="wanted") as caught:
        vantor_index.search("moths", k=3, within=within)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_answers_come_from_what_passes(vantor: Workshop) -> None:
    responder = Responder.open(vantor.home, corpus=vantor.corpus)
    question = "How long do glimmer moths shine?"
    assert isinstance(responder.answer(question), Answer)
    reply = responder.answer(question, within=Filter(documents=frozenset({"reeds"})))
    assert not isinstance(reply, Answer)
    assert {span.document.id for span in reply.closest} == {"reeds"}

"""Follow-ups: the forms that are searched for, and what each finds, by hand."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from evals.beir import Judged, Query
from evals.followups import Changes, FollowUps, follow_ups, measure_follow_ups
from evals.jsonl import DataError
from evals.rankings import variant
from evals.retrieval import Task, means
from retrieval.answer import Responder
from tests.picking import dialogue_of
from tests.public_set import PublicSet, quiet, shared_cache

SECOND = 1 / math.log2(3)  # nDCG of a relevant document in the second place
QUERIES = (
    # The last turn finds the lanterns first, which grow more often than the reeds do.
    Query("better", "How do they  grow?", ("What are silver reeds?",), "How do silver reeds grow?"),
    Query("worse", "Do they grow?", ("What are silver reeds?",)),
    Query("same", "Do bells ring?", ("What are wardens?",), "Do nine bells ring?"),
    # Nothing is looked up for thanks, and nothing that was said before them counts.
    Query("refused", "Thank you!", ("What are silver reeds?",)),
    Query("thanked", "How do they grow?", ("What are silver reeds?", "Thanks!")),
)
JUDGMENTS = {
    "better": {"reeds": 1},
    "worse": {"lanterns": 1},
    "same": {"bells": 1},
    "refused": {"bells": 1},
    "thanked": {"reeds": 1},
}


@pytest.fixture(scope="module")
def found(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> FollowUps:
    public = PublicSet.of(tmp_path_factory.mktemp("public"), shared_cache(tmp_path_factory), [], [])
    index = variant(public.index(tiny_encoder), "bm25")
    task = Task.of(index, Judged(QUERIES, JUDGMENTS, left_out=0), relevance=1, condensed=False)
    responder = replace(Responder.over(index), dialogue=dialogue_of("silver", "reeds"))
    return measure_follow_ups(task, responder, quiet)


def test_each_form_is_searched_for(found: FollowUps) -> None:
    last = {query.id: " ".join(query.text.split()) for query in QUERIES}
    rewritten = {
        "better": "How do silver reeds grow?",
        "worse": "Do silver reeds grow?",
        "thanked": "How do silver reeds grow?",
    }
    human = {"better": "How do silver reeds grow?", "same": "Do nine bells ring?"}
    assert found.asked == {"last_turn": last, "rewritten": last | rewritten, "human": human}
    assert found.refused == ("refused",)


def test_the_figures_of_each_form_are_those_reckoned_by_hand(found: FollowUps) -> None:
    by_form = {
        form: {query: figures["nDCG@10"] for query, figures in per_query.items()}
        for form, per_query in found.per_query.items()
    }
    assert by_form == {
        "last_turn": pytest.approx({"better": SECOND, "worse": 1.0, "same": 1.0, "refused": 0.0, "thanked": SECOND}),
        "rewritten": pytest.approx({"better": 1.0, "worse": SECOND, "same": 1.0, "refused": 0.0, "thanked": 1.0}),
        "human": pytest.approx({"better": 1.0, "same": 1.0}),
    }


def test_what_the_rewriting_changes_is_counted(found: FollowUps) -> None:
    assert found.changes() == Changes(changed=3, better=2, worse=1)


def test_all_forms_are_compared_on_what_a_human_rewrote_and_the_others_on_everything(found: FollowUps) -> None:
    assert found.of_all() == {form: means(found.per_query[form]) for form in ("last_turn", "rewritten")}
    beside = found.beside_human()
    assert {form: figures["nDCG@10"].value for form, figures in beside.items()} == pytest.approx(
        {"last_turn": (SECOND + 1) / 2, "rewritten": 1.0, "human": 1.0}
    )


def test_without_human_rewrites_there_is_nothing_beside_them(found: FollowUps) -> None:
    assert FollowUps({**found.asked, "human": {}}, found.per_query, ()).beside_human() == {}


def test_follow_ups_are_the_queries_with_a_history() -> None:
    first = Query("first", "What are silver reeds?")
    path = Path("queries.jsonl")
    assert follow_ups([first, *QUERIES], path) == list(QUERIES)
    with pytest.raises(DataError) as error:
        follow_ups([first], path)
    assert str(error.value) == (
        "queries.jsonl: found no query with earlier questions, wanted a list of them as history in its meta; name a "
        "file of follow-ups"
    )

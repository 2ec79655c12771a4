"""Rewriting: the words that are counted and the figures reckoned from them, by hand."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.conversations import Conversation, Turn
from evals.intervals import Estimate, bootstrap_weights, percentile_interval
from evals.rewriting import ROWS, Rewriting, measure, milliseconds, prediction_lines, rewrite_all, to_record
from tests.public_set import quiet

MOTHS, REST, BELLS = "What are glimmer moths?", "Where do they rest?", "Do silver bells ring?"
REEDS, TALL, BEND = "What are golden reeds?", "How tall are they at dusk?", "Do golden reeds bend?"
CONVERSATIONS = [
    Conversation(
        "moths",
        (
            Turn(1, MOTHS, (), MOTHS),
            Turn(2, REST, (MOTHS,), "Where do glimmer moths of Vantor rest?"),
            Turn(3, BELLS, (MOTHS, REST), BELLS),
        ),
    ),
    Conversation(
        "reeds",
        (
            Turn(1, REEDS, (), REEDS),
            Turn(2, TALL, (REEDS,), "How tall are golden reeds at dusk?"),
            Turn(3, BEND, (REEDS, TALL), BEND),
            Turn(4, "And now?", (REEDS, TALL, BEND), None),
        ),
    ),
]
# One word of two, a word of the old subject with a new one, one word of two and one that nobody said, and a refusal.
REWRITES = {
    REST: "Where do moths rest?",
    BELLS: "Do silver bells ring (moths)?",
    TALL: "How tall are reeds at dusk in Vantor?",
}
# Words taken that are gold, taken, and gold: 2, 3, 4. All there are: 2 + 3 + 2 + 2.
FIGURES: dict[str, dict[str, float | None]] = {
    "last_turn": {"precision": None, "recall": 0, "f1": 0, "left_alone": 1, "topic_switches_left_alone": 1},
    "all_history": {
        "precision": 4 / 9,
        "recall": 1,
        "f1": 8 / 13,
        "left_alone": 0,
        "topic_switches_left_alone": 0,
    },
    "ours": {"precision": 2 / 3, "recall": 2 / 4, "f1": 4 / 7, "left_alone": 1 / 2, "topic_switches_left_alone": 0},
}


def rewrite(question: str, history: Sequence[str]) -> str | None:
    assert history
    return REWRITES.get(question)


@pytest.fixture
def rewritings() -> list[Rewriting]:
    return rewrite_all(CONVERSATIONS, rewrite, quiet)


def values(rewritings: Sequence[Rewriting]) -> dict[str, dict[str, float | None]]:
    return {
        row: {name: estimate.value for name, estimate in figures.items()}
        for row, figures in measure(rewritings).items()
    }


def test_words_are_those_of_the_history_that_the_question_has_not_got(rewritings: list[Rewriting]) -> None:
    counted = [
        (one.turn.question, set(one.words), set(one.gold), set(one.predicted), one.is_switch) for one in rewritings
    ]
    assert counted == [
        (REST, {"glimmer", "moth"}, {"glimmer", "moth"}, {"moth"}, False),
        (BELLS, {"glimmer", "moth", "rest"}, set(), {"moth"}, True),
        (TALL, {"golden", "reed"}, {"golden", "reed"}, {"reed"}, False),
        (BEND, {"tall", "dusk"}, set(), set(), False),
    ]


def test_figures_are_those_reckoned_by_hand(rewritings: list[Rewriting]) -> None:
    found = values(rewritings)
    assert found == {row: pytest.approx(figures) for row, figures in FIGURES.items()}
    assert list(found) == list(ROWS)


@pytest.mark.parametrize("question", ["Rest?", "Do moths ring?", "And now?"])
def test_a_question_of_one_word_or_with_one_of_the_history_is_no_switch(question: str) -> None:
    assert not Rewriting.of("c", Turn(2, question, (MOTHS,), question), question, 1.0).is_switch


def test_a_question_that_the_human_added_a_word_to_is_no_switch() -> None:
    turn = Turn(2, BELLS, (MOTHS,), "Do silver bells ring for moths?")
    assert not Rewriting.of("c", turn, BELLS, 1.0).is_switch


def test_intervals_are_those_of_conversations_drawn_whole(rewritings: list[Rewriting]) -> None:
    weights = bootstrap_weights(2)
    shared, gold = weights @ [1, 1], weights @ [2, 2]
    taken = weights @ [2, 1]
    ours = measure(rewritings)["ours"]
    assert ours["recall"] == Estimate(1 / 2, *percentile_interval(shared / gold))
    assert ours["precision"] == Estimate(2 / 3, *percentile_interval(shared / taken))
    only_reeds = np.where(weights[:, 0] > 0, 1 - weights[:, 0] / 2, 1)
    assert ours["left_alone"] == Estimate(1 / 2, *percentile_interval(only_reeds))
    alone = measure(rewritings[:2])["ours"]
    assert alone["recall"] == Estimate(1 / 2, 1 / 2, 1 / 2)


def test_without_gold_words_there_is_no_recall_and_without_full_questions_nothing_to_leave_alone(
    rewritings: list[Rewriting],
) -> None:
    follow_up, switch, *_ = rewritings
    none = Estimate(None, None, None)
    assert {name: measure([switch])["ours"][name] for name in ("precision", "recall", "f1")} == {
        "precision": Estimate(0, 0, 0),
        "recall": none,
        "f1": none,
    }
    left = measure([follow_up])["ours"]
    assert (left["left_alone"], left["topic_switches_left_alone"]) == (none, none)


_TEXTS = st.lists(st.sampled_from("glimmer moths reeds bells lanterns the they of".split()), max_size=4).map(" ".join)
_TURNS = st.builds(Turn, st.integers(1, 9), _TEXTS, st.lists(_TEXTS, min_size=1, max_size=3).map(tuple), _TEXTS)
_CONVERSATIONS = st.lists(st.lists(_TURNS, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(
    lambda lists: [Conversation(str(number), turns) for number, turns in enumerate(lists)]
)


@given(_CONVERSATIONS)
def test_who_rewrites_as_the_human_does_makes_no_mistake(conversations: list[Conversation]) -> None:
    human = {(turn.question, turn.history): turn.rewrite for one in conversations for turn in one.turns}
    same = [
        Conversation(
            one.id, tuple(Turn(t.number, t.question, t.history, human[t.question, t.history]) for t in one.turns)
        )
        for one in conversations
    ]
    found = measure(rewrite_all(same, lambda question, history: human[question, tuple(history)], quiet))["ours"]
    assert {estimate.value for estimate in found.values()} <= {1.0, None}


@given(_CONVERSATIONS)
def test_all_the_history_holds_every_gold_word_and_the_last_turn_leaves_everything_alone(
    conversations: list[Conversation],
) -> None:
    found = values(rewrite_all(conversations, lambda question, _: question, quiet))
    assert found["all_history"]["recall"] in {1.0, None}
    assert found["last_turn"] == found["ours"]
    assert {found["ours"]["left_alone"], found["ours"]["topic_switches_left_alone"]} <= {1.0, None}


@given(_CONVERSATIONS)
def test_figures_do_not_change_if_everything_is_said_twice(conversations: list[Conversation]) -> None:
    twice = [*conversations, *(Conversation(f"again {one.id}", one.turns) for one in conversations)]
    once, again = (values(rewrite_all(asked, lambda _, history: history[0], quiet)) for asked in (conversations, twice))
    assert again == {row: pytest.approx(figures) for row, figures in once.items()}


def test_the_time_of_each_turn_is_that_of_its_call_after_a_few_to_warm_up() -> None:
    asked: list[str] = []
    ticks = iter([0.0, 0.003, 1.0, 1.001, 2.0, 2.002, 3.0, 3.010])
    steps: list[tuple[int, int]] = []

    def note(question: str, _: Sequence[str]) -> str:
        asked.append(question)
        return question

    found = rewrite_all(CONVERSATIONS, note, lambda done, total: steps.append((done, total)), clock=lambda: next(ticks))
    assert asked == [REST, BELLS, TALL, BEND] * 2
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4)]
    assert [one.milliseconds for one in found] == pytest.approx([3, 1, 2, 10])
    assert milliseconds(found) == pytest.approx({"mean": 4, "p50": 2, "p95": 10})


def test_the_record_tells_what_was_counted(rewritings: list[Rewriting]) -> None:
    record = to_record("vantor.jsonl", CONVERSATIONS, rewritings)
    assert list(record.pop("rewritings")) == list(ROWS)
    assert list(record.pop("milliseconds")) == ["mean", "p50", "p95"]
    assert record == {
        "version": 1,
        "data": "vantor.jsonl",
        "conversations": 2,
        "turns": 4,
        "left_out": 3,
        "full": 2,
        "topic_switches": 1,
        "refused": 1,
    }


def test_predictions_are_a_line_a_turn(rewritings: list[Rewriting]) -> None:
    first, *_, last = map(json.loads, prediction_lines(rewritings).splitlines())
    assert first == {
        "id": "moths",
        "turn": 2,
        "question": REST,
        "asked_as": "Where do moths rest?",
        "gold": ["glimmer", "moth"],
        "predicted": ["moth"],
    }
    assert last == {"id": "reeds", "turn": 3, "question": BEND, "asked_as": None, "gold": [], "predicted": []}

"""The time of an answer is divided among its stages to the last bit, and the bot is as it was afterwards."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.stages import STAGES, Stage, stages_of, stopwatches
from retrieval.answer import Responder
from retrieval.dialogue import Dialogue
from retrieval.index import PassageIndex
from retrieval.lexical import LexicalIndex, Terms
from retrieval.model import Abstention, Reason, Reply
from retrieval.resolver import Picks
from tests.picking import PickedByHand

SILENT = Abstention("q", "q", Reason.NO_EVIDENCE)
LEXICAL = LexicalIndex.build(["moths glow", "the reeds"], k1=0.9, b=0.4)


def test_every_stage_of_an_answer_takes_time_and_the_answer_is_the_same(vantor_index: PassageIndex) -> None:
    responder = Responder.over(vantor_index)
    question, history = "How long do they shine?", ["What are glimmer moths?"]
    began = time.perf_counter()
    with stopwatches(responder.answer) as (ask, laps):
        reply = ask(question, history)
    took = time.perf_counter() - began
    assert reply == responder.answer(question, history)
    (lap,) = laps
    assert {*lap} == {*STAGES}
    assert min(lap.values()) > 0
    assert sum(lap.values()) <= took


def test_a_question_that_is_refused_is_only_looked_at_for_red_flags(vantor_index: PassageIndex) -> None:
    with stopwatches(Responder.over(vantor_index).answer) as (ask, laps):
        ask("hello", [])
    assert [{*lap} for lap in laps] == [{"encoding", "the rest"}]


def test_time_within_a_stage_is_charged_to_the_innermost_one_and_what_fails_makes_no_lap() -> None:
    def slow(question: str, history: Sequence[str]) -> Picks:
        LEXICAL.scores(Terms("moths"))
        time.sleep(0.02)
        return PickedByHand({"moths": 0.9}).picks(question, history)

    def ask(question: str, history: Sequence[str]) -> Reply:
        Dialogue(slow, 0.5, 0.5).standalone(question, history)
        if question == "fail":
            raise ValueError(question)
        time.sleep(0.04)
        return SILENT

    with stopwatches(ask) as (timed, laps):
        with pytest.raises(ValueError, match="fail"):
            timed("fail", ["moths"])
        timed("it?", ["What are moths?"])
    (lap,) = laps
    assert {*lap} == {"rewriting", "words", "the rest"}
    assert lap["rewriting"] >= 0.02
    assert lap["words"] < lap["rewriting"]
    assert lap["the rest"] >= 0.04


def test_the_stopwatches_are_taken_off_whatever_happens() -> None:
    before = (Dialogue.standalone, LexicalIndex.scores)

    def interrupted() -> None:
        with stopwatches(lambda *_: SILENT):
            assert Dialogue.standalone != before[0]
            assert LexicalIndex.scores != before[1]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (Dialogue.standalone, LexicalIndex.scores) == before


def test_the_figures_of_a_stage_are_those_reckoned_by_hand() -> None:
    laps = [{"words": 0.001, "the rest": 0.004}, {"the rest": 0.005}, {"words": 0.002, "the rest": 0.008}]
    figures = {stage.name: stage for stage in stages_of(laps)}
    assert [*figures] == [*STAGES]
    assert figures["words"] == Stage("words", mean_ms=1.0, p50_ms=1.0, p95_ms=1.9, share=0.15)
    assert figures["the rest"] == Stage("the rest", mean_ms=5.667, p50_ms=5.0, p95_ms=7.7, share=0.85)
    assert figures["reading"] == Stage("reading", 0.0, 0.0, 0.0, 0.0)
    assert stages_of([]) == []


@given(st.lists(st.dictionaries(st.sampled_from(STAGES), st.floats(1e-6, 10), min_size=1), min_size=1, max_size=40))
def test_shares_are_a_whole_and_go_with_the_means(laps: list[dict[str, float]]) -> None:
    stages = stages_of(laps)
    whole = sum(sum(lap.values()) for lap in laps) / len(laps)
    assert sum(stage.share for stage in stages) == pytest.approx(1, abs=1e-3)
    for stage in stages:
        assert stage.mean_ms / 1000 == pytest.approx(stage.share * whole, abs=1e-4 * whole + 1e-6)

"""Follow-ups become the questions that they stand for, with the words of earlier turns that are picked for them."""

import itertools
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dialogue import Dialogue, asks_for_more
from retrieval.lexical import stems
from retrieval.resolver import Pick, Picks
from tests.picking import PickedByHand, content_of, dialogue_of

MENTIONS = "it its they them their theirs this that these those both the same condition one he she him his her".split()
WORDS = (
    *(*MENTIONS, "and", "of", "what", "about", "how", "why", "is", "are", "does", "treated", "symptoms", "children"),
    *("moths", "Moths", "moth's", "moth’s", "reeds", "lanterns", "zorbles", "glimmer", "keepers’", "bells", "dew"),
    *("I", "D", "?", ",", "(", ")", "“", "”", ".", "-", "safe", "to", "for", "hum", "amber", "storm", "wardens"),
)
TURNS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
HISTORIES = st.lists(TURNS, max_size=6)
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """Gives the content words of the history these probabilities, one after the other and round again."""

    needed: float
    probabilities: Sequence[float]

    def picks(self, question: str, history: Sequence[str]) -> Picks:
        """All the content words of `history`."""
        words = content_of(question, history)
        drawn = (self.probabilities[number % len(self.probabilities)] for number in range(len(words)))
        return Picks(self.needed, tuple(itertools.starmap(Pick, zip(words, drawn, strict=False))))

    def taken(self, question: str, history: Sequence[str]) -> list[Pick]:
        """The picks that count at the thresholds of 0.5."""
        found = self.picks(question, history)
        return [pick for pick in found.words if pick.probability >= 0.5] if found.needed >= 0.5 else []

    @property
    def dialogue(self) -> Dialogue:
        """Takes what is drawn with 0.5 or more."""
        return Dialogue(self.picks, need_threshold=0.5, pick_threshold=0.5)


DRAWN = st.builds(Drawn, st.floats(0, 1), st.lists(st.floats(0, 1), min_size=1, max_size=7))


def words_of(*texts: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", " ".join(texts).lower()))


@pytest.mark.parametrize(
    ("said", "picked", "question", "standalone"),
    [
        ("What are glimmer moths?", "glimmer moths", "how are they fed?", "how are glimmer moths fed?"),
        ("What is the history of the reeds?", "history reeds", "who wrote it?", "who wrote history of the reeds?"),
        ("What are moths?", "moths", "What are their symptoms?", "What are moths’ symptoms?"),
        ("WHAT ARE MOTHS?", "moths", "What are their symptoms?", "What are MOTHS’ symptoms?"),
        ("What is a moth?", "moth", "what is its cause?", "what is moth’s cause?"),
        ("What does the moth's keeper do?", "moth's", "what is its cause?", "what is moth's cause?"),
        ("What does the moth’s keeper do?", "moth’s", "what is its cause?", "what is moth’s cause?"),
        ("What is a moth?", "moth", "can she feed her children?", "can moth feed her children?"),
        ("What is a moth?", "moth", "how long until it's gone?", "how long until moth's gone?"),
        ("What is a lantern?", "lantern", "Is this condition serious?", "Is lantern serious?"),
        ("Moths or lanterns?", "lanterns", "Is the second one serious?", "Is lanterns serious?"),
        ("What are lanterns?", "lanterns", "What causes this?", "What causes lanterns?"),
        ("Do moths and lanterns hum?", "moths lanterns", "why do both?", "why do moths and lanterns?"),
        ("Are moths afraid of lanterns?", "moths lanterns", "do they?", "do moths (lanterns)?"),
        ("What are moths?", "moths", "symptoms?", "symptoms (moths)?"),
        ("What are moths?", "moths", "and the treatment", "and the treatment (moths)?"),
        ("Moths? Reeds!", "moths reeds", "in children?", "in children (Moths, Reeds)?"),
        ("Is a glimmer moth (GM) ill?", "glimmer moth gm", "why?", "why (glimmer moth, GM)?"),
        ("Is a “glimmer” moth ill?", "glimmer moth", "why?", "why (glimmer, moth)?"),
        ("What are moths?", "", "how are they fed?", "how are they fed?"),
        ("What are moths?", "reeds", "how are they fed?", "how are they fed?"),
    ],
)
def test_the_picked_words_stand_where_the_follow_up_points_or_in_brackets(
    said: str, picked: str, question: str, standalone: str
) -> None:
    assert dialogue_of(*picked.split()).standalone(question, [said]) == standalone


@pytest.mark.parametrize("question", ["what is HER-2?", "does an it-band hurt?", "the non-this-and-that reeds?"])
def test_a_part_of_a_longer_word_points_at_nothing(question: str) -> None:
    assert dialogue_of("moths").standalone(question, ["What are moths?"]) == f"{question[:-1]} (moths)?"


def test_what_kind_of_a_condition_it_is_stays_in_the_question() -> None:
    asked = dialogue_of("moths").standalone("is the skin condition serious?", ["What are moths?"])
    assert asked == "is the skin condition serious (moths)?"


@pytest.mark.parametrize(
    "question",
    ["Is it safe to drive?", "It is possible that it hurts", "Was it bad for children?", "What's it like for me?"],
)
def test_an_it_that_stands_for_nothing_is_left_as_it_is(question: str) -> None:
    asked = dialogue_of("moths").standalone(question, ["What are moths?"])
    assert asked == f"{question.rstrip('?')} (moths)?"


def test_the_most_probable_phrase_stands_for_the_pronoun_and_the_others_in_brackets() -> None:
    history = ["Do glimmer moths sleep?", "Do reeds?", "Do lanterns?"]
    for named, rest in [
        ("glimmer moths", "reeds, lanterns"),
        ("reeds", "glimmer moths, lanterns"),
        ("lanterns", "glimmer moths, reeds"),
    ]:
        probabilities = {"glimmer": 0.6, "moths": 0.6, "reeds": 0.6, "lanterns": 0.6, named.split()[-1]: 0.7}
        dialogue = Dialogue(PickedByHand(probabilities).picks, 0.5, 0.5)
        assert dialogue.standalone("are they fed?", history) == f"are {named} fed ({rest})?"


def test_a_phrase_whose_words_another_has_is_left_out_and_its_probability_counts_for_the_other() -> None:
    history = ["Do glimmer moths sleep?", "Do reeds?", "Does a moth?"]
    probabilities = {"glimmer": 0.6, "moths": 0.6, "reeds": 0.7, "moth": 0.8}
    dialogue = Dialogue(PickedByHand(probabilities).picks, 0.5, 0.5)
    assert dialogue.standalone("are they fed?", history) == "are glimmer moths fed (reeds)?"
    assert dialogue.standalone("why?", history) == "why (glimmer moths, reeds)?"
    assert dialogue_of("moths").standalone("why?", ["Do moths?", "Moths?", "What are moths?"]) == "why (moths)?"


def test_words_of_two_turns_make_no_phrase() -> None:
    assert dialogue_of("moths", "reeds").standalone("why?", ["all moths", "reeds"]) == "why (moths, reeds)?"


def test_thresholds_are_reached_by_what_is_as_high() -> None:
    history = ["What are moths?"]
    for needed, probability, asked in [(0.5, 0.5, "why (moths)?"), (0.49, 0.9, "why?"), (0.9, 0.49, "why?")]:
        dialogue = Dialogue(PickedByHand({"moths": probability}, needed).picks, need_threshold=0.5, pick_threshold=0.5)
        assert dialogue.standalone("why?", history) == asked


def test_of_many_words_the_most_probable_are_taken_in_their_order() -> None:
    names = [f"zorble{number}" for number in range(30)]
    probabilities = {name: 0.9 if number % 3 else 0.6 for number, name in enumerate(names)}
    asked = Dialogue(PickedByHand(probabilities).picks, 0.5, 0.5).standalone("why?", [f"{name}!" for name in names])
    wanted = [name for number, name in enumerate(names) if number % 3][:MOST_WORDS]
    assert asked == f"why ({', '.join(wanted)})?"


@given(DRAWN, TURNS, HISTORIES)
def test_no_word_is_ever_invented(drawn: Drawn, question: str, history: list[str]) -> None:
    # The "s" of a possessive alone.
    assert words_of(drawn.dialogue.standalone(question, history)) <= words_of(question, *history) | {"s"}


@given(DRAWN, TURNS, HISTORIES)
def test_without_words_that_count_nothing_changes(drawn: Drawn, question: str, history: list[str]) -> None:
    asked = drawn.dialogue.standalone(question, history)
    if not drawn.taken(question, history):
        assert asked == question
    assert drawn.dialogue.standalone(question, []) == question


@given(DRAWN, TURNS, HISTORIES)
def test_all_of_the_question_is_kept_but_what_points_back(drawn: Drawn, question: str, history: list[str]) -> None:
    asked = drawn.dialogue.standalone(question, history)
    assert words_of(question) - {*MENTIONS} <= words_of(asked)
    assert {*stems(question)} - {"condit", "one"} <= {*stems(asked)}


@given(DRAWN, TURNS, HISTORIES)
def test_the_words_that_count_are_taken_and_no_others_twelve_at_most(
    drawn: Drawn, question: str, history: list[str]
) -> None:
    picks = drawn.taken(question, history)
    wanted = {stem for pick in picks for stem in stems(pick.word.text)}
    added = {*stems(drawn.dialogue.standalone(question, history))} - {*stems(question)}
    assert added <= wanted
    assert len(added) <= MOST_WORDS
    if len(picks) <= MOST_WORDS:
        assert added == wanted - {*stems(question)}


@given(DRAWN, TURNS, HISTORIES)
def test_what_is_added_has_its_brackets_and_quotation_marks_in_pairs(
    drawn: Drawn, question: str, history: list[str]
) -> None:
    asked = drawn.dialogue.standalone(question, history)
    for opening, closing in ("()", "“”"):
        assert asked.count(opening) - question.count(opening) == asked.count(closing) - question.count(closing)


@given(DRAWN, st.text(max_size=60), st.lists(st.text(st.characters(), max_size=60), max_size=4))
def test_any_text_can_be_asked_after_any_other_and_stays_text(drawn: Drawn, question: str, history: list[str]) -> None:
    drawn.dialogue.standalone(question, [*history, "moths \ud800 reeds"]).encode("utf-8")


def test_turns_as_long_as_allowed_are_understood_at_once() -> None:
    turn = ("it " + "zorble zork moth " * 120)[:2000]
    began = time.perf_counter()
    asked = Drawn(1.0, [0.9]).dialogue.standalone("why " * 500, [turn] * 50)
    assert time.perf_counter() - began < 4
    assert len(asked) < 2300


@pytest.mark.parametrize(
    "question",
    [
        *("more", "More!", "tell me more", "what else?", "any others?", "go on", "and another one please"),
        *("give me more details about it", "continue", "is there anything else", "show more quotes"),
    ],
)
def test_that_more_is_asked_for(question: str) -> None:
    assert asks_for_more(question)


@pytest.mark.parametrize(
    "question", ["what else shines?", "more about reeds", "yes", "thanks", "what is it?", "", "?", "one", "moths go on"]
)
def test_that_something_else_is_asked_for(question: str) -> None:
    assert not asks_for_more(question)

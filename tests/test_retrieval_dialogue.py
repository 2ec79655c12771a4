"""Follow-ups become the questions that they stand for, in the asker's own words."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.dialogue import Dialogue
from retrieval.lexical import stems

_KNOWN = frozenset(stems("moths glimmer reeds lanterns wardens bells lake Vantor dew"))
DIALOGUE = Dialogue(_KNOWN.__contains__)
WORDS = (
    *(
        "it",
        "its",
        "they",
        "them",
        "this",
        "that",
        "the",
        "condition",
        "and",
        "or",
        "what",
        "about",
        "how",
        "why",
        "is",
    ),
    *("are", "does", "treated", "symptoms", "causes", "children", "night", "moths", "reeds", "lanterns", "zorbles"),
    *("glimmer", "moth's", "keepers’", "I", "D", "affect", "more", "?", ",", "(", ")", "!", "safe", "to", "for", "hum"),
)
TURNS = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
HISTORIES = st.lists(TURNS, max_size=6)


def words_of(*texts: str) -> set[str]:
    plain = " ".join(texts).lower().replace("’", "'")
    return set(re.findall(r"\w+", plain))


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (["What are glimmer moths?"], "how are they fed?", "how are glimmer moths fed?"),
        (["What is a moth?"], "how is it treated?", "how is moth treated?"),
        (["What are moths?"], "What are their symptoms?", "What are moths's symptoms?"),
        (["What is a lantern?"], "what is its cause?", "what is lantern's cause?"),
        (["What is a lantern?"], "Is this condition serious?", "Is lantern serious?"),
        (["What are lanterns?"], "What causes this?", "What causes lanterns?"),
        (["What are moths and lanterns?"], "How do they differ?", "How do moths and lanterns differ?"),
        (["Do moths like lanterns?"], "what about both of those?", "what about both of moths and lanterns?"),
        (["How is a moth treated?"], "and lanterns?", "and lanterns (treated)?"),
        (["What causes moths in children?"], "what about reeds?", "what about reeds (causes children)?"),
        (["What are moths?"], "symptoms?", "symptoms (moths)?"),
        (["What are moths?"], "and the treatment", "and the treatment (moths)?"),
        (["How are moths treated?"], "in children?", "in children (How are moths treated)?"),
        (["How are moths treated?"], "why?", "why (How are moths treated)?"),
        (["What are moths?"], "tell me more", "tell me more (What are moths)?"),
        (["What is a moth A?"], "how is it treated?", "how is moth A treated?"),
        (["What are moths?"], "what do they dew?", "what do moths dew?"),
        (["What are zorbles?"], "how are they treated?", "how are zorbles treated?"),
    ],
)
def test_a_follow_up_is_asked_of_the_earlier_subject(history: list[str], question: str, standalone: str) -> None:
    assert DIALOGUE.standalone(question, history) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "What are lanterns?",
        "Do wardens like it?",
        "What will they do for the wardens of the lake?",
        "and how are the reeds of the lake treated?",
        "What is the capital of Zorbia?",
        "Is it safe to feed zorbles?",
        "Is it true that zorbles sing?",
        "What's it like for the wardens when lanterns fail and they are ill?",
    ],
)
def test_a_question_with_a_subject_of_its_own_is_not_dragged_back(question: str) -> None:
    assert DIALOGUE.standalone(question, ["What are moths?", "How are they treated?"]) == question


@pytest.mark.parametrize(
    "question", ["Is it safe to drive?", "It is possible that it hurts", "Was it bad for children?"]
)
def test_an_it_that_stands_for_nothing_is_left_as_it_is(question: str) -> None:
    assert DIALOGUE.standalone(question, ["What are moths?"]).startswith(question.rstrip("?"))


def test_a_pronoun_after_a_change_of_topic_means_the_new_one() -> None:
    assert DIALOGUE.standalone("how are they treated?", ["What are moths?", "What are reeds?"]) == (
        "how are reeds treated?"
    )


def test_several_follow_ups_in_a_row_keep_the_subject() -> None:
    history = ["What are moths?", "how are they treated?", "and in children?", "what are the side effects?"]
    assert DIALOGUE.standalone("how often do they happen?", history) == "how often do moths happen?"


def test_a_narrowing_takes_the_place_of_the_one_before() -> None:
    history = ["How are moths treated?", "in children?", "at night?"]
    assert DIALOGUE.standalone("and in adults?", history) == "and in adults (How are moths treated)?"


@pytest.mark.parametrize("history", [[], [""], ["", "  ", "?"], ["hello"], ["why?", "and how?"]])
def test_without_an_earlier_subject_a_question_stays_as_it_is(history: list[str]) -> None:
    assert DIALOGUE.standalone("how is it treated?", history) == "how is it treated?"


def test_empty_turns_and_chatter_between_do_not_lose_the_subject() -> None:
    history = ["", "What are moths?", "", "thanks", "hello there", ""]
    assert DIALOGUE.standalone("how are they treated?", history) == "how are moths treated?"


@given(TURNS, HISTORIES)
def test_no_word_is_ever_invented_but_the_and_between_two_subjects(question: str, history: list[str]) -> None:
    standalone = DIALOGUE.standalone(question, history)
    assert words_of(standalone) <= words_of(question, *history) | {"and", "s"}


@given(TURNS)
def test_without_history_nothing_changes(question: str) -> None:
    assert DIALOGUE.standalone(question, []) == question


@given(TURNS.filter(lambda turn: "condition" not in turn), HISTORIES)
def test_all_of_the_question_but_its_first_pronoun_is_kept(question: str, history: list[str]) -> None:
    pronouns = words_of("it its they them their theirs this that these those")
    assert words_of(question) - pronouns <= words_of(DIALOGUE.standalone(question, history))


@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=4))
def test_any_text_can_be_asked_after_any_other(question: str, history: list[str]) -> None:
    assert isinstance(DIALOGUE.standalone(question, history), str)


@pytest.mark.parametrize(
    "turn",
    [
        *("why?", "in children?", "tell me more", "how is it treated?", "and reeds?", "does it help zorble {}?"),
        *("and moth {} children adults women?", "is it reed {} lantern {} dew?", "zorble{} zork{} it?"),
    ],
)
def test_a_thousand_turns_are_understood_at_once_and_the_question_stays_short(turn: str) -> None:
    history = ["What are moths?", *(turn.replace("{}", str(number)) for number in range(1000))]
    began = time.perf_counter()
    standalone = DIALOGUE.standalone("how are they treated?", history)
    assert time.perf_counter() - began < 2
    assert len(standalone) < 200


def test_a_subject_does_not_grow_with_every_unknown_thing_that_is_named() -> None:
    history = ["What is zork?", *(f"does it help zorble{number}?" for number in range(1000))]
    began = time.perf_counter()
    assert DIALOGUE.standalone("how is it treated?", history).startswith("how is zork and zorble0 and")
    assert len(DIALOGUE.standalone("how is it treated?", history)) < 80
    assert time.perf_counter() - began < 2


def test_turns_as_long_as_allowed_are_understood_at_once() -> None:
    turn = ("it " + "zorble zork moth " * 120)[:2000]
    began = time.perf_counter()
    assert len(DIALOGUE.standalone(turn, [turn] * 50)) < 4000
    assert time.perf_counter() - began < 4

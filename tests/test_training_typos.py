"""Slips of the finger: in one long word each while there are any, never in a first letter, the same for a seed."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.training.typos import misspelt

QUESTION = "who counts the silver reeds of Vantor?"


@pytest.mark.parametrize("edits", [1, 2, 3])
def test_as_many_words_change_as_there_are_edits_and_each_keeps_its_first_letter(edits: int) -> None:
    for seed in range(200):
        slipped = misspelt(QUESTION, edits, random.Random(seed))
        pairs = list(zip(QUESTION.split(), slipped.split(), strict=True))
        changed = [(one, other) for one, other in pairs if one != other]
        assert len(changed) == edits
        assert all(one[0] == other[0] and len(re.sub(r"\W", "", one)) > 3 for one, other in changed)
        assert all(abs(len(one) - len(other)) <= 1 for one, other in changed)


def test_slips_that_find_no_word_of_their_own_are_made_in_the_same_ones() -> None:
    assert misspelt("who is it?", 2, random.Random(1)) == "who is it?"
    for seed in range(200):
        the, slipped = misspelt("the reeds", 2, random.Random(seed)).split()
        assert the == "the"
        assert slipped != "reeds"
        assert slipped[0] == "r"


def test_stop_words_are_spared_if_only_content_is_to_slip() -> None:
    for seed in range(200):
        slipped = misspelt("what about those reeds", 2, random.Random(seed), content_only=True)
        assert slipped.startswith("what about those r")
        assert slipped != "what about those reeds"


@given(st.text(), st.integers(0, 4), st.integers())
def test_any_text_can_be_misspelt_and_a_seed_gives_the_same_again(text: str, edits: int, seed: int) -> None:
    assert misspelt(text, edits, random.Random(seed)) == misspelt(text, edits, random.Random(seed))

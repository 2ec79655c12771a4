"""Slips: what each one is called, and the pairs that make two."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA  # noqa: TID251 - the oracle

from retrieval.slips import Slip, slip_between, slips_between
from retrieval.training.typos import misspelt

LIKELY = {Slip.SWAPPED, Slip.DOUBLED, Slip.DROPPED, Slip.BESIDE}


@pytest.mark.parametrize(
    ("meant", "typed", "slip"),
    [
        ("lantern", "lanetrn", Slip.SWAPPED),
        ("lantern", "alntern", Slip.SWAPPED),
        ("lantern", "lanttern", Slip.DOUBLED),
        ("lantern", "lanternn", Slip.DOUBLED),
        ("moss", "mos", Slip.DOUBLED),
        ("lantern", "lntern", Slip.DROPPED),
        ("lantern", "antern", Slip.DROPPED),
        ("lantern", "lanter", Slip.DROPPED),
        ("lantern", "lamtern", Slip.BESIDE),
        ("lantern", "lanytern", Slip.BESIDE),  # y is beside t
        ("lantern", "lintern", Slip.VOWEL),
        ("lantern", "lanbern", Slip.OTHER),
        ("lantern", "lanxtern", Slip.OTHER),
        ("lantern", "lanterx", Slip.ENDING),
        ("lantern", "lanterns", Slip.ENDING),
        ("reeds", "reeda", Slip.OTHER),  # beside, but a vowel ends many a word that is none of English
    ],
)
def test_each_slip_has_its_name(meant: str, typed: str, slip: Slip) -> None:
    assert slip_between(meant, typed) is slip


WORDS = st.text("aeilnrst", min_size=4, max_size=8)


@given(WORDS, st.integers())
def test_what_is_mistyped_by_chance_is_a_likely_slip(word: str, seed: int) -> None:
    typed = misspelt(word, 1, random.Random(seed))
    is_vowel_at_the_end = len(typed) == len(word) and typed[:-1] == word[:-1] and typed[-1] in "aeiouy"
    assert slip_between(word, typed) in LIKELY or is_vowel_at_the_end


@given(WORDS, st.integers())
def test_two_slips_are_found_wherever_two_were_made(word: str, seed: int) -> None:
    typed = misspelt(word, 2, random.Random(seed))
    pairs = [*slips_between(word, typed)]
    assert pairs or OSA.distance(word, typed) != 2


def test_the_pairs_are_all_the_ways_from_one_word_to_the_other() -> None:
    assert sorted(slips_between("lantern", "lntren")) == [(Slip.DROPPED, Slip.SWAPPED), (Slip.SWAPPED, Slip.DROPPED)]
    assert [*slips_between("lantern", "bells")] == []

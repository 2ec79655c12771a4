"""Which questions get a notice before all else, and which don't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.emergency_numbers import Numbers, numbers_of
from retrieval.model import Notice, NoticeKind
from retrieval.safety import shipped_safety
from retrieval.safety_texts import TEXTS

EMERGENCY, CRISIS, ADVICE = NoticeKind.EMERGENCY, NoticeKind.CRISIS, NoticeKind.PERSONAL_ADVICE
NUMBERS = Numbers(("112", "999"), ("116 123",))


def kinds(question: str, *history: str) -> tuple[NoticeKind, ...]:
    return shipped_safety().kinds(question, history)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("She can't breathe", (EMERGENCY,)),
        ("I want to die", (CRISIS,)),
        ("should I stop my tablets?", (ADVICE,)),
        ("What is dystonia?", ()),
        ("I took all my pills because I want to die", (EMERGENCY, CRISIS)),
        ("Should I stop my tablets? My son is having a seizure.", (EMERGENCY,)),
    ],
)
def test_the_most_urgent_comes_first_and_stands_without_the_line_about_advice(
    question: str, expected: tuple[NoticeKind, ...]
) -> None:
    assert kinds(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "hes not wakeing up",
        "HE WON’T WAKE UP",
        "he wont wake up",
        "sezure wont stop",
        "shes not breeething",
        "he is\nnot breathing",
    ],
)
def test_slips_capitals_and_missing_apostrophes_hide_no_red_flag(question: str) -> None:
    assert kinds(question) == (EMERGENCY,)


@pytest.mark.parametrize(
    ("question", "is_now"),
    [
        ("My son is having a seizure", True),
        ("If my son is having a seizure, what do we do?", False),
        ("What do we do? My son is having a seizure", True),
        ("what do i do my son is having a seizure", True),
        ("How do I know that my son is having a seizure?", False),
        ("In my novel a man is having a seizure", False),
        ("Last year he took an overdose", False),
        ("Years ago, he took an overdose", False),
        ("Years ago, he took an overdose, and now he is not breathing", True),
    ],
)
def test_what_is_supposed_asked_about_past_or_made_up_is_no_red_flag(question: str, is_now: bool) -> None:
    assert kinds(question) == ((EMERGENCY,) if is_now else ())


def test_a_turn_that_clearly_goes_on_is_judged_by_the_turns_before() -> None:
    assert kinds("she is still shaking", "What should I do when someone has a seizure?") == (EMERGENCY,)
    assert kinds("she is still shaking", "When do glimmer moths hum?") == ()
    assert kinds("what do I do?", "my son is having a seizure") == (EMERGENCY,)
    assert kinds("what do I do?", "What is a seizure?") == ()
    assert kinds("What is dystonia?", "my son is having a seizure") == ()
    assert kinds("she is still shaking", "What is a seizure?", "And moths?", "And reeds?") == ()


def test_a_red_flag_at_either_end_of_a_very_long_text_is_found() -> None:
    filling = "The reeds of Vantor are silver. " * 5000
    assert kinds(f"She is not breathing. {filling}") == (EMERGENCY,)
    assert kinds(f"{filling} She is not breathing.") == (EMERGENCY,)
    assert kinds(filling) == ()


def test_notices_are_the_fixed_texts_with_the_numbers_of_their_kind() -> None:
    notices = shipped_safety().notices("I took all my pills because I want to die", (), NUMBERS)
    assert notices == (
        Notice(EMERGENCY, TEXTS[EMERGENCY], numbers=("112", "999")),
        Notice(CRISIS, TEXTS[CRISIS], numbers=("116 123",)),
    )
    assert shipped_safety().notices("should I stop my tablets?", (), NUMBERS) == (Notice(ADVICE, TEXTS[ADVICE]),)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_no_text_is_too_strange(question: str, history: list[str]) -> None:
    assert set(shipped_safety().kinds(question, history)) <= {EMERGENCY, CRISIS, ADVICE}


@given(st.text(alphabet="\ud800\udfff ab,.!\u0301’'\n", max_size=200))
def test_half_characters_and_marks_are_read_too(question: str) -> None:
    assert shipped_safety().kinds(question) == ()


def test_numbers_without_a_locale_are_the_common_ones() -> None:
    assert numbers_of().emergency == ("112", "911", "999", "000", "111", "119")
    assert numbers_of().crisis == numbers_of().emergency


@pytest.mark.parametrize("locale", ["GB", "gb", "en-GB", "en_GB.UTF-8"])
def test_a_locale_is_its_country_however_it_is_written(locale: str) -> None:
    assert numbers_of(locale) == Numbers(("999", "112"), ("116 123",))


def test_a_country_without_a_vetted_crisis_line_gives_its_emergency_number() -> None:
    assert numbers_of("SG") == Numbers(("995",), ("995",))

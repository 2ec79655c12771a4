"""Short forms: learnt from brackets either way round, and found both ways in questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.abbreviations import Abbreviations, definitions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("They use deep reed humming (DRH) at dusk.", [("DRH", "deep reed humming")]),
        ("A DRH (deep reed humming) is heard.", [("DRH", "deep reed humming")]),
        ("The long-tailed glimmer moths (LTGM) rest.", [("LTGM", "long-tailed glimmer moths")]),
        ("Wardens of the silver reed and lake (WSRL) met.", [("WSRL", "Wardens of the silver reed and lake")]),
        ("Lamp oil vapour-2 (LOV2) burns.", [("LOV2", "Lamp oil vapour-2")]),
        ("Reeds (which are tall) grow.", []),
        ("Moths glow. Then (MG) stands alone.", []),
        ("It is humid (HUM) there.", []),  # an everyday word isn't what it is short for
        ("The test (TST) is short.", []),
        ("The glimmerish (GLM) moths", [("GLM", "glimmerish")]),
        ("muscle weakness (myopathy) in moths", []),
        ("One (1) and two (2).", []),
        ("(DRH)", []),
        ("", []),
    ],
)
def test_definitions(text: str, found: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == found


KNOWN = Abbreviations.of(
    [
        "Deep reed humming (DRH) is loud. Deep reed humming (DRH) is old.",
        "Dusk reed hunters (DRH) are few. Copper awning rods (CAR) are long.",
    ]
)


def test_of_several_meanings_all_are_kept_that_are_half_as_frequent_as_the_first() -> None:
    assert KNOWN.long_forms["DRH"] == ["deep reed humming", "dusk reed hunters"]
    once = Abbreviations.of(["Deep reed humming (DRH). " * 3, "Dusk reed hunters (DRH)."])
    assert once.long_forms["DRH"] == ["deep reed humming"]


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("what is drh?", ["deep reed humming", "dusk reed hunters"]),
        ("Deep reed humming at night", ["DRH"]),
        ("is deep reed humming the same as DRH?", ["dusk reed hunters"]),
        ("may I go by car?", []),  # a word, and no short form in small letters
        ("what does CAR stand for?", ["copper awning rods"]),
        ("MAY I GO BY CAR?", []),  # capitals say nothing where everything is in them
        ("WHAT IS DRH?", ["deep reed humming", "dusk reed hunters"]),
        ("IS DEEP REED HUMMING OLD", ["DRH"]),
        ("who counts the reeds?", []),
        ("", []),
    ],
)
def test_questions_find_the_other_forms(question: str, forms: list[str]) -> None:
    assert KNOWN.other_forms(question) == forms


@given(st.text(alphabet="aAbB() -.1", max_size=60))
def test_any_text_can_be_read_and_every_long_form_stands_in_it(text: str) -> None:
    for short, long in definitions(text):
        assert short in text
        assert long.split()[0] in text
        assert len(long) > len(short)

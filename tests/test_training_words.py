"""The list of words that are left alone: what goes into it, and what lies in the package."""

from importlib import resources

from retrieval.spelling import is_english
from retrieval.training.words import HEADER, words_of

TEXTS = ["Zorbles hum. The VNTR hums.", "zorbles, reeds, vantorine, VNTR", "Zorbles. Vantorine. VNTR", "a zbl vntR"]


def test_words_of_three_texts_or_of_the_vocabulary_are_listed_but_for_english_and_capitals() -> None:
    assert words_of(TEXTS, ["##orium", "glimmeria", "reeds", "zbl", "[CLS]"]) == ["glimmeria", "zorbles"]
    assert words_of([*TEXTS, "vantorine"], []) == ["vantorine", "zorbles"]


def test_the_list_in_the_package_is_sorted_and_has_what_the_english_one_has_not() -> None:
    text = (resources.files("retrieval") / "words.txt").read_text("utf-8")
    words = text.removeprefix(HEADER).splitlines()
    assert text.startswith(HEADER)
    assert words == sorted({*words})
    assert not any(map(is_english, words))
    assert {"diarrhea", "leukemia", "statin"} <= {*words}

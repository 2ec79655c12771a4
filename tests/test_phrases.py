"""The small language of the table of phrases, and texts as plain words."""

import csv
from datetime import date
from importlib import resources

import pytest

from retrieval.phrases import PhraseError, compile_phrases, words_of
from retrieval.plain_words import PlainWords

CLASSES = {"moth": ["moth|moths", "night butterfly"]}
PLAIN = PlainWords({"cant": "can not", "moths": "moths"}, frozenset({"glimmer", "shining", "incandescent"}))


@pytest.mark.parametrize(
    ("phrase", "found", "not_found"),
    [
        ("moths hum", ["moths hum"], ["moths , hum", "moths humming", "behemoths hum"]),
        ("moths|reeds hum", ["moths hum", "reeds hum"], ["moths reeds"]),
        ("(moths hum|reeds sway)", ["moths hum", "reeds sway"], ["moths sway"]),
        ("moths [all] hum", ["moths hum", "moths all hum"], ["moths never hum"]),
        ("hum*", ["hum", "humming"], ["ahum"]),
        ("moths .. hum", ["moths hum", "moths will , soon hum"], ["moths a b c d hum"]),
        ("<moth> hum", ["moth hum", "night butterfly hum"], ["reed hum"]),
        ("^ moths", ["moths", "look , moths"], ["the moths"]),
        ("moths $", ["moths", "moths , look"], ["moths hum"]),
    ],
)
def test_a_phrase_finds_what_it_says(phrase: str, found: list[str], not_found: list[str]) -> None:
    pattern = compile_phrases([phrase], CLASSES)
    assert [text for text in found if not pattern.search(f". {text} . ")] == []
    assert [text for text in not_found if pattern.search(f". {text} . ")] == []


@pytest.mark.parametrize(
    ("phrase", "refusal"),
    [
        ("", "found '', wanted words; write some, or take it out"),
        ("<reed>", "found <reed>, wanted one of moth; correct it"),
        ("(moths", "found '(moths', wanted every bracket closed; correct it"),
        ("Moths", "found 'Moths', wanted small letters; write a word"),
    ],
)
def test_a_phrase_that_can_not_be_read_is_refused(phrase: str, refusal: str) -> None:
    with pytest.raises(PhraseError) as refused:
        compile_phrases([phrase], CLASSES)
    assert str(refused.value) == refusal


def test_the_words_of_phrases_are_the_whole_ones() -> None:
    assert words_of(["moths hum* <moth> (all|night butterfly) \\d+"]) == {"moths", "all", "night", "butterfly"}


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("I CAN'T see. Cant you?", [". i can not see . ", ". can not you . "]),
        ("I can’t, see", [". i can not , see . "]),
        ("glimer shinign", [". glimmer shining . "]),
        ("incandesent incandecsant", [". incandescent incandescent . "]),
        ("Shiiiining", [". shining . "]),
        ("look my moth is here", [". look , my moth is here . "]),
        ("if my moth is here", [". if my moth is here . "]),
        ("half-lit 10mins", [". half lit 10 mins . "]),
        ("... !? \n", []),
    ],
)
def test_texts_become_plain_words(text: str, sentences: list[str]) -> None:
    assert PLAIN.sentences(text) == sentences


def test_every_number_has_its_source_and_the_day_it_was_checked() -> None:
    text = (resources.files("retrieval") / "emergency_numbers.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader((line for line in text.splitlines() if line[0] != "#"), delimiter="\t"))
    assert all(row["source"].startswith(("http://", "https://")) and date.fromisoformat(row["checked"]) for row in rows)
    assert all(row["number"].replace(" ", "").isdigit() and row["kind"] in {"emergency", "crisis"} for row in rows)

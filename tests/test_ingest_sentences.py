"""Sentences: in order, never overlapping, every character of the text once; abbreviations and titles end none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Span
from ingest.sentences import sentences
from tests.fiction import MOTHS, REEDS, document_of, plain_document

pieces = st.sampled_from(
    [
        *["Glimmer moths of Vantor", "Glimmer moths of Vantor Glimmer moths are pale.", "The moths rest", " on reeds."],
        *[
            "\n\n",
            "\n",
            " ",
            "- a lantern",
            "\n12. Count them. Then rest.",
            "a | b",
            "They fly at 5 p.m. in spring.",
            "...",
        ],
        *["approx. 5 mg", "(e.g. at dusk)", "“Where?” asked Dr. Vela. ", "🌒", "e\u0301", "!?", "…", "- ", "1) ", "’"],
    ]
)
documents = st.lists(pieces, max_size=30).map("".join).map(document_of)


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences(plain_document(text))]


def uncovered(document: Document) -> str:
    """The text with every sentence, heading and list mark blanked: what is left lies in none of them."""
    left = list(document.text)
    marks = [(mark.start(), mark.end()) for mark in re.finditer(r"(?m)^(- |\d{1,3}[.)] )(?=\S)", document.text)]
    headings = [(heading.start, heading.end) for heading in document.headings]
    for start, end in [*marks, *headings, *((span.start, span.end) for span in sentences(document))]:
        left[start:end] = " " * (end - start)
    return "".join(left)


@given(documents)
def test_sentences_cover_every_character_outside_headings_and_list_marks_once(document: Document) -> None:
    found = sentences(document)
    assert uncovered(document).strip() == ""
    taken = [position for span in found for position in range(span.start, span.end)]
    taken += [position for heading in document.headings for position in range(heading.start, heading.end)]
    assert len(taken) == len(set(taken))
    assert found == sorted(found, key=lambda span: span.start)


@given(documents)
def test_a_sentence_lies_in_one_line_and_begins_and_ends_with_something_to_see(document: Document) -> None:
    for sentence in sentences(document):
        assert "\n" not in sentence.text
        assert sentence.text == sentence.text.strip()


@pytest.mark.parametrize(
    "sentence",
    [
        "The moth weighs approx. 5 grams in spring.",
        "The moth weighs Approx. (in spring) 5 grams.",
        "See vol. 2 of the ledgers, chap. 7, and est. 40 reeds.",
        "The light lasts max. 9 minutes.",
        "The reeds were counted with approx. values.",
        "Some moths (e.g. Pale ones) rest, i.e. they are still.",
        "Dr. Vela and Mr. J. R. Reed of St. Vantor counted them.",
        "The dust weighs 2.5 mg, or 0.5 oz.",
        "The reeds (RGV) lean.",
        "See Fig. 3 and No. 7 of the ledgers, pp. 3-4.",
        "“Where do they go?” asked the keeper.",
        "Is it pale? asked the keeper.",
        "They flew at 5 a.m. over the lake.",
        "Vela et al. saw it.",
        "Wait... then it flew.",
        "Reeds vs. masts were counted.",
        "The moth (!) is pale—the reed is not.",
        "See vantor.example for more.",
        "See www.Vantor.example for more.",
        "Non-U.V. moths are rare.",
        "(To count them, ring the bell (VB) once.)",
        "“They rest on reeds.”",
        "The reeds (they lean. ) are pale.",
        "They rest . . . and shine.",
    ],
)
def test_none_of_these_is_more_than_one_sentence(sentence: str) -> None:
    assert texts(f"They rest. {sentence} They fly.") == ["They rest.", sentence, "They fly."]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Moths rest. They fly! Do they shine? Yes.", ["Moths rest.", "They fly!", "Do they shine?", "Yes."]),
        ("The dust weighs 5 mg. It is pale.", ["The dust weighs 5 mg.", "It is pale."]),
        ("“Home!” she said. “They rest.” They do.", ["“Home!” she said.", "“They rest.”", "They do."]),
        ("They came in 1925. Reeds grew.", ["They came in 1925.", "Reeds grew."]),
        ("There were 12. 5 were pale.", ["There were 12.", "5 were pale."]),
        ("🌒 Moths—pale ones—fly 🌒. Then 🌒🌒 rest.", ["🌒 Moths—pale ones—fly 🌒.", "Then 🌒🌒 rest."]),
        ("They rest (on reeds). They fly.", ["They rest (on reeds).", "They fly."]),
        ("Moths rest\n\nThey fly", ["Moths rest", "They fly"]),
        ("- a lantern. A blue one.\n2) a bell", ["a lantern.", "A blue one.", "a bell"]),
        ("Year | Reeds\n1 | 400", ["Year | Reeds", "1 | 400"]),
        ("- 5 moths\n-5 moths", ["5 moths", "-5 moths"]),
        ("They fly. (They rest.) They shine.", ["They fly.", "(They rest.) They shine."]),
        ("They rest.They fly.", ["They rest.", "They fly."]),
        ("... They fly.", ["... They fly."]),
        ("-", ["-"]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, wanted: list[str]) -> None:
    assert texts(text) == wanted


def test_headings_are_no_sentences_and_part_them() -> None:
    document = plain_document("Moths The moths rest on\n\nWhere\n\nreeds.", (0, 5, 1), (25, 30, 2))
    assert [span.text for span in sentences(document)] == ["The moths rest on", "reeds."]


def test_a_heading_in_mid_line_parts_the_line() -> None:
    document = plain_document("They rest. Where they fly They fly.", (11, 25, 2))
    assert [span.text for span in sentences(document)] == ["They rest.", "They fly."]


def test_repeated_text_keeps_its_own_places() -> None:
    document = plain_document("They fly. They fly.\n\nThey fly.")
    assert sentences(document) == [Span(document, 0, 9), Span(document, 10, 19), Span(document, 21, 30)]


def test_the_sentences_of_a_whole_document_are_these() -> None:
    assert [span.text for span in sentences(document_of(MOTHS))] == [
        "Glimmer moths rest on the silver reeds of Lake Vantor.",
        "They choose reeds that lean towards the north, and they share a reed with two others at most.",
        "On windless evenings they move to the lantern stones.",
        "A keeper who counts the moths brings:",
        "a lantern with a blue glass",
        "two sheets of ruled paper, one for each bank",
        "a bell, unless the reeds are in flower",
        "Glimmer moths shine for nine minutes after sunset.",
        "The light is pale green on calm evenings.",
        "It turns to amber when a storm is near.",
    ]
    assert [span.text for span in sentences(document_of(REEDS))][-3:] == [
        "Year | Reeds | Masts",
        "1 | 400 | 12",
        "2 | 380 | 15",
    ]

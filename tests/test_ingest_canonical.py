"""The text of record: white space and markup are put in order, faults of real files are mended, no word is changed."""

import re
import unicodedata
from importlib import resources
from pathlib import Path
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus.model import Heading, Place
from corpus.store import load_corpus
from ingest.canonical import CanonicalText, canonicalise, visible
from ingest.raw import Block, BlockKind, RawDocument
from ingest.readers.text import parse_text
from ingest.sentences import sentences
from tests.fiction import document_of, words_of

PROJECT = Path(str(resources.files("corpus")))
words = st.sampled_from(
    [
        "moths",
        "Moths",
        "glimmer",
        "Vantor",
        "the",
        "The",
        "reeds.",
        "dusk:",
        "9",
        "12.",
        "e\u0301",
        "(pale)",
        "—",
        "a|b",
    ]
)
odd = st.sampled_from(
    ["\u200b", "\u00ad", "\ufeff", "\x07", "\u2060", "\u0301", "🌒", "|", "- ", "1. ", "•", "***", "="]
)
gaps = st.sampled_from(
    [" ", "  ", "\t", "\n", "\n", "\r\n", "\r", "\n\n", "\n \n", "\xa0", "\u2028", "\u2029", "\x0c", ""]
)
raw_texts = st.lists(st.one_of(words, words, words, odd, gaps, gaps), max_size=60).map("".join) | st.lists(
    st.tuples(words, st.just(" ")).map("".join), max_size=60
).map("".join)


def canonical(text: str) -> CanonicalText:
    return canonicalise(parse_text(text))


def headings_of(text: str) -> list[str]:
    result = canonical(text)
    return [result.text[heading.start : heading.end] for heading in result.headings]


@given(raw_texts | st.text(max_size=80))
@example("The keepers of the lake\n\n\u200b\n\nwatch the reeds")
@example("e\u200b\u0301")
@example("a |\tb\nc |\td")
def test_reading_a_text_of_record_again_gives_the_same_text(text: str) -> None:
    once = canonical(text)
    assert canonical(once.text).text == once.text


@given(raw_texts)
def test_no_word_is_changed_added_or_removed(text: str) -> None:
    assert words_of(canonical(text).text) == words_of(text)


@given(raw_texts | st.text(max_size=80))
def test_a_text_of_record_is_laid_out_as_the_layout_says(text: str) -> None:
    result = canonical(text)
    assert unicodedata.normalize("NFC", result.text) == result.text
    assert re.search(r"[^\S \n]|[\u00ad\u200b\u2060\ufeff]|\n{3}|  | \n|\n |^\s|\s$", result.text) is None
    assert all(any(sign.isalnum() for sign in line) for line in result.text.split("\n") if line)


@given(raw_texts)
def test_headings_are_ranges_in_order_that_never_overlap(text: str) -> None:
    result = canonical(text)
    ends = [0, *(heading.end for heading in result.headings)]
    assert all(end <= heading.start < heading.end for end, heading in zip(ends, result.headings, strict=False))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Moths\u00a0rest.\tThey\u2003fly.", "Moths rest. They fly."),
        ("\ufeffMoths rest\u200b.\n\n\u2060They fly.", "Moths rest.\n\nThey fly."),
        ("Glim\u00admer moths rest.\x07", "Glimmer moths rest."),
        ("Vela\u0301 and e\u200b\u0301", "Vel\u00e1 and \u00e9"),
        ("Moths rest.\r\n\r\nThey fly.\r\rThey shine.", "Moths rest.\n\nThey fly.\n\nThey shine."),
        ("Moths rest.\u2028They fly.\u2029They shine.", "Moths rest.\n\nThey fly.\n\nThey shine."),
        ("Moths rest.\n\n\n \n\t\n\n", "Moths rest."),
        ("Moths rest.\n\n* * *\n\nThey fly.\n-----", "Moths rest.\n\nThey fly."),
        ("Wings—pale ones—fold – at dusk.", "Wings—pale ones—fold – at dusk."),
        ("The crescent 🌒 and 👩‍👩‍👧 stay.", "The crescent 🌒 and 👩‍👩‍👧 stay."),
        ("", ""),
    ],
)
def test_only_white_space_and_invisible_characters_are_put_in_order(raw: str, text: str) -> None:
    assert canonical(raw).text == text


def test_invisible_are_controls_surrogates_and_the_signs_without_width_but_no_white_space() -> None:
    gone = {chr(code) for code in range(0x110000) if not visible(chr(code))}
    assert gone == set("\xad\u200b\u2060\ufeff") | {
        sign for sign in map(chr, range(0x110000)) if unicodedata.category(sign) in {"Cc", "Cs"} and not sign.isspace()
    }


@pytest.mark.parametrize(
    "break_", ["\n\n", "\n\n\n\n", "\r\n\r\n", "\n \n", "\n\u200b\n", "\n\n***\n\n", "\u2029", "\n\n\ufeff"]
)
def test_a_paragraph_break_in_mid_sentence_is_healed_into_one_sentence(break_: str) -> None:
    document = document_of(
        f"The light of the moths is pale on calm evenings, while the reeds{break_}may turn to amber."
    )
    assert [sentence.text for sentence in sentences(document)] == [
        "The light of the moths is pale on calm evenings, while the reeds may turn to amber."
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The moths rest on the reeds.", "and then they fly."),
        ("A keeper of the lake brings:", "a lantern with a blue glass"),
        ("The moths rest on the reeds", "They fly at dusk."),
        ("Pale moths", "are rare at the lake."),
        ("The moths rest (on “the reeds.”)", "a lantern is not lit."),
    ],
)
def test_a_break_that_may_end_something_is_kept(first: str, second: str) -> None:
    assert canonical(f"Moths rest.\n\n{first}\n\n{second}").text == f"Moths rest.\n\n{first}\n\n{second}"


TITLE = "Glimmer Moths of Vantor"


@pytest.mark.parametrize(
    ("opening", "heading"),
    [
        (" Glimmer moths are pale.", ""),
        (" The moths are pale.", ""),
        (" In winter they rest.", ""),
        (": They are pale.", ":"),
        (" — Glimmer moths are pale.", " —"),
        (" “Glimmer moths” is their name.", ""),
    ],
)
def test_a_title_that_runs_into_the_first_sentence_is_a_heading_and_no_part_of_it(opening: str, heading: str) -> None:
    document = document_of(f"{TITLE}\n\n{TITLE}{opening} They shine.")
    assert [span.text for span in sentences(document)] == [opening.removeprefix(heading).strip(), "They shine."]
    assert headings_of(document.text) == [TITLE, TITLE + heading]
    assert [span.text for span in document.headings_at(len(document.text) - 1)] == [TITLE + heading]


@pytest.mark.parametrize(
    "sentence",
    [
        f"{TITLE} are pale.",
        f"{TITLE} (GMV) are pale.",
        f"{TITLE} Lake are pale.",
        f"{TITLE} 2 are pale.",
        f"{TITLE} A are pale.",
        f"{TITLE}: pale ones.",
        f"{TITLE}Glimmer are pale.",
    ],
)
def test_a_sentence_whose_subject_is_the_title_stays_whole(sentence: str) -> None:
    document = document_of(f"{TITLE}\n\n{sentence} They shine.")
    assert [span.text for span in sentences(document)] == [sentence, "They shine."]


def test_a_title_of_few_words_is_never_taken_out_of_a_sentence() -> None:
    document = document_of("Glimmer Moths\n\nGlimmer Moths The pale ones are rare.")
    assert [span.text for span in sentences(document)] == ["Glimmer Moths The pale ones are rare."]


def test_of_two_titles_that_run_in_the_longer_one_is_meant() -> None:
    assert headings_of(
        "Moths of Vantor\n\nPale ones are rare at the lake, and green ones are not rare at all.\n\n"
        "Moths of Vantor The Guide\n\nMoths of Vantor The Guide The moths are pale on calm evenings, and amber else."
    ) == ["Moths of Vantor", "Moths of Vantor The Guide", "Moths of Vantor The Guide"]


def test_blocks_of_one_list_or_table_stand_in_lines_and_all_else_in_paragraphs() -> None:
    kinds = BlockKind
    blocks = [
        Block(kinds.HEADING, "Moths", 1),
        Block(kinds.ITEM, "- pale"),
        Block(kinds.ITEM, "2) green"),
        Block(kinds.ROW, "a | b"),
        Block(kinds.ROW, "c | d"),
        Block(kinds.PARAGRAPH, "They fly."),
        Block(kinds.PARAGRAPH, "They rest."),
    ]
    assert canonicalise(RawDocument(tuple(blocks))).text == (
        "Moths\n\n- pale\n2) green\n\na | b\nc | d\n\nThey fly.\n\nThey rest."
    )


def test_an_item_without_a_mark_and_a_row_of_one_cell_are_paragraphs() -> None:
    blocks = (Block(BlockKind.ITEM, "1000. moths"), Block(BlockKind.ROW, "Pale"), Block(BlockKind.ROW, "Green"))
    assert canonicalise(RawDocument(blocks)) == CanonicalText("1000. moths\n\nPale\n\nGreen", ())


def test_a_file_with_the_faults_of_the_projects_own_is_mended_in_all_of_them() -> None:
    title = "Glimmer Moths and Reeds of Vantor"
    first = "Glimmer moths and reeds are two wonders of one lake, and those who count them often meet both. " * 2
    half, rest = (
        "The light of the moths is pale—almost white—on calm evenings, while the reeds " * 2,
        "may lean far out.",
    )
    file = f"{title}\n{title} {first}\n{half}\n\n{rest}\nOn windy evenings, there is none.\n\n\n\n\n"
    assert canonical(file) == CanonicalText(
        f"{title}\n\n{title} {first.strip()}\n\n{half}{rest}\n\nOn windy evenings, there is none.",
        (Heading(0, len(title), 1), Heading(len(title) + 2, 2 * len(title) + 2, 1)),
    )
    assert [span.text for span in sentences(document_of(file))] == [
        *2 * [first[: len(first) // 2].strip()],
        half + rest,
        "On windy evenings, there is none.",
    ]


def test_the_projects_own_document_is_a_text_of_record_without_the_faults_of_its_file() -> None:
    (document,) = load_corpus(PROJECT).documents.values()
    assert canonical(document.text) == CanonicalText(document.text, document.headings)
    spans = sentences(document)
    assert spans[0].text.startswith("Dystonia and seizures are two neurological conditions that, while distinct, ")
    assert "forms—from brief lapses of awareness (absence seizures) to violent" in document.text
    (healed,) = [span.text for span in spans if span.text.startswith("Medications such as ")]
    assert "to control seizures, while dystonia may be managed with muscle relaxants, " in healed
    assert len(spans) == 27


def test_a_paragraph_that_goes_on_overleaf_is_one_and_knows_both_pages() -> None:
    blocks = [
        Block(BlockKind.HEADING, "Moths", 1, page="iv", fragment="page=4"),
        Block(BlockKind.PARAGRAPH, "They  rest on", page="iv", fragment="page=4"),
        Block(BlockKind.PARAGRAPH, "Silver reeds.", page="5", fragment="page=5", continues=True),
        Block(BlockKind.PARAGRAPH, "They shine.", page="5", fragment="page=5"),
    ]
    laid = canonicalise(RawDocument(tuple(blocks)))
    assert laid.text == "Moths\n\nThey rest on Silver reeds.\n\nThey shine."
    assert laid.places == (Place(0, "iv", "page=4"), Place(20, "5", "page=5"))


def test_a_list_item_that_goes_on_overleaf_is_one_item() -> None:
    blocks = [
        Block(BlockKind.ITEM, "- a lantern with", page="1"),
        Block(BlockKind.ITEM, "a blue glass", page="2", continues=True),
        Block(BlockKind.ITEM, "- a bell", page="2"),
    ]
    laid = canonicalise(RawDocument(tuple(blocks)))
    assert (laid.text, laid.places) == ("- a lantern with a blue glass\n- a bell", (Place(0, "1"), Place(17, "2")))


def test_a_row_that_begins_a_table_does_not_go_on_with_the_one_before() -> None:
    rows = (Block(BlockKind.ROW, " | North", 1), Block(BlockKind.ROW, "Reeds | 4"), Block(BlockKind.ROW, "A | B", 1))
    assert canonicalise(RawDocument(rows)).text == "| North\nReeds | 4\n\nA | B"


def test_a_text_of_nothing_but_fragments_takes_no_time_that_grows_with_its_square() -> None:
    begun = process_time()
    assert canonical("and the moths rest\n\n" * 20_000).text == " ".join(["and the moths rest"] * 20_000)
    assert process_time() - begun < 10  # with the square, minutes


@pytest.mark.parametrize(("count", "is_heading"), [(50, True), (51, False)])
def test_a_heading_of_more_than_fifty_words_is_a_paragraph_that_is_set_large(count: int, *, is_heading: bool) -> None:
    title = " ".join(["moths"] * count)
    laid = canonicalise(RawDocument((Block(BlockKind.HEADING, title, 1), Block(BlockKind.PARAGRAPH, "They rest."))))
    assert laid.text == f"{title}\n\nThey rest."
    assert laid.headings == ((Heading(0, len(title), 1),) if is_heading else ())

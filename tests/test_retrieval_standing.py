"""What a sentence brings along so that it can stand alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Span
from retrieval.standing import leans, standing_range
from tests.retrieval_fixtures import Block, Kind, Laid, documents, laid

TITLE = Block(Kind.HEADING, ("The glimmer moths of Vantor",))
WHOLE = {Kind.LIST, Kind.TABLE}


def standing(made: Laid, beginning: str) -> str:
    return standing_range(made.sentence(beginning), made.sentences).text


def covered(made: Laid, span: Span) -> list[int]:
    return [number for number, sentence in enumerate(made.sentences) if span.overlaps(sentence)]


def stem_of(made: Laid, block: int) -> int | None:
    """The sentence that introduces the list or table, by rules of the test's own."""
    first = made.block_of.index(block)
    before = first - 1
    if before < 0 or made.section_of[before] != made.section_of[first] or made.blocks[block - 1].kind in WHOLE:
        return None
    text = made.sentences[before].text.rstrip("\"'”’)]")
    complete = text.endswith((".", "!", "?")) and not text.endswith("...")
    return before if not complete or re.search(r"\b(following|these|this|below)\b", text) else None


@given(documents(), st.data())
def test_a_standing_range_is_a_run_of_whole_sentences_with_the_one_asked_for(made: Laid, data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(made.sentences))
    span = standing_range(sentence, made.sentences)
    numbers = covered(made, span)
    assert span.covers(sentence)
    assert span.end == made.sentences[numbers[-1]].end
    assert all(span.covers(made.sentences[number]) for number in numbers)
    assert len({made.section_of[number] for number in numbers}) == 1
    assert span.start == made.sentences[numbers[0]].start or numbers[0] == made.section_of.index(
        made.section_of[numbers[0]]
    )


@given(documents(), st.data())
def test_no_standing_range_begins_with_a_leaning_sentence_but_at_the_start_of_a_section(
    made: Laid, data: st.DataObject
) -> None:
    first = covered(made, standing_range(data.draw(st.sampled_from(made.sentences)), made.sentences))[0]
    assert not leans(made.sentences[first]) or first == made.section_of.index(made.section_of[first])


@given(documents(), st.data())
def test_lists_and_tables_come_whole_and_with_what_introduces_them(made: Laid, data: st.DataObject) -> None:
    numbers = set(covered(made, standing_range(data.draw(st.sampled_from(made.sentences)), made.sentences)))
    for block, laid_block in enumerate(made.blocks):
        if laid_block.kind in WHOLE:
            parts = {number for number, of in enumerate(made.block_of) if of == block}
            stem = stem_of(made, block)
            assert not parts & numbers or parts <= numbers
            assert stem is None or (stem in numbers) == bool(parts & numbers)


@given(documents(), st.data())
def test_a_list_that_opens_its_section_comes_with_the_heading_and_no_other_heading_is_ever_shown(
    made: Laid, data: st.DataObject
) -> None:
    span = standing_range(data.draw(st.sampled_from(made.sentences)), made.sentences)
    first = covered(made, span)[0]
    opens = made.section_of.index(made.section_of[first]) == first
    block = made.block_of[first]
    is_headed = opens and made.blocks[block].kind is Kind.LIST and made.blocks[block - 1].kind is Kind.HEADING
    shown = [h for h in made.document.headings if span.start < h.end and h.start < span.end]
    assert shown == ([made.document.headings[made.section_of[first] - 1]] if is_headed else [])


@given(documents(), st.data())
def test_what_stands_alone_stays_as_it_is(made: Laid, data: st.DataObject) -> None:
    sentence = data.draw(st.sampled_from(made.sentences))
    span = standing_range(sentence, made.sentences)
    for number in covered(made, span):
        inner = standing_range(made.sentences[number], made.sentences)
        assert span.covers(inner)


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "It",
            "They",
            "These contractions",
            "This",
            "However,",
            "Conversely,",
            "In severe cases,",
            "But",
            "And",
            "So",
        ),
        *("Both", "Such moths", "The latter", "For example,", "In addition,", "On the other hand,", "Instead,", "Its"),
        *(
            "“They",
            "(It",
            "If they",
            "When this",
            "While it",
            "Some of them",
            "Most of these",
            "Because of this",
            "Still,",
        ),
        *("Nor", "Neither of them", "Secondly,", "Alternatively,", "In that case,", "As a result,", "Unlike them,"),
        *("Yes,", "No,", "No.", "Yes:", "To do so,"),
    ],
)
def test_a_sentence_that_opens_with_a_pronoun_or_a_connective_brings_the_one_before(opening: str) -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Moths hum.", f"{opening} moths glow at dusk.", "Bells ring.")))
    assert standing(made, opening) == f"Moths hum. {opening} moths glow at dusk."


@pytest.mark.parametrize(
    "opening", ["Item", "Theory", "Thistle", "Sometimes", "If moths", "No moth", "Because moths", "Seconds", "Sound"]
)
def test_a_sentence_that_opens_with_a_noun_or_a_clause_of_its_own_stands_alone(opening: str) -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Moths hum.", f"{opening} glow at dusk.", "Bells ring.")))
    assert standing(made, opening) == f"{opening} glow at dusk."


def test_leaning_sentences_are_followed_back_over_a_paragraph_break_to_one_that_stands() -> None:
    made = laid(
        TITLE, Block(Kind.PARAGRAPH, ("Bells ring.", "Moths hum.", "They glow.")), Block(Kind.PARAGRAPH, ("It helps.",))
    )
    assert standing(made, "It helps.") == "Moths hum. They glow.\n\nIt helps."


def test_a_leaning_sentence_at_the_start_of_a_section_brings_nothing_from_the_section_before() -> None:
    made = laid(
        TITLE,
        Block(Kind.PARAGRAPH, ("Moths hum.",)),
        Block(Kind.RUN_IN, ("Of reeds and bells", "They ring.", "So it is.")),
    )
    assert standing(made, "So it is.") == "They ring. So it is."


@pytest.mark.parametrize("stem", ["Do not:", "Do not", "Do not …", "Do not...", "Never do the following.", "Do not –"])
def test_a_negation_is_never_cut_off_from_its_list(stem: str) -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Bells ring.", stem)), Block(Kind.LIST, ("wake the moths", "feed them")))
    assert standing(made, "feed them") == f"{stem}\n\n- wake the moths\n- feed them"
    assert standing(made, stem) == f"{stem}\n\n- wake the moths\n- feed them"


def test_a_condition_within_a_list_stays_with_it() -> None:
    items = ("a bell", "unless the reeds are in flower", "a lamp, if it rains")
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Keepers bring:",)), Block(Kind.LIST, items))
    assert standing(made, "a bell") == (
        "Keepers bring:\n\n- a bell\n- unless the reeds are in flower\n- a lamp, if it rains"
    )


def test_a_stem_that_leans_brings_what_it_leans_on() -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Moths hum.", "They need:")), Block(Kind.LIST, ("reeds", "dew")))
    assert standing(made, "dew") == "Moths hum. They need:\n\n- reeds\n- dew"


def test_a_list_that_opens_its_section_has_the_heading_for_its_stem() -> None:
    made = laid(TITLE, Block(Kind.HEADING, ("Do not",)), Block(Kind.LIST, ("wake the moths", "feed them")))
    assert standing(made, "feed them") == "Do not\n\n- wake the moths\n- feed them"


def test_a_reply_that_opens_its_section_has_the_question_of_the_heading_with_it() -> None:
    made = laid(
        TITLE, Block(Kind.HEADING, ("Do moths sleep?",)), Block(Kind.PARAGRAPH, ("No, they do not.", "Bells ring."))
    )
    assert standing(made, "No,") == "Do moths sleep?\n\nNo, they do not."
    assert standing(made, "Bells") == "Bells ring."


def test_a_sentence_before_a_list_that_does_not_introduce_it_stays_away() -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Bells ring.",)), Block(Kind.LIST, ("Moths hum.", "Reeds glow.")))
    assert standing(made, "Bells") == "Bells ring."
    assert standing(made, "Reeds") == "Moths hum.\n- Reeds glow."


def test_a_paragraph_of_an_item_does_not_cut_the_rest_of_the_list_off_its_stem() -> None:
    made = laid(
        TITLE,
        Block(Kind.PARAGRAPH, ("Do not:",)),
        Block(Kind.LIST, ("wake the moths",)),
        Block(Kind.PARAGRAPH, ("Moths bite.", "Keepers know.")),
        Block(Kind.LIST, ("feed them", "ring a bell")),
    )
    whole = "Do not:\n\n- wake the moths\n\nMoths bite. Keepers know.\n\n- feed them\n- ring a bell"
    assert standing(made, "ring") == whole


def test_a_list_with_a_stem_of_its_own_is_apart_from_an_earlier_one() -> None:
    made = laid(
        TITLE,
        Block(Kind.LIST, ("wake the moths",)),
        Block(Kind.PARAGRAPH, ("Moths bite.", "Keepers bring:")),
        Block(Kind.LIST, ("lanterns",)),
    )
    assert standing(made, "lanterns") == "Keepers bring:\n\n- lanterns"


def test_a_table_row_brings_the_header() -> None:
    made = laid(TITLE, Block(Kind.TABLE, ("Year | Reeds", "1 | 400", "2 | 380")))
    assert standing(made, "2 |") == "Year | Reeds\n1 | 400\n2 | 380"


@pytest.mark.parametrize(
    "pieces",
    [
        ("Moths hum, glow and", "sing at dusk and", "sleep."),
        ("Moths hum;", "they glow:", "they sleep…", "and dream."),
        ("Moths glow for approx.", "nine minutes."),
    ],
)
def test_a_sentence_that_was_cut_comes_whole(pieces: tuple[str, ...]) -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Bells ring.", *pieces, "Reeds bend.")))
    assert {standing(made, piece) for piece in pieces} == {" ".join(pieces)}


def test_repeated_text_keeps_its_own_place() -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Moths hum.", "Bells ring.", "Moths hum.")))
    second = made.sentence("Moths hum.", nth=1)
    assert standing_range(second, made.sentences) == second

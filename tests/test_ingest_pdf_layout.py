"""The layout of PDFs: columns, paragraphs, headings, lists and tables, told by where lines stand."""

from itertools import chain

from ingest.raw import BlockKind
from ingest.readers.pdf import read_pdf
from tests.made.drawn import Line, column, drawn

_LEFT = [
    "The glimmer moths of the lake rest on",
    "silver reeds that lean towards the",
    "north. They share a reed with two",
    "others at most, and on evenings",
    "without any wind they move to the",
    "lantern stones of the other bank.",
]
_RIGHT = [
    "The keepers who count them bring a",
    "lantern with a blue glass, two",
    "sheets of ruled paper and a bell,",
    "unless the reeds are in flower and",
    "nobody would hear the bell ring in",
    "the tall grass of the eastern bank.",
]


def _kinds_and_texts(data: bytes) -> list[tuple[str, str]]:
    return [(str(block.kind), block.text) for block in read_pdf(data).blocks]


def _texts(data: bytes) -> list[str]:
    return [block.text for block in read_pdf(data).blocks]


def test_two_columns_are_read_one_after_the_other_whatever_the_order_of_drawing() -> None:
    rows = list(chain.from_iterable(zip(column(*_RIGHT, x=310), column(*_LEFT), strict=True)))

    assert _texts(drawn(rows)) == [" ".join(_LEFT), " ".join(_RIGHT)]


def test_columns_whose_lines_do_not_stand_level_are_read_one_after_the_other() -> None:
    assert _texts(drawn([*column(*_LEFT), *column(*_RIGHT, x=310, y=695)])) == [" ".join(_LEFT), " ".join(_RIGHT)]


def test_a_title_and_a_caption_over_both_columns_part_what_is_above_from_what_is_below() -> None:
    title = Line("The glimmer moths of Vantor, counted", y=740, size=20)
    caption = Line(
        "Figure 1. The lake as it is seen from the tower of the keepers, in the last week of the year.", y=600
    )
    above = [*column(*_LEFT), *column(*_RIGHT, x=310)]
    below = [*column(*_RIGHT, y=560), *column(*_LEFT, x=310, y=560)]

    assert _texts(drawn([*below, caption, *above, title])) == [
        title.text, " ".join(_LEFT), " ".join(_RIGHT), caption.text, " ".join(_RIGHT), " ".join(_LEFT)
    ]  # fmt: skip


def test_three_columns_are_read_one_after_the_other() -> None:
    columns = [_LEFT, _RIGHT, _LEFT]
    lines = [
        [Line(line.text, line.x, line.y, size=7) for line in column(*texts, x=60 + 150 * n)]
        for n, texts in enumerate(columns)
    ]

    assert _texts(drawn(list(chain.from_iterable(zip(*lines, strict=True))))) == [" ".join(texts) for texts in columns]


def test_a_paragraph_that_goes_on_in_the_next_column_is_one() -> None:
    assert _texts(drawn([*column(*_LEFT[:5]), *column(*_LEFT[5:], *_RIGHT, x=310)])) == [" ".join([*_LEFT, *_RIGHT])]


def test_a_paragraph_begins_after_space_an_indentation_or_a_short_last_line() -> None:
    spaced = [*column(*_LEFT), *column(*_RIGHT, y=618)]
    indented = [*column(*_LEFT), Line(_RIGHT[0], 84, 628), *column(*_RIGHT[1:], y=616)]
    short = column(*_LEFT[:-1], "stones.", *_RIGHT)

    assert _texts(drawn(spaced)) == [" ".join(_LEFT), " ".join(_RIGHT)]
    assert _texts(drawn(indented)) == [" ".join(_LEFT), " ".join(_RIGHT)]
    assert _texts(drawn(short)) == [" ".join([*_LEFT[:-1], "stones."]), " ".join(_RIGHT)]


def test_headings_are_bigger_or_bold_and_the_bigger_the_higher() -> None:
    lines = [
        Line("The moths of Vantor", y=760, size=20),
        Line("Where they live and", y=730, size=14),
        Line("how they are counted", y=714, size=14),
        Line("Evenings", y=690, is_bold=True),
        *column(*_LEFT, y=676),
        Line("Nobody comes here by night.", y=590, is_bold=True),
    ]

    read = read_pdf(drawn(lines))

    assert [(str(block.kind), block.level, block.text) for block in read.blocks] == [
        ("heading", 1, "The moths of Vantor"),
        ("heading", 2, "Where they live and how they are counted"),
        ("heading", 3, "Evenings"),
        ("paragraph", 0, " ".join(_LEFT)),
        ("paragraph", 0, "Nobody comes here by night."),
    ]


def test_list_items_have_the_marks_of_the_text_of_record() -> None:
    lines = [
        *column("They bring:", y=760),
        *column("• a lantern with a blue glass that was", y=748),
        *column("filled before the ferry leaves", x=80, y=736),
        *column("– two sheets of paper", "1. First they count.", "2) Then they sleep.", "a) In the tower.", y=724),
    ]

    assert _kinds_and_texts(drawn(lines)) == [
        ("paragraph", "They bring:"),
        ("item", "- a lantern with a blue glass that was filled before the ferry leaves"),
        ("item", "- two sheets of paper"),
        ("item", "1. First they count."),
        ("item", "2) Then they sleep."),
        ("item", "- a) In the tower."),
    ]


def test_a_dash_or_a_number_at_the_beginning_of_a_line_is_no_mark_in_the_middle_of_a_sentence() -> None:
    lines = [
        "The moths shone for nine minutes in the year",
        "12. Then they slept in the silver reeds again",
        "– so it is said.",
    ]

    assert _kinds_and_texts(drawn(column(*lines))) == [("paragraph", " ".join(lines))]


def test_a_table_is_rows_of_cells_with_its_wrapped_and_its_empty_ones() -> None:
    rows = [
        ("Village", "Reeds", "Note"),
        ("Osk", "400", "counted in the wind"),
        ("Tor", "380", ""),
        ("Zem", "12", "no wind"),
    ]
    lines = [
        Line(cell, 72 + 90 * place, 700 - 30 * number)
        for number, row in enumerate(rows)
        for place, cell in enumerate(row)
        if cell
    ]

    assert _kinds_and_texts(drawn([*lines, Line("by two keepers", 252, 659)])) == [
        ("row", "Village | Reeds | Note"),
        ("row", "Osk | 400 | counted in the wind by two keepers"),
        ("row", "Tor | 380 | "),
        ("row", "Zem | 12 | no wind"),
    ]


def test_words_with_wide_spaces_that_do_not_stand_in_columns_stay_words_in_order() -> None:
    lines = [
        Line("moths"),
        Line("rest", 130),
        Line("here", 200),
        Line("and", y=688),
        Line("never", 105, 688),
        Line("there", 170, 688),
    ]

    assert _kinds_and_texts(drawn(lines)) == [("paragraph", "moths rest here and never there")]


def test_the_dots_of_a_table_of_contents_are_no_text() -> None:
    lines = ["1 Where they live . . . . . . . . . . . 4", "2 What keepers bring ........ 12"]

    assert _kinds_and_texts(drawn(column(*lines))) == [
        ("row", "1 Where they live | 4"),
        ("row", "2 What keepers bring | 12"),
    ]


def test_a_heading_is_no_part_of_the_paragraph_under_it() -> None:
    read = read_pdf(drawn([Line("Evenings", y=714, size=12), *column(*_LEFT)]))

    assert [block.kind for block in read.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]


def test_superscripts_stay_in_their_line() -> None:
    lines = [Line("The lake is nine km"), Line("2", 165, 704, size=6), Line("wide.", 172)]

    assert _texts(drawn(lines)) == ["The lake is nine km 2 wide."]

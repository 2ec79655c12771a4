"""Running headers, footers and page numbers of PDFs: what is dropped, and what only looks like one."""

from collections.abc import Sequence

import pytest

from ingest.raw import Dropped, DroppedKind
from ingest.readers.pdf import read_pdf
from tests.made.drawn import Line, column, drawn

_SENTENCES = [f"Keepers of {name} count their reeds." for name in ("Osk", "Tor", "Mirbel", "Zem", "Quil", "Ruun")]


def _pages(count: int, *, top: Sequence[str] = (), bottom: Sequence[str] = ()) -> bytes:
    """Pages of one sentence; `top` and `bottom` run over them, one after the other."""
    pages = []
    for number in range(count):
        lines = column(_SENTENCES[number])
        if top:
            lines.append(Line(top[number % len(top)], y=800, size=8))
        if bottom:
            lines.append(Line(bottom[number % len(bottom)], x=280, y=40, size=8))
        pages.append(lines)
    return drawn(*pages)


def _dropped(data: bytes) -> list[tuple[str, str]]:
    return [(str(dropped.kind), dropped.text) for dropped in read_pdf(data).dropped]


def _texts(data: bytes) -> list[str]:
    return [block.text for block in read_pdf(data).blocks]


def test_a_header_that_repeats_is_dropped_from_every_page_and_listed() -> None:
    read = read_pdf(_pages(3, top=["The ledgers of Vantor"]))

    assert [block.text for block in read.blocks] == _SENTENCES[:3]
    assert read.dropped == tuple(Dropped(DroppedKind.HEADER, "The ledgers of Vantor", page) for page in ("1", "2", "3"))


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "2", "3", "4"],
        ["- 7 -", "- 8 -", "- 9 -", "- 10 -"],
        ["Page 1 of 4", "Page 2 of 4", "Page 3 of 4", "Page 4 of 4"],
        ["3/12", "4/12", "5/12", "6/12"],
        ["iii", "iv", "v", "vi"],
        ["A-1", "A-2", "A-3", "A-4"],
        ["p. 21", "p. 22", "p. 23", "p. 24"],
    ],
)
def test_numbers_that_grow_with_the_pages_are_page_numbers(numbers: list[str]) -> None:
    data = _pages(4, bottom=numbers)

    assert _texts(data) == _SENTENCES[:4]
    assert _dropped(data) == [("page number", number) for number in numbers]


def test_numbers_that_do_not_grow_with_the_pages_are_text() -> None:
    data = _pages(4, bottom=["412", "7", "1,024", "33"])

    assert _dropped(data) == []


def test_headers_that_take_turns_on_odd_and_even_pages_are_dropped() -> None:
    data = _pages(6, top=["The ledgers of Vantor", "Evenings at the lake"])

    assert _texts(data) == _SENTENCES
    assert _dropped(data) == [
        ("running header", text) for text in ["The ledgers of Vantor", "Evenings at the lake"] * 3
    ]


def test_lines_that_are_equal_but_for_their_numbers_are_running_ones() -> None:
    footers = [f"Ledger 12, sheet {number} of 40" for number in (9, 10, 11)]

    assert _dropped(_pages(3, bottom=footers)) == [("running footer", footer) for footer in footers]


def test_nothing_is_dropped_from_a_file_of_one_page() -> None:
    data = _pages(1, top=["The ledgers of Vantor"], bottom=["1"])

    assert _texts(data) == ["The ledgers of Vantor", _SENTENCES[0], "1"]
    assert _dropped(data) == []


def test_a_sentence_that_opens_the_text_of_two_pages_is_text() -> None:
    opening = "Ask the keeper before you ring the bell."
    pages = [column(opening, sentence) for sentence in _SENTENCES[:2]]

    data = drawn(*pages, column(*_SENTENCES[2:4]))

    assert _texts(data).count(f"{opening} {_SENTENCES[0]}") == 1
    assert _dropped(data) == []


def test_a_sentence_that_repeats_in_the_middle_of_pages_is_text() -> None:
    repeated = "Ask the keeper before you ring the bell."

    data = drawn(*[column(f"First, {sentence}", repeated, sentence) for sentence in _SENTENCES])

    assert sum(text.count(repeated) for text in _texts(data)) == len(_SENTENCES)


def test_the_header_row_of_a_table_that_goes_on_over_pages_is_text() -> None:
    rows = [
        [("Village", "Reeds", "Masts"), (f"Osk{page}", "400", "12"), (f"Tor{page}", "380", "15")] for page in range(5)
    ]
    pages = [
        [
            Line(cell, 72 + 100 * place, 760 - 14 * number)
            for number, row in enumerate(page)
            for place, cell in enumerate(row)
        ]
        for page in rows
    ]

    assert _texts(drawn(*pages)) == [" | ".join(row) for page in rows for row in page]


def test_the_title_of_the_first_page_stays_where_it_runs_over_the_others() -> None:
    pages = [[*column(sentence), Line("The ledgers of Vantor", y=800, size=8)] for sentence in _SENTENCES[:3]]

    data = drawn([Line("The ledgers of Vantor", y=760, size=20), *column("Counted by hand.")], *pages)

    assert _texts(data) == ["The ledgers of Vantor", "Counted by hand.", *_SENTENCES[:3]]


def test_a_stamp_across_all_pages_is_dropped() -> None:
    pages = [[*column(sentence), Line("Copy of the archive", 30, 200, turn=90)] for sentence in _SENTENCES[:3]]

    assert _texts(drawn(*pages)) == _SENTENCES[:3]


def test_text_that_is_the_same_on_every_page_but_for_its_numbers_is_text() -> None:
    pages = [column(*[f"Village {page} counted {row} reeds this year." for row in range(40)]) for page in range(5)]

    assert _dropped(drawn(*pages)) == []


def test_a_header_of_two_lines_is_dropped_whole() -> None:
    header = column("The ledgers of Vantor", "Counted by hand", y=800, step=12)
    pages = [[*header, *column(sentence)] for sentence in _SENTENCES[:3]]

    assert _texts(drawn(*pages)) == _SENTENCES[:3]

"""The plain text reader: paragraphs, headings, lists and tables told apart by their lines; files that are no text."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.canonical import canonicalise
from ingest.raw import Block, BlockKind, IngestError, RawDocument, Reader
from ingest.readers.markdown import read_markdown
from ingest.readers.text import parse_text, read_text

FIRST = (
    "Glimmer moths rest on the silver reeds of Lake Vantor, and they choose reeds that lean towards the north. On "
    "windless evenings they move to the lantern stones, where keepers count them by the light of a blue glass."
)
SECOND = "Silver reeds grow a hand's breadth in a season; in the ledgers, a reed of forty seasons is called a mast."
lower_words = st.text("aeioulmnrstv", min_size=1, max_size=9)
sentences_of_words = st.lists(lower_words, min_size=30, max_size=60).map(" ".join)


def canonical(text: str) -> str:
    return canonicalise(parse_text(text)).text


@pytest.mark.parametrize("width", [45, 60, 72, 80, 100, 119])
def test_hard_wrapped_paragraphs_are_unwrapped(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in (FIRST, SECOND))
    assert canonical(wrapped) == f"{FIRST}\n\n{SECOND}"


@settings(deadline=None)
@given(text=sentences_of_words, width=st.integers(50, 110))
def test_a_paragraph_is_the_same_however_it_was_wrapped(text: str, width: int) -> None:
    assert canonical(textwrap.fill(text, width)) == text


@settings(deadline=None)
@given(st.lists(sentences_of_words.map(lambda text: f"{text.capitalize()}."), min_size=2, max_size=6))
def test_text_of_one_paragraph_a_line_keeps_its_paragraphs(paragraphs: list[str]) -> None:
    long = [paragraph + " " + "reed " * 20 for paragraph in paragraphs]
    assert canonical("\n".join(long)) == "\n\n".join(paragraph.strip() for paragraph in long)


def test_short_lines_are_no_hard_wrap() -> None:
    assert canonical("Pale moths\nGreen moths\nAmber moths") == "Pale moths\n\nGreen moths\n\nAmber moths"


def test_a_title_above_hard_wrapped_text_stays_a_heading_of_its_own() -> None:
    raw = parse_text(f"Where they live\n{textwrap.fill(FIRST, 72)}")
    assert raw == RawDocument((Block(BlockKind.HEADING, "Where they live", 1), Block(BlockKind.PARAGRAPH, FIRST)))


def test_the_first_short_line_is_the_title_and_others_head_what_follows() -> None:
    raw = parse_text(f"Moths of Vantor\n\nWhere they live\n\n{FIRST}\n\nWhat they say\n\n{SECOND}\n\nWritten in Vantor")
    assert [(block.kind, block.text, block.level) for block in raw.blocks] == [
        (BlockKind.HEADING, "Moths of Vantor", 1),
        (BlockKind.HEADING, "Where they live", 2),
        (BlockKind.PARAGRAPH, FIRST, 0),
        (BlockKind.HEADING, "What they say", 2),
        (BlockKind.PARAGRAPH, SECOND, 0),
        (BlockKind.PARAGRAPH, "Written in Vantor", 0),
    ]


@pytest.mark.parametrize(
    "line", ["They shine.", "Who counts them?", "A keeper brings:", "1925", f"{FIRST[:90]} and so on until the end"]
)
def test_a_line_that_ends_like_a_sentence_or_is_long_or_has_no_letters_is_no_heading(line: str) -> None:
    assert parse_text(f"{line}\n\n{FIRST}").blocks[0] == Block(BlockKind.PARAGRAPH, line)


@pytest.mark.parametrize("mark", ["-", "*", "•", "◦", "▪", "‣", "·", "–"])
@pytest.mark.parametrize("gap", [" ", "\t", "\xa0", "   "])
def test_bullets_of_every_kind_become_one(mark: str, gap: str) -> None:
    raw = parse_text(f"Bring:\n{mark}{gap}a lantern\n  {mark}{gap}a bell – a small one\n")
    assert raw.blocks == (
        Block(BlockKind.PARAGRAPH, "Bring:"),
        Block(BlockKind.ITEM, "- a lantern"),
        Block(BlockKind.ITEM, "- a bell – a small one"),
    )


def test_numbers_of_items_stay_and_signs_within_items_too() -> None:
    assert canonical("1. Count 5 * 3 moths – not more\n2)\tRing • the bell - once\n12. Go home") == (
        "1. Count 5 * 3 moths – not more\n2) Ring • the bell - once\n12. Go home"
    )


@pytest.mark.parametrize("line", ["-5 moths", "2.5 moths", "1984. Moths", "–pale", "*pale*", "1.moth"])
def test_what_only_looks_like_a_mark_is_none(line: str) -> None:
    assert parse_text(f"They saw.\n\n{line}").blocks[1] == Block(BlockKind.PARAGRAPH, line)


def test_a_hard_wrapped_item_is_unwrapped_up_to_the_next_mark() -> None:
    items = [f"- {FIRST}", f"- {SECOND}", "- a bell"]
    wrapped = "\n".join(textwrap.fill(item, 70, subsequent_indent="  ") for item in items)
    assert canonical(wrapped) == "\n".join(items)


def test_lines_of_cells_are_the_rows_of_a_table() -> None:
    assert canonical("Year | Reeds | Masts\n1 |\t400 | 12\n2 | 380\xa0| 15\n\nReeds are counted in spring.") == (
        "Year | Reeds | Masts\n1 | 400 | 12\n2 | 380 | 15\n\nReeds are counted in spring."
    )


def test_the_rule_below_a_title_or_a_table_head_is_no_text() -> None:
    assert canonical(f"Moths of Vantor\n===============\n{FIRST}\n\nYear | Reeds\n---- | -----\n1 | 400") == (
        f"Moths of Vantor\n\n{FIRST}\n\nYear | Reeds\n1 | 400"
    )
    assert parse_text(f"Moths of Vantor\n===============\n{FIRST}").blocks[0].kind is BlockKind.HEADING


def test_a_byte_order_mark_is_no_part_of_the_title() -> None:
    assert read_text(b"\xef\xbb\xbf" + f"Moths\r\n\r\n{FIRST}\r\n".encode()) == parse_text(f"Moths\n\n{FIRST}\n")


@pytest.mark.parametrize("read", [read_text, read_markdown])
@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"\xff\xfeM\0o", "not the UTF-16 text that its first bytes say: byte 4 is 0x6f; save it as UTF-8 again"),
        (
            b"Moths \xff hum.",
            "its encoding can't be told: it isn't UTF-8, and no other reads without doubt; save it as UTF-8",
        ),
        (b"Moths\x00fly", "not text: it holds NUL bytes; export it as UTF-8 text first"),
    ],
)
def test_bytes_that_are_no_text_are_refused(read: Reader, data: bytes, wanted: str) -> None:
    with pytest.raises(IngestError) as raised:
        read(data)
    assert str(raised.value) == wanted


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff", " \t\r\n\u200b"])
def test_an_empty_text_has_no_blocks(text: str) -> None:
    assert read_text(text.encode()) == RawDocument(())


def parts(text: str) -> list[tuple[BlockKind, str, str | None, bool]]:
    return [(block.kind, block.text, block.page, block.continues) for block in parse_text(text).blocks]


def test_form_feeds_part_pages_and_a_line_that_goes_on_over_one_stays_a_line() -> None:
    assert parts(f"{FIRST[:60]}\f{FIRST[60:]}\n\n- a bell\n\f\n- ink \ffor the ledger\n1.\ftwo") == [
        (BlockKind.PARAGRAPH, FIRST[:60].strip(), "1", False),
        (BlockKind.PARAGRAPH, FIRST[60:].strip(), "2", True),
        (BlockKind.ITEM, "- a bell", "2", False),
        (BlockKind.ITEM, "- ink", "3", False),
        (BlockKind.ITEM, "for the ledger", "4", True),
        (BlockKind.ITEM, "1. two", "4", False),
    ]


def test_a_text_without_form_feeds_has_no_pages() -> None:
    assert parts(FIRST) == [(BlockKind.PARAGRAPH, FIRST, None, False)]


@settings(deadline=None)
@given(st.lists(sentences_of_words, min_size=1, max_size=6))
def test_each_page_of_a_text_begins_where_its_first_words_stand(pages: list[str]) -> None:
    result = canonicalise(parse_text("\n\n\f".join(f"{page.capitalize()}." for page in pages)))
    assert [place.page for place in result.places] == ([str(n) for n in range(1, len(pages) + 1)] if pages[1:] else [])
    for place, page in zip(result.places, pages, strict=False):
        assert result.text[place.start :].startswith(page.capitalize())

"""Nouns of the text of record: what a range is, which headings it stands under, when a source is overdue."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Heading, Passage, Source, Span
from tests.fiction import SOURCE, plain_document

MOTHS = plain_document("Moths\n\nWhere\n\nReeds.\n\nWhen\n\nDusk.", (0, 5, 1), (7, 12, 2), (22, 26, 2))
offsets = st.integers(-3, 45)


@given(offsets, offsets)
def test_a_range_is_refused_unless_the_document_has_it(start: int, end: int) -> None:
    if 0 <= start < end <= len(MOTHS.text):
        assert Span(MOTHS, start, end).text == MOTHS.text[start:end]
    else:
        with pytest.raises(ValueError, match=f"range {start}-{end} does not lie in 'moths' of {len(MOTHS.text)} char"):
            Span(MOTHS, start, end)


def test_ranges_count_code_points_and_not_bytes() -> None:
    lake = plain_document("🌒 Vantor—e\u0301")
    assert (Span(lake, 0, 1).text, Span(lake, 2, 8).text, Span(lake, 8, 11).text) == ("🌒", "Vantor", "—e\u0301")


@given(st.lists(st.integers(0, 30), min_size=4, max_size=4))
def test_covering_and_overlapping_are_what_sets_of_characters_say(ends: list[int]) -> None:
    (a, b), (c, d) = sorted(ends[:2]), sorted(ends[2:])
    one, other = Span(MOTHS, a, b + 1), Span(MOTHS, c, d + 1)
    first, second = set(range(a, b + 1)), set(range(c, d + 1))
    assert one.covers(other) == (second <= first)
    assert one.overlaps(other) == other.overlaps(one) == bool(first & second)


def test_ranges_of_different_documents_neither_cover_nor_overlap() -> None:
    reeds = replace(MOTHS, id="reeds")
    assert not Span(MOTHS, 0, 9).covers(Span(reeds, 2, 4))
    assert not Span(MOTHS, 0, 9).overlaps(Span(reeds, 0, 9))


@pytest.mark.parametrize(
    ("position", "path"),
    [(0, ["Moths"]), (6, ["Moths"]), (14, ["Moths", "Where"]), (21, ["Moths", "Where"]), (28, ["Moths", "When"])],
)
def test_a_position_stands_under_the_path_of_headings_before_it(position: int, path: list[str]) -> None:
    assert [heading.text for heading in MOTHS.headings_at(position)] == path


def test_a_heading_of_the_same_or_a_higher_level_ends_a_section() -> None:
    text = "a\n\nb\n\nc\n\nd\n\ne"
    document = plain_document(text, *((3 * n, 3 * n + 1, level) for n, level in enumerate([2, 3, 3, 1, 4])))
    paths = ["".join(span.text for span in document.headings_at(3 * n)) for n in range(5)]
    assert paths == ["a", "ab", "ac", "d", "de"]


def test_before_its_first_heading_a_document_has_no_section() -> None:
    assert plain_document("Reeds.\n\nMoths", (8, 13, 1)).headings_at(0) == ()


def test_documents_are_equal_by_id_and_digest_and_never_by_their_text() -> None:
    assert replace(MOTHS, text="another text that is longer than the first one") == MOTHS
    assert hash(MOTHS) == hash(replace(MOTHS, text=""))
    assert replace(MOTHS, id="reeds") != MOTHS
    assert replace(MOTHS, sha256="0" * 64) != MOTHS
    assert "Reeds" not in repr(MOTHS)


@pytest.mark.parametrize(
    ("due", "overdue"),
    [(None, False), (date(2026, 5, 31), True), (date(2026, 6, 1), False), (date(2026, 6, 2), False)],
)
def test_a_source_is_overdue_from_the_day_after_its_date(due: date | None, *, overdue: bool) -> None:
    assert replace(SOURCE, review_due=due).overdue(date(2026, 6, 1)) is overdue


def test_what_nobody_stated_of_a_source_is_none() -> None:
    assert Source("Moths") == Source("Moths", None, None, None, None, None)


def test_a_passage_is_embedded_under_its_headings_and_shows_only_its_range() -> None:
    span = Span(MOTHS, 14, 20)
    passage = Passage(span, MOTHS.headings_at(14), (span,))
    assert passage.embedding_text == "Moths\nWhere\nReeds."
    assert passage.span.text == "Reeds."


def test_a_document_without_headings_is_embedded_as_it_is() -> None:
    document = Document("moths", SOURCE, "0" * 64, (), "Reeds.")
    assert Passage(Span(document, 0, 6), (), ()).embedding_text == "Reeds."
    assert Heading(0, 6, 1) not in document.headings

"""Files of records: each line a document or a refusal of its own."""

import gzip
import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Source
from ingest.items import Item, Refused
from ingest.jsonl import records
from tests.made.text import story

REMEDY = "write each record on a line of its own"


def lines(*found: object) -> bytes:
    return "".join(f"{json.dumps(record)}\n" for record in found).encode()


def test_each_line_is_a_document() -> None:
    data = lines(
        {"id": "moths", "title": "Glimmer moths", "text": "They rest.", "url": "https://vantor.example/moths"},
        {"_id": 7, "text": "Réeds.", "metadata": {}, "title": None, "publisher": "Vantor", "reviewed": "2026-03-01"},
    )
    assert list(records(b"\xef\xbb\xbf" + data + b"\n  \n", "all.jsonl")) == [
        Item("all.jsonl#moths", ".txt", b"They rest.", Source("Glimmer moths", "https://vantor.example/moths")),
        Item("all.jsonl#7", ".txt", "Réeds.".encode(), Source("", publisher="Vantor", reviewed=date(2026, 3, 1))),
    ]


def test_a_packed_file_is_read_as_what_is_packed() -> None:
    data = lines(*({"id": str(seed), "title": story(seed).title, "text": str(story(seed).words)} for seed in range(40)))
    assert list(records(gzip.compress(data), "a")) == list(records(data, "a"))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"moths", f"is no JSON (Expecting value: line 1 column 1 (char 0)); {REMEDY}"),
        (b"[1]", f'is no record, found [1], wanted one of "id", "title", "text" and "url"; {REMEDY}'),
        (b'{"text": "a"}', 'has no id, wanted a text; give each record an "id" of its own'),
        (b'{"id": " ", "text": "a"}', "has the id ' ', wanted a text; give each record an \"id\" of its own"),
        (b'{"id": true, "text": "a"}', 'has the id True, wanted a text; give each record an "id" of its own'),
        (b'{"id": "a"}', 'has no text, wanted words to quote from; put them under "text"'),
        (b'{"id": "a", "text": "--"}', "has the text '--', wanted words to quote from; put them under \"text\""),
        (b'{"id": "moths", "text": "a"}', "has the id 'moths' of a line before it; give it its own"),
        (b'{"id": "a", "text": "\\ud800 a"}', "holds half a character (a surrogate), wanted text; write it as UTF-8"),
        (b'{"id": "a", "text": "a", "url": 7}', "url is '7', wanted a text on one line; write it as url: …"),
        (
            b'{"id": "a", "text": "a", "reviewed": "soon"}',
            "reviewed is 'soon', wanted a date; write it as YYYY-MM-DD",
        ),
        (b'{"id": "\xe9"}', "is no UTF-8 (byte 8 is 0xe9); save it as UTF-8"),
    ],
)
def test_a_line_that_is_no_record_is_refused_and_the_others_are_read(line: bytes, why: str) -> None:
    good = Item("f#moths", ".txt", b"They rest.")
    after = Item("f#reeds", ".txt", b"They lean.")
    data = lines({"id": "moths", "text": "They rest."}) + line + b"\n" + lines({"id": "reeds", "text": "They lean."})
    assert list(records(data, "f")) == [good, Refused("f, line 2", why), after]


def test_of_many_refusals_the_first_are_listed_and_the_rest_counted() -> None:
    found = list(records(b"x\n" * 1000 + lines({"id": "a", "text": "moths"}), "f"))
    assert len(found) == 22
    assert found[-2:] == [
        Item("f#a", ".txt", b"moths"),
        Refused("f", f"980 more of its lines are no records; {REMEDY}"),
    ]


def test_a_broken_archive_gives_what_came_before_the_break() -> None:
    data = lines(*({"id": str(n), "text": f"moths {n * 7919}"} for n in range(5000)))
    *read, last = records(gzip.compress(data)[:-3000], "f")
    assert read == list(records(data, "f"))[: len(read)]
    assert isinstance(last, Refused)
    assert last.path == "f"
    assert last.why.startswith(f"is broken after line {len(read)} (")


def test_a_line_too_long_for_a_document_and_a_file_in_utf_16_are_refused() -> None:
    long = b'{"id": "a", "text": "' + b"moths " * 4_000_000 + b'"}\n'
    assert list(records(gzip.compress(long, 1), "f")) == [
        Refused("f, line 1", f"is longer than 20 MB, wanted one document; {REMEDY}")
    ]
    assert list(records("{}".encode("utf-16"), "f")) == [Refused("f", "is in UTF-16, wanted UTF-8; save it as UTF-8")]


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode), st.booleans())
def test_any_bytes_are_items_and_refusals(data: bytes, is_packed: bool) -> None:
    for found in records(gzip.compress(data) if is_packed else data, "f"):
        assert isinstance(found, Item) or "\n" not in found.why

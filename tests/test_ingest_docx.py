"""Word documents that are made of stories: every word, every mark, every page and every bookmark is as it was made."""

import io
import zipfile
from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Document, Source
from corpus.store import digest
from ingest.canonical import canonicalise
from ingest.raw import Block, BlockKind
from ingest.readers.docx import read_docx
from tests.fiction import words_of
from tests.made.docx import made_docx, make_docx
from tests.made.text import story

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
seeds = st.integers(0, 10_000)


def xml_words(data: bytes) -> list[str]:
    """The words of a document's paragraphs by the standard library alone; numbers of lists aren't in them."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file
    paragraphs = ("".join(text.text or "" for text in p.iter(f"{W}t")) for p in root.iter(f"{W}p"))
    return [word for paragraph in paragraphs for word in words_of(paragraph)]


def outline(block: Block) -> tuple[BlockKind, str, int]:
    return block.kind, block.text, block.level if block.kind is BlockKind.HEADING else 0


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_a_story_is_read_as_the_blocks_that_it_was_made_of(seed: int) -> None:
    told = story(seed)
    raw = read_docx(make_docx(told))
    assert [outline(block) for block in raw.blocks] == [outline(block) for block in told.blocks]
    assert raw.stated == Source(told.title)
    assert raw.dropped == ()


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 9))
def test_the_words_are_those_of_an_independent_extraction(seed: int, sentences_a_page: int) -> None:
    told = story(seed)
    data = made_docx(told, sentences_a_page=sentences_a_page, has_bookmarks=True).data
    ours = words_of(canonicalise(read_docx(data)).text)
    assert ours == told.words
    counted = [words_of(block.text) for block in told.blocks]
    numbered = [block.kind is BlockKind.ITEM and block.text[0].isdigit() for block in told.blocks]
    assert xml_words(data) == [
        word for words, has_number in zip(counted, numbered, strict=True) for word in words[has_number:]
    ]


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(0, 9), st.booleans())
def test_every_sentence_points_to_its_page_and_its_bookmark(
    seed: int, sentences_a_page: int, has_bookmarks: bool
) -> None:
    told = story(seed)
    made = made_docx(told, sentences_a_page=sentences_a_page, has_bookmarks=has_bookmarks)
    result = canonicalise(read_docx(made.data))
    document = Document("story", Source(""), digest(result.text), result.headings, result.text, result.places)
    for sentence in told.sentences:
        place = document.place_at(document.text.index(sentence))
        found = (None, None) if place is None else (place.page, place.fragment)
        assert found == (made.pages[sentence], made.fragments[sentence]), sentence

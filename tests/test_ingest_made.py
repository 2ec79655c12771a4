"""Plain texts and Markdown files that are made of stories: every word, page and anchor is as it was made."""

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Document, Source
from corpus.store import digest
from ingest.canonical import canonicalise
from ingest.raw import RawDocument
from ingest.readers.markdown import read_markdown
from ingest.readers.text import read_text
from tests.fiction import words_of
from tests.made.markdown import made_markdown
from tests.made.plain import made_plain
from tests.made.text import Story, story

stories = st.integers(0, 10_000).map(story)


def document_of(raw: RawDocument) -> Document:
    result = canonicalise(raw)
    return Document("story", Source(""), digest(result.text), result.headings, result.text, result.places)


@settings(max_examples=40, deadline=None)
@given(stories, st.integers(0, 9))
def test_a_plain_text_keeps_its_words_and_every_sentence_its_page(told: Story, sentences_a_page: int) -> None:
    data, pages = made_plain(told, sentences_a_page=sentences_a_page)
    document = document_of(read_text(data))
    assert words_of(document.text) == told.words
    for sentence in told.sentences:
        place = document.place_at(document.text.index(sentence))
        assert (place.page if place else None) == pages[sentence], sentence


@settings(max_examples=40, deadline=None)
@given(stories, st.booleans())
def test_a_markdown_file_keeps_its_words_and_every_sentence_its_anchor(told: Story, has_front_matter: bool) -> None:
    data, anchors = made_markdown(told, has_front_matter=has_front_matter)
    raw = read_markdown(data)
    document = document_of(raw)
    assert words_of(document.text) == told.words
    assert raw.stated == (Source(told.title, publisher="Vantor Moth Society") if has_front_matter else Source(""))
    for sentence in told.sentences:
        place = document.place_at(document.text.index(sentence))
        assert place is not None
        assert (place.page, place.fragment) == (None, anchors[sentence]), sentence

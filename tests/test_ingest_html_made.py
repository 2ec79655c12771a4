"""Properties of the HTML reader on generated pages, against an extraction of its own with the standard library."""

from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.canonical import canonicalise
from ingest.raw import Block, BlockKind
from ingest.readers.html import read_html
from tests.fiction import words_of
from tests.made.html import made_html, make_html
from tests.made.places import places_of
from tests.made.text import Story, story

_VOID = {"br", "input", "meta", "link"}
_INLINE = {"a", "b", "i", "span"}
_STORIES = st.builds(story, st.integers(0, 10_000), chapters=st.integers(1, 3), paragraphs=st.integers(1, 3))


class _Content(HTMLParser):
    """The text of a made page, without what its maker marks as chrome; blocks and line breaks part words."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.text += "\n"
        if tag not in _VOID:
            self._open.append((tag, ("data-made", "chrome") in attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.text += "\n"
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(is_chrome for _, is_chrome in self._open):
            self.text += data


def _content(data: bytes) -> str:
    parser = _Content()
    parser.feed(data.decode("utf-8"))
    parser.close()
    return parser.text


def _unmarked(block: Block) -> str:
    """The block's text as the page has it: the number of a list's item is the browser's."""
    text = block.text
    return text[text.index(" ") :] if block.kind is BlockKind.ITEM and not block.continues else text


@settings(deadline=None, max_examples=40)
@given(_STORIES, st.integers(0, 10_000))
def test_the_words_are_those_of_an_extraction_with_the_standard_library(told: Story, seed: int) -> None:
    data = make_html(told, seed=seed)
    ours = [word for block in read_html(data).blocks for word in words_of(_unmarked(block))]
    assert ours == words_of(_content(data))


@settings(deadline=None, max_examples=40)
@given(_STORIES, st.integers(0, 10_000))
def test_the_text_is_that_of_the_story_with_its_headings_lists_and_tables(told: Story, seed: int) -> None:
    text = canonicalise(read_html(make_html(told, seed=seed))).text
    lines = [line for line in text.split("\n") if line]
    assert lines == [" ".join(block.text.split()) for block in told.blocks]


@settings(deadline=None, max_examples=40)
@given(_STORIES, st.integers(0, 10_000))
def test_every_sentence_leads_back_to_the_nearest_id_before_it(told: Story, seed: int) -> None:
    made = made_html(told, seed=seed)
    found = places_of(canonicalise(read_html(made.data)), told.sentences)
    assert {sentence: place.fragment for sentence, place in found.items()} == made.fragments


def test_what_a_page_says_about_itself_is_known() -> None:
    told = story(7)
    stated = read_html(make_html(told)).stated
    assert (stated.title, stated.publisher, stated.url) == (
        told.title,
        "Vantor Reed House",
        "https://vantor.example/told",
    )
    assert str(stated.reviewed) == "2025-03-12"

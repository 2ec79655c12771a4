"""PDFs made of stories: words, blocks and the page of every sentence."""

import io
import random
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import cache

import pypdf
import pytest

from corpus.model import Document
from corpus.store import digest
from ingest.canonical import canonicalise
from ingest.raw import Block, BlockKind, DroppedKind, IngestError, RawDocument
from ingest.readers.pdf import read_pdf
from tests.fiction import SOURCE, words_of
from tests.made.pdf import Made, PdfLook, made_pdf
from tests.made.text import Story, story

_SEEDS = pytest.mark.parametrize("seed", range(24))
_HALF = 0.5
_RUNNING = {DroppedKind.HEADER, DroppedKind.FOOTER, DroppedKind.PAGE_NUMBER}


@_SEEDS
def test_the_blocks_of_a_story_are_read_as_they_were_written_whatever_its_look(seed: int) -> None:
    told, made = _made(seed)

    assert _texts(_read(made).blocks) == _texts(told.blocks)


@_SEEDS
def test_every_sentence_has_the_page_on_which_it_begins(seed: int) -> None:
    told, made = _made(seed)

    assert _pages_of(made, told) == {
        sentence: (made.labels[page - 1], f"page={page}") for sentence, page in made.pages.items()
    }


@_SEEDS
def test_the_words_are_those_of_another_library_but_for_what_is_listed_as_dropped(seed: int) -> None:
    _, made = _made(seed)
    read = _read(made)
    running = [word for dropped in read.dropped if dropped.kind in _RUNNING for word in words_of(dropped.text)]
    parted = [dropped.text for dropped in read.dropped if dropped.kind is DroppedKind.HYPHEN]

    ours = Counter(word for block in read.blocks for word in words_of(block.text)) + Counter(running)
    ours -= Counter(words_of(text.replace("- ", ""))[0] for text in parted)
    ours += Counter(word for text in parted for word in words_of(text))

    assert ours == _words_of_pypdf(made.data)


def test_what_was_set_at_the_edges_of_all_pages_is_dropped_and_listed_with_its_page() -> None:
    look = PdfLook(running="Ledgers of Vantor", is_numbered=True, has_labels=True)
    made = made_pdf(story(1, chapters=7), look)
    read = read_pdf(made.data)

    count = len(made.labels)
    wanted = [("Ledgers of Vantor", "running footer", label) for label in made.labels]
    wanted += [("Ledgers of Vantor", "running header", label) for label in made.labels[1::2]]
    wanted += [(label, "page number", label) for label in made.labels]
    wanted += [(f"Page {n} of {count}", "page number", label) for n, label in enumerate(made.labels, start=1)]
    assert count >= 3
    assert Counter((dropped.text, str(dropped.kind), dropped.page) for dropped in read.dropped) == Counter(wanted)
    assert "Ledgers of Vantor" not in "".join(block.text for block in read.blocks)


def test_hyphens_that_line_ends_put_into_words_go_and_are_listed() -> None:
    made = made_pdf(story(2, chapters=6), PdfLook(columns=2, is_hyphenated=True))
    read = read_pdf(made.data)

    listed = [dropped.text for dropped in read.dropped if dropped.kind is DroppedKind.HYPHEN]
    assert len(made.parted) > 5
    assert Counter(text.rstrip(".,:;") for text in listed) == Counter(
        f"{head} {tail}".rstrip(".,:;") for head, tail in made.parted
    )


def test_the_title_is_stated_and_the_looks_of_headings_give_their_levels() -> None:
    told = story(4, chapters=6)
    read = read_pdf(made_pdf(told, PdfLook()).data)

    assert read.stated.title == told.title
    assert [(block.text, block.level) for block in read.blocks if block.kind is BlockKind.HEADING] == [
        (block.text, block.level) for block in told.blocks if block.kind is BlockKind.HEADING
    ]


@_SEEDS
def test_damaged_files_raise_only_the_one_error(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(8):
        data = bytearray(chance.choice(_DAMAGED))
        for _ in range(chance.choice([1, 5, 40])):
            _damage(data, chance)
        with suppress(IngestError):
            canonicalise(read_pdf(bytes(data)))


@pytest.mark.parametrize("length", range(0, 4000, 400))
def test_a_file_that_is_cut_off_is_refused(length: int) -> None:
    with pytest.raises(IngestError, match=r"found 0 bytes|it seems cut off"):
        read_pdf(_DAMAGED[0][:length])


_DAMAGED = [
    made_pdf(story(1, chapters=2), PdfLook()).data,
    made_pdf(story(2, chapters=3), PdfLook(columns=2, running="Ledgers of Vantor", has_labels=True)).data,
]


@cache
def _made(seed: int) -> tuple[Story, Made]:
    """A story and a file of it in some look; a few lines in two columns on one page are no more than a table."""
    chance = random.Random(seed)
    look = PdfLook(
        columns=chance.choice([1, 2]),
        running=chance.choice(["", "Ledgers of Vantor"]),
        is_numbered=chance.random() < _HALF,
        has_labels=chance.random() < _HALF,
        is_hyphenated=chance.random() < _HALF,
        is_indented=chance.random() < _HALF,
        is_shuffled=chance.random() < _HALF,
    )
    told = story(seed, chapters=chance.randrange(4, 9))
    return told, made_pdf(told, look)


@cache
def _read(made: Made) -> RawDocument:
    return read_pdf(made.data)


def _damage(data: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(data))
    match chance.randrange(3):
        case 0:
            data[place] = chance.randrange(256)
        case 1:
            del data[place : place + chance.randrange(100)]
        case _:
            data[place:place] = chance.randbytes(chance.randrange(20))


def _texts(blocks: Iterable[Block]) -> list[tuple[BlockKind, str]]:
    """Kinds and texts; what goes on is joined, and so are paragraphs: a page break may fall between two sentences."""
    joined: list[tuple[BlockKind, str]] = []
    for block in blocks:
        if joined and (block.continues or joined[-1][0] is block.kind is BlockKind.PARAGRAPH):
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {block.text}")
        else:
            joined.append((block.kind, block.text))
    return joined


def _pages_of(made: Made, told: Story) -> dict[str, tuple[str | None, str | None]]:
    """The page and fragment of each sentence's beginning in the text of record."""
    canonical = canonicalise(_read(made))
    document = Document("made", SOURCE, digest(canonical.text), canonical.headings, canonical.text, canonical.places)
    places = {sentence: document.place_at(canonical.text.index(sentence)) for sentence in told.sentences}
    return {sentence: (place.page, place.fragment) for sentence, place in places.items() if place is not None}


def _words_of_pypdf(data: bytes) -> Counter[str]:
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return Counter(word for page in pages for word in words_of(page.extract_text()))

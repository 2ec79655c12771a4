"""The EPUB reader: reading order, places, and one clear line for every book that can't be read."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Source
from ingest.canonical import canonicalise
from ingest.raw import Block, BlockKind, Dropped, DroppedKind, IngestError, RawDocument
from ingest.readers.epub import read_epub
from tests.made.epub import made_epub, make_epub, packed_epub
from tests.made.places import places_of
from tests.made.text import Story, story

_STORIES = st.builds(story, st.integers(0, 10_000), chapters=st.just(1), paragraphs=st.integers(1, 3))
_ITEM = '<item id="{0}" href="{0}.xhtml" media-type="application/xhtml+xml" {1}/>'


def _packed(chapters: dict[str, str], *, spine: str = "", metadata: str = "", items: str = "", **files: str) -> bytes:
    """A book of these chapters' bodies; `files` are further members of OPS, with `_` for the dot before the ending."""
    listed = "".join(_ITEM.format(name, "") for name in chapters) + items
    order = spine or "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = f"<package><metadata>{metadata}</metadata><manifest>{listed}</manifest><spine>{order}</spine></package>"
    bodies: dict[str, str | bytes] = {
        f"OPS/{name}.xhtml": f"<html><head><title/></head><body>{body}</body></html>" for name, body in chapters.items()
    }
    others = {f"OPS/{name.replace('_', '.')}": text for name, text in files.items()}
    return packed_epub(bodies | others | {"OPS/package.opf": package})


def _refusal(data: bytes) -> str:
    with pytest.raises(IngestError) as caught:
        read_epub(data)
    return str(caught.value)


@settings(deadline=None, max_examples=25)
@given(st.lists(_STORIES, min_size=1, max_size=3), st.integers(0, 10_000))
def test_a_book_is_its_chapters_in_order(told: list[Story], seed: int) -> None:
    text = canonicalise(read_epub(make_epub(*told, seed=seed))).text
    lines = [line for line in text.split("\n") if line]
    assert lines == [" ".join(block.text.split()) for one in told for block in one.blocks]


@settings(deadline=None, max_examples=25)
@given(_STORIES, st.integers(0, 10_000))
def test_every_sentence_knows_its_page_and_the_way_back(told: Story, seed: int) -> None:
    made = made_epub(told, seed=seed)
    found = places_of(canonicalise(read_epub(made.data)), told.sentences)
    assert {sentence: place.fragment for sentence, place in found.items()} == made.fragments
    assert {sentence: place.page for sentence, place in found.items()} == made.pages


def test_the_cover_and_the_contents_are_left_out_and_what_the_package_states_is_known() -> None:
    told = story(3)
    raw = read_epub(make_epub(told))
    assert raw.stated == Source(told.title, "https://vantor.example/book", "Vantor Reed House", "CC BY 4.0")
    assert raw.dropped[:2] == (
        Dropped(DroppedKind.NAVIGATION, "A cover with a painted reed"),
        Dropped(DroppedKind.NAVIGATION, told.title),
    )


def test_pages_are_labelled_by_the_list_of_pages_of_newer_and_older_books() -> None:
    body = '<p id="a">Moths rest.</p><p id="b">Reeds lean.</p>'
    nav = '<nav epub:type="page-list"><ol><li><a href="one.xhtml#b">iv</a></li></ol></nav>'
    newer = _packed({"one": body}, items=_ITEM.format("nav", 'properties="nav"'), nav_xhtml=nav)
    ncx = (
        '<pageList><pageTarget><navLabel><text>iv</text></navLabel><content src="one.xhtml#b"/></pageTarget></pageList>'
    )
    listed = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    older = _packed({"one": body}, items=listed, toc_ncx=f"<ncx>{ncx}</ncx>")
    blocks = (
        Block(BlockKind.PARAGRAPH, "Moths rest.", fragment="OPS/one.xhtml#a"),
        Block(BlockKind.PARAGRAPH, "Reeds lean.", page="iv", fragment="OPS/one.xhtml#b"),
    )
    assert read_epub(newer) == read_epub(older) == RawDocument(blocks)


def test_a_page_break_is_no_word_of_the_text() -> None:
    raw = read_epub(_packed({"one": '<p>Moths <span epub:type="pagebreak" id="p9">9</span>rest.</p>'}))
    assert raw.blocks == (
        Block(BlockKind.PARAGRAPH, "Moths", fragment="OPS/one.xhtml"),
        Block(BlockKind.PARAGRAPH, "rest.", page="9", fragment="OPS/one.xhtml#p9", continues=True),
    )
    assert raw.dropped == (Dropped(DroppedKind.PAGE_NUMBER, "9", "9"),)


def test_a_document_that_the_reading_order_names_twice_is_read_once() -> None:
    data = _packed({"one": "<p>Moths rest.</p>"}, spine='<itemref idref="one"/><itemref idref="one"/>')
    assert [block.text for block in read_epub(data).blocks] == ["Moths rest."]


def test_an_entity_that_a_book_defines_is_never_expanded() -> None:
    bomb = '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    data = packed_epub(
        {
            "OPS/one.xhtml": f"<?xml version='1.0'?>{bomb}<html><body><p>Moths &b; rest.</p></body></html>",
            "OPS/package.opf": f"<package><manifest>{_ITEM.format('one', '')}</manifest>"
            '<spine><itemref idref="one"/></spine></package>',
        }
    )
    assert "aaaa" not in canonicalise(read_epub(data)).text


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", "not an EPUB: File is not a zip file; export the book again"),
        (b"PK\x03\x04 and no more", "not an EPUB: File is not a zip file; export the book again"),
        (packed_epub({}, container="<container/>"), "found no package named in META-INF/container.xml"),
        (packed_epub({}), "found no 'OPS/package.opf' in the EPUB"),
        (packed_epub({"OPS/package.opf": "<package/>"}), "found no text in the reading order of the EPUB"),
        (
            packed_epub({"OPS/package.opf": f"<manifest>{_ITEM.format('a', '')}</manifest><itemref idref='a'/>"}),
            "found no 'OPS/a.xhtml' in the EPUB",
        ),
    ],
)
def test_what_is_no_whole_book_is_refused_with_what_it_lacks(data: bytes, wanted: str) -> None:
    assert _refusal(data).startswith(wanted)


def test_an_encrypted_book_is_refused_and_one_with_disguised_fonts_is_read() -> None:
    body = {"one": "<p>Moths rest.</p>"}
    method = "<encryption><EncryptedData><enc:EncryptionMethod Algorithm={}/></EncryptedData></encryption>"
    plain = _packed(body)

    def with_encryption(algorithm: str) -> bytes:
        written = io.BytesIO(plain)
        with zipfile.ZipFile(written, "a") as book:
            book.writestr("META-INF/encryption.xml", method.format(f'"{algorithm}"'))
        return written.getvalue()

    assert _refusal(with_encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc")) == (
        "found an encrypted EPUB (DRM), wanted one that may be read; ask the publisher for a copy"
    )
    assert read_epub(with_encryption("http://www.idpf.org/2008/embedding")) == read_epub(plain)


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    assert "unpacks to more than" in _refusal(_packed({"one": "<p>" + "moths " * 4_000_000}))


def test_a_damaged_member_is_named_without_the_bytes_around_it() -> None:
    book = _packed({"one": "<p>Moths rest.</p>"})
    name = book.index(b"OPS/package.opf")  # in the header of the member; the contents of the archive name it again
    assert _refusal(book[:name] + b"XPS" + book[name + 3 :]) == (
        "'OPS/package.opf' in the EPUB is damaged; export the book again"
    )


def test_a_zip_without_a_container_is_no_book() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as book:
        book.writestr("moths.txt", "Moths rest.")
    assert _refusal(written.getvalue()) == ("not an EPUB: found no META-INF/container.xml in it; export the book again")


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_book_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    book = bytearray(make_epub(story(1, chapters=1, paragraphs=1)))
    for _ in range(data.draw(st.integers(1, 6))):
        book[data.draw(st.integers(0, len(book) - 1))] = data.draw(st.integers(0, 255))
    with suppress(IngestError):
        assert isinstance(read_epub(bytes(book)), RawDocument)

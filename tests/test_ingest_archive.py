"""Archives: their documents, and one line for each bomb, lock and break in them."""

import io
import random
import struct
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Source
from ingest.archive import members
from ingest.folder import contents
from ingest.items import Item, Refused, Skipped
from ingest.sizes import Sizes
from tests.made.docx import make_docx
from tests.made.epub import make_epub
from tests.made.text import story

SIZES = Sizes()
MOTHS = b"Moths hum over the lake."


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of the files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as opened:
        for name, data in files.items():
            opened.writestr(name, data)
    return archive.getvalue()


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Item | Skipped | Refused]]:
    """Reads the bytes of an archive."""

    def read_archive(
        data: bytes, sizes: Sizes = SIZES, skips: Callable[[str], bool] = lambda _: False
    ) -> list[Item | Skipped | Refused]:
        path = tmp_path / "all.zip"
        path.write_bytes(data)
        return list(contents(path, "all.zip", sizes=sizes, skips=skips))

    return read_archive


Read = Callable[..., list[Item | Skipped | Refused]]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_documents_and_records_of_an_archive_are_items(read: Read, method: int) -> None:
    files = {
        "leaflets/": b"",
        "leaflets/Moths.MD": MOTHS,
        "records.jsonl": b'{"id": "r1", "title": "Reeds", "text": "Reeds."}\n',
        ".DS_Store": b"x",
        "__MACOSX/leaflets/._moths.txt": b"x",
        "corpus.toml": b"",
        "moth.png": b"x",
        "left/out.txt": MOTHS,
    }
    assert read(packed(files, method), skips="all.zip/left/out.txt".__eq__) == [
        Item("all.zip/leaflets/Moths.MD", ".md", MOTHS),
        Item("all.zip/records.jsonl#r1", ".txt", b"Reeds.", Source("Reeds")),
        Skipped("all.zip/moth.png", ".png files are no documents"),
        Skipped("all.zip/left/out.txt", "left out by corpus.toml"),
    ]


def test_names_are_only_names_wherever_they_want_to_lead(read: Read) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = packed({"../../etc/a.txt": MOTHS, "/b.txt": MOTHS, "c\\d.txt": MOTHS, "etc/a.txt": MOTHS})
    found = read(data)
    assert [one.path for one in found] == ["all.zip/etc/a.txt", "all.zip/b.txt", "all.zip/c/d.txt", "all.zip/etc/a.txt"]
    assert found[-1] == Refused("all.zip/etc/a.txt", "stands in the archive twice; remove one of them")


def test_names_in_utf8_are_read_even_if_the_archive_does_not_say_so(read: Read) -> None:
    data = packed({"moths-xx.txt": MOTHS, "reeds-y.txt": MOTHS})
    data = data.replace(b"moths-xx.txt", "moths-é.txt".encode()).replace(b"reeds-y.txt", b"reeds-\x82.txt")
    assert [one.path for one in read(data)] == ["all.zip/moths-é.txt", "all.zip/reeds-é.txt"]


def test_archives_in_archives_other_kinds_and_empty_files_are_refused(read: Read) -> None:
    found = read(packed({"inner.zip": packed({"moths.txt": MOTHS}), "empty.txt": b"", "moths.txt": MOTHS}))
    assert found == [
        Refused("all.zip/inner.zip", "is an archive in an archive; unpack the outer one and name the folder"),
        Refused("all.zip/empty.txt", "is empty, 0 bytes; copy it again from where it came from"),
        Item("all.zip/moths.txt", ".txt", MOTHS),
    ]


def test_a_file_that_unpacks_to_too_much_is_refused_and_the_rest_goes_on(read: Read) -> None:
    data = packed({"bomb.txt": bytes(10**7), "moths.txt": MOTHS})
    assert len(data) < 20_000
    large = Refused("all.zip/bomb.txt", "is larger than 1 MB; split it, or raise the limit with --max-size")
    assert read(data, sizes=Sizes(file_bytes=10**6)) == [large, Item("all.zip/moths.txt", ".txt", MOTHS)]


def test_an_archive_that_unpacks_to_too_much_is_read_up_to_there(read: Read) -> None:
    data = packed({f"{number}.txt": bytes(10**6) for number in range(10)})
    found = read(data, sizes=Sizes(unpacked_bytes=3 * 10**6))
    assert [type(one) for one in found] == [Item, Item, Item, Refused]
    assert found[-1] == Refused("all.zip", "unpacks to more than 3 MB; make several archives of it")


def test_a_size_that_the_archive_states_wrongly_is_not_believed(read: Read) -> None:
    data = packed({"bomb.txt": bytes(10**7)})
    lying = data.replace(struct.pack("<I", 10**7), struct.pack("<I", 100))
    assert lying != data
    ((path, why),) = [
        (one.path, one.why) for one in read(lying, sizes=Sizes(file_bytes=10**6)) if isinstance(one, Refused)
    ]
    assert (path, why) == ("all.zip/bomb.txt", "is broken in the archive; copy the archive again")


def test_too_many_files_are_refused_before_they_are_listed(read: Read) -> None:
    data = packed({f"{number}.txt": b"" for number in range(101)}, zipfile.ZIP_STORED)
    why = "holds more than 100 files; make several archives of it"
    assert read(data, sizes=Sizes(members=100)) == [Refused("all.zip", why)]
    assert len(read(data, sizes=Sizes(members=101))) == 101


def test_files_that_share_their_bytes_are_refused(read: Read) -> None:
    data = packed({"a.txt": bytes(10**6), "b.txt": bytes(10**6)})
    second = data.rindex(b"PK\x01\x02")
    offset = second + 42
    overlapping = data[:offset] + struct.pack("<I", 0) + data[offset + 4 :]
    assert read(overlapping) == [
        Refused("all.zip", "holds files that share their bytes, as bombs do ('a.txt'); leave it out")
    ]


def test_an_encrypted_file_is_refused(read: Read) -> None:
    data = bytearray(packed({"moths.txt": MOTHS, "reeds.txt": b"Reeds."}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    assert read(bytes(data)) == [
        Refused("all.zip/moths.txt", "is encrypted in the archive; unpack it with its password and name the folder"),
        Item("all.zip/reeds.txt", ".txt", b"Reeds."),
    ]


def test_a_packing_that_needs_as_much_memory_as_it_says_is_refused(read: Read) -> None:
    found = read(packed({"moths.txt": MOTHS}, zipfile.ZIP_LZMA))
    why = "is packed in a way that can't be read; unpack the archive and name the folder"
    assert found == [Refused("all.zip/moths.txt", why)]


def test_a_broken_file_is_refused_and_the_rest_goes_on(read: Read) -> None:
    data = packed({"moths.txt": MOTHS, "reeds.txt": b"Reeds."}, zipfile.ZIP_STORED).replace(b"hum", b"hub", 1)
    found = read(data)
    assert found == [
        Refused(
            "all.zip/moths.txt",
            "is broken in the archive; copy the archive again",
        ),
        Item("all.zip/reeds.txt", ".txt", b"Reeds."),
    ]


@pytest.mark.parametrize("data", [b"PK", b"junk" * 100, packed({"a.txt": MOTHS})[:-30], b"PK\x05\x06" + bytes(18)])
def test_what_is_no_whole_archive_is_refused(read: Read, data: bytes) -> None:
    found = read(data)
    if found:
        ((path, why),) = [(one.path, one.why) for one in found if isinstance(one, Refused)]
        assert path == "all.zip"
        assert why.startswith("is no whole ZIP archive (")
        assert why.endswith("; copy it again, or unpack it and name the folder")


def test_a_file_without_a_name_is_a_line_of_its_own() -> None:
    data = packed({"a.txt": MOTHS, "b.txt": MOTHS}).replace(b"a.txt", b"\0.txt")  # a name ends at a NUL
    assert len(list(members(io.BytesIO(data), "all.zip", SIZES, lambda _: False))) == 2


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_whatever_bytes_are_changed_every_file_is_an_item_or_a_line(seed: int, changes: int) -> None:
    data = bytearray(packed({f"{name}.txt": MOTHS * 20 for name in "abc"}))
    random_bytes = random.Random(seed)
    for _ in range(changes):
        data[random_bytes.randrange(len(data))] = random_bytes.randrange(256)
    for one in members(io.BytesIO(bytes(data)), "all.zip", SIZES, lambda _: False):
        assert one.path.startswith("all.zip")
        if not isinstance(one, Item):
            assert one.why


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (make_docx(story(0)), "is a Word document, found the ending '.zip'; name it .docx"),
        (make_epub(story(0)), "is an EPUB, found the ending '.zip'; name it .epub"),
    ],
)
def test_a_document_that_is_named_as_an_archive_is_not_unpacked(data: bytes, why: str) -> None:
    assert list(members(io.BytesIO(data), "all.zip", SIZES, lambda _: False)) == [Refused("all.zip", why)]

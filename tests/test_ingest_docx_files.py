"""What a Word file says of itself, and files that are broken, encrypted, too large or no Word documents."""

import io
import struct
import zipfile

import pytest

from corpus.model import Source
from ingest.raw import Block, BlockKind, IngestError
from ingest.readers.docx import read_docx
from tests.made.docx_parts import NAMESPACES, p, packed, packed_parts

WORD = "word/document.xml"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:identifier>{}</dc:identifier></cp:coreProperties>'
)


@pytest.mark.parametrize(
    ("title", "identifier", "stated"),
    [
        (
            "The moths of Vantor ",
            "https://vantor.example/moths",
            Source("The moths of Vantor", "https://vantor.example/moths"),
        ),
        ("Microsoft Word - moths.doc", "ISBN 1", Source("")),
        ("Word Document", "", Source("")),
        ("moths_final.docx", "", Source("")),
        ("Documents of the lake", "", Source("Documents of the lake")),
        ("", "", Source("")),
    ],
)
def test_the_title_that_the_file_states_counts_unless_a_program_wrote_it(
    title: str, identifier: str, stated: Source
) -> None:
    kinds = "http://schemas.openxmlformats.org"
    data = packed_parts(
        {
            "_rels/.rels": '<Relationships><Relationship Target="/word/document.xml" '
            f'Type="{kinds}/officeDocument/2006/relationships/officeDocument"/><Relationship Target="core.xml" '
            f'Type="{kinds}/package/2006/relationships/metadata/core-properties"/></Relationships>',
            WORD: f"<w:document {NAMESPACES}><w:body>{p('Moths.')}</w:body></w:document>",
            "core.xml": CORE.format(title, identifier),
        }
    )
    assert read_docx(data).stated == stated


def test_a_document_of_the_strict_kind_is_read() -> None:
    strict = NAMESPACES.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    data = packed_parts({WORD: f"<w:document {strict}><w:body>{p('Moths.')}</w:body></w:document>"})
    assert read_docx(data).blocks == (Block(BlockKind.PARAGRAPH, "Moths."),)


def document(content: str) -> bytes:
    return packed_parts({WORD: content})


def encrypted() -> bytes:
    """An archive whose parts are marked as encrypted."""
    data = bytearray(packed(p("Moths.")))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        central = archive.start_dir
    for start in (place for place in range(central, len(data)) if data[place : place + 4] == b"PK\1\2"):
        data[start + 8 : start + 10] = struct.pack("<H", 1)
    return bytes(data)


AS_DOCX = "open it in a word processor and save it as .docx"
ENTITIES = '<!DOCTYPE d [<!ENTITY a "moth"><!ENTITY b "&a;&a;">]><w:document/>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", f"no Word document: it begins with b'', wanted .docx; {AS_DOCX}"),
        (b"Moths rest.", f"no Word document: it begins with b'Moths re', wanted .docx; {AS_DOCX}"),
        (OLE, f"an old Word document (.doc), wanted .docx; {AS_DOCX}"),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "an encrypted Word document, wanted one that opens without a password; save it without",
        ),
        (encrypted(), "an encrypted Word document, wanted one that opens without a password; save it without"),
        (b"{\\rtf1 Moths}", f"a document in RTF, wanted .docx; {AS_DOCX}"),
        (b"%PDF-1.7", "a PDF, wanted .docx; name it .pdf"),
        (
            packed_parts({"moths.txt": "Moths"}),
            f"no Word document: it has no text of one in it, wanted .docx; {AS_DOCX}",
        ),
        (document("<workbook/>"), f"no Word document: it has no text of one in it, wanted .docx; {AS_DOCX}"),
        (document(ENTITIES), f"its part {WORD} defines entities, as no Word document does; {AS_DOCX} again"),
        (
            document(f"<w:document {NAMESPACES}><w:body>{p('moths ' * 1_000_000)}</w:body></w:document>"),
            "unpacks to 6 MB of text or more, wanted 50 MB at most that was not packed more than 200 times; "
            f"{AS_DOCX} again, in several parts",
        ),
        (
            packed("<w:altChunk/>"),
            "found another document within the document (altChunk), wanted all text in one; open it in a word "
            "processor and save it again",
        ),
    ],
)
def test_what_is_no_readable_word_document_is_refused_with_a_remedy(data: bytes, wanted: str) -> None:
    with pytest.raises(IngestError) as refused:
        read_docx(data)
    assert str(refused.value) == wanted


@pytest.mark.parametrize(
    "data",
    [
        packed(p("Moths."))[:-40],
        packed(p("Moths."))[:60],
        document("<w:document"),
        document(""),
        b"PK\x03\x04",
        packed(p("Moths.")).replace(b"\x50\x4b\x01\x02", b"\x50\x4b\x01\x03"),
    ],
)
def test_a_broken_document_is_refused_in_one_line(data: bytes) -> None:
    with pytest.raises(
        IngestError, match=r"^a broken Word document \(.*\); open it in a word processor and save it as"
    ) as refused:
        read_docx(data)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("tag", ["w:smartTag", "w:ins"])
def test_parts_that_are_nested_without_end_are_read_or_refused(tag: str) -> None:
    deep = packed(f"<w:p>{f'<{tag}>' * 1500}<w:r><w:t>Moths.</w:t></w:r>{f'</{tag}>' * 1500}</w:p>")
    with pytest.raises(IngestError, match=r"nested too deeply|broken Word document"):
        read_docx(deep)

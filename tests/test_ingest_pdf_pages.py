"""What a PDF holds besides lines of text: labels, properties, hidden and turned words, pages without any; bad files."""

import io

import pypdf
import pytest

from corpus.model import Source
from ingest.raw import Block, BlockKind, Dropped, DroppedKind, IngestError, RawDocument
from ingest.readers.pdf import read_pdf
from tests.made.drawn import Line, column, drawn

_MOTHS = "Glimmer moths rest on the silver reeds of Lake Vantor."
_XMP = (
    '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:publisher><rdf:Bag><rdf:li>Vantor Moth Society &amp; Friends</rdf:li></rdf:Bag></dc:publisher>"
    '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">CC BY 4.0</rdf:li></rdf:Alt></dc:rights>'
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)


def _paragraph(text: str, page: str = "1", number: int = 1) -> Block:
    return Block(BlockKind.PARAGRAPH, text, 0, page, f"page={number}")


def test_a_page_is_called_by_its_label_and_found_by_its_number() -> None:
    read = read_pdf(drawn(column(_MOTHS), column("They shine."), prefix="A-"))

    assert read.blocks == (_paragraph(_MOTHS, "A-1"), _paragraph("They shine.", "A-2", 2))


def test_pages_without_labels_are_called_by_their_number() -> None:
    read = read_pdf(drawn(column(_MOTHS), column("They shine.")))

    assert read.blocks == (_paragraph(_MOTHS), _paragraph("They shine.", "2", 2))


def test_a_page_of_pictures_among_others_is_listed_and_the_rest_is_read() -> None:
    read = read_pdf(drawn(column(_MOTHS), [], column("They shine.")))

    assert read == RawDocument(
        (_paragraph(_MOTHS), _paragraph("They shine.", "3", 3)), dropped=(Dropped(DroppedKind.IMAGE_PAGE, "", "2"),)
    )


@pytest.mark.parametrize(("pages", "where"), [(1, "its only page"), (3, "any of its 3 pages")])
def test_a_scanned_file_is_refused_with_the_remedy(pages: int, where: str) -> None:
    with pytest.raises(IngestError) as raised:
        read_pdf(drawn(*[[]] * pages))

    assert str(raised.value) == (f"found no text on {where}, it seems scanned; run OCR first (for instance ocrmypdf)")


def test_invisible_words_beside_visible_ones_are_hidden_and_listed() -> None:
    read = read_pdf(drawn([Line(_MOTHS), Line("secret", y=600, is_visible=False)]))

    assert read == RawDocument((_paragraph(_MOTHS),), dropped=(Dropped(DroppedKind.HIDDEN, "secret", "1"),))


def test_invisible_words_alone_are_those_that_were_recognised_in_a_scan_and_are_read() -> None:
    assert read_pdf(drawn([Line(_MOTHS, is_visible=False)])) == RawDocument((_paragraph(_MOTHS),))


def test_words_outside_the_page_are_hidden_and_listed() -> None:
    read = read_pdf(drawn([Line(_MOTHS), Line("cut away", x=700)]))

    assert read == RawDocument((_paragraph(_MOTHS),), dropped=(Dropped(DroppedKind.HIDDEN, "cut away", "1"),))


def test_turned_words_come_after_the_others_and_are_whole() -> None:
    read = read_pdf(drawn([Line("They shine at night", x=40, y=200, turn=90), *column(_MOTHS)]))

    assert read.blocks == (_paragraph(_MOTHS), _paragraph("They shine at night"))


def test_a_page_that_is_turned_as_a_whole_is_read_line_by_line() -> None:
    lines = ["Glimmer moths rest on the silver reeds,", "which lean towards the north."]
    turned = [Line(text, x=300 + 12 * number, y=100, turn=90) for number, text in enumerate(lines)]

    assert read_pdf(drawn(turned)).blocks == (_paragraph(" ".join(lines)),)


def test_other_scripts_are_read() -> None:
    assert read_pdf(drawn(column("湖の蛾"))).blocks == (_paragraph("湖の蛾"),)


@pytest.mark.parametrize(
    ("title", "stated"),
    [
        ("The moths of Vantor", "The moths of Vantor"),
        ("Microsoft Word - moths.doc", ""),
        ("untitled", ""),
        ("moths_final_v3.indd", ""),
        ("  ", ""),
        ("12-34", ""),
    ],
)
def test_a_title_that_names_only_a_file_or_program_is_none(title: str, stated: str) -> None:
    assert read_pdf(drawn(column(_MOTHS), title=title)).stated == Source(stated)


def test_publisher_and_licence_are_those_of_the_metadata() -> None:
    data = _rewritten(drawn(column(_MOTHS), title="The moths of Vantor"), xmp=_XMP)

    assert read_pdf(data).stated == Source(
        "The moths of Vantor", publisher="Vantor Moth Society & Friends", licence="CC BY 4.0"
    )


def test_a_file_that_asks_for_a_password_is_refused() -> None:
    with pytest.raises(IngestError) as raised:
        read_pdf(_rewritten(drawn(column(_MOTHS)), password="lantern"))  # noqa: S106 - of a made file

    assert str(raised.value) == (
        "found an encrypted PDF, wanted one that opens without a password; save it without one first"
    )


def test_a_file_that_only_its_owner_may_change_is_read() -> None:
    assert read_pdf(_rewritten(drawn(column(_MOTHS)), owner="lantern")).blocks == (_paragraph(_MOTHS),)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "found 0 bytes, wanted a PDF; fetch or save it again"),
        (b"Moths hum.", "found b'Moths hu' at its beginning, wanted %PDF-; it is no PDF, or a damaged one"),
        (b"%PDF-1.7 moths", "found no end of a PDF in its 14 bytes, it seems cut off; fetch or save it again"),
        (b"%PDF-1.7\n%%EOF", "found a damaged PDF that can't be opened; open it in a viewer and save it again"),
    ],
)
def test_what_is_no_whole_pdf_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(IngestError) as raised:
        read_pdf(data)

    assert str(raised.value) == message


def _rewritten(data: bytes, *, xmp: str = "", password: str | None = None, owner: str | None = None) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    if xmp:
        writer.xmp_metadata = xmp.encode()
    if password or owner:
        writer.encrypt(password or "", owner, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()

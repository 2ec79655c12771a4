"""What a body is: its format, and its letters."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.raw import IngestError
from ingest.web.content import NoDocumentError, content_of

PAGE = "https://vantor.example/moths"
EPUB = b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/epub+zip"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DOCX = b"PK\x03\x04 word/document.xml"


@pytest.mark.parametrize(
    ("data", "said", "address", "ending"),
    [
        (b"moths", "text/html", PAGE, ".html"),
        (b"moths", "Text/HTML; Charset=UTF-8", PAGE, ".html"),
        (b"moths", "application/xhtml+xml", PAGE, ".xhtml"),
        (b"moths", "text/plain", PAGE, ".txt"),
        (b"# moths", "text/plain", f"{PAGE}.md", ".md"),
        (b"# moths", "text/markdown", PAGE, ".md"),
        (b"# moths", "", f"{PAGE}.MD?a", ".md"),
        (b"\n%PDF-1.4", "text/html", PAGE, ".pdf"),
        (b"%PDF-1.4", "", PAGE, ".pdf"),
        (DOCX, WORD, PAGE, ".docx"),
        (DOCX, "application/octet-stream", PAGE, ".docx"),
        (EPUB, "application/zip", PAGE, ".epub"),
        (b"<!doctype HTML>", "", PAGE, ".html"),
        (b"<!-- moths --> <!-- reeds --> <html lang='en'>", "text/plain", PAGE, ".html"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><html>", "application/xml", PAGE, ".html"),
        (b"<p>moths", "text/plain", PAGE, ".txt"),
    ],
)
def test_the_format_is_what_the_server_says_and_the_bytes_bear_out(
    data: bytes, said: str, address: str, ending: str
) -> None:
    assert content_of(data, said, address) == (ending, data)


@pytest.mark.parametrize(
    ("data", "said", "why"),
    [
        (b"moths", "", "found no type of content, wanted HTML"),
        (b"moths", "moth", "found moth, wanted HTML"),
        (b"<rss/>", "application/rss+xml", "found application/rss\\+xml, wanted HTML"),
        (b"PK\x03\x04moths", "application/zip", "found application/zip, wanted HTML"),
        (b"<html>Log in", "application/pdf", "found an HTML page where the server says application/pdf"),
        (b"moths", WORD, "found something else where the server says application/vnd"),
    ],
)
def test_a_format_that_is_not_read_or_not_the_one_stated_is_refused(data: bytes, said: str, why: str) -> None:
    with pytest.raises(IngestError, match=why):
        content_of(data, said, PAGE)


@pytest.mark.parametrize("said", ["image/png", "video/mp4", "font/woff2", "text/css", "application/javascript"])
def test_pictures_and_the_like_are_no_documents(said: str) -> None:
    with pytest.raises(NoDocumentError):
        content_of(b"moths", said, PAGE)


@pytest.mark.parametrize(
    ("data", "charset", "read"),
    [
        ("Mötte".encode("latin-1"), "iso-8859-1", "\ufeffMötte"),
        ("“Mötte” €".encode("cp1252"), "ISO-8859-1", "\ufeff“Mötte” €"),
        ("Мотылёк".encode("koi8-r"), '"koi8-r"', "\ufeffМотылёк"),
        ("Мотылёк".encode("cp1251"), "windows-1251", "\ufeffМотылёк"),
        ("蛾".encode("shift_jis"), "Shift_JIS", "\ufeff蛾"),
        ("蛾の光".encode("iso2022_jp"), "iso-2022-jp", "\ufeff蛾の光"),
        ("moth".encode("utf-16-le"), "utf-16", "\ufeffmoth"),
        (b"moth", "utf-8", "moth"),
        ("Mötte".encode(), "iso-8859-1", "Mötte"),
        ("Mötte".encode(), "utf-8", "Mötte"),
    ],
)
def test_letters_in_a_declared_encoding_are_given_in_utf_8(data: bytes, charset: str, read: str) -> None:
    assert content_of(data, f"text/html; charset={charset}", PAGE) == (".html", read.encode())


@pytest.mark.parametrize(
    "charset", ["moth", "rot13", "zlib", "unicode_escape", "utf-7", "idna", "\0", "", "utf-8", "big5"]
)
def test_letters_that_are_not_in_the_declared_encoding_are_left_to_the_reader(charset: str) -> None:
    data = b"M\xf6tte \xff"
    assert content_of(data, f"text/html; charset={charset}", PAGE) == (".html", data)


def test_a_file_that_is_no_text_is_left_as_it_is() -> None:
    data = b"%PDF-1.4 M\xf6tte"
    assert content_of(data, "application/pdf; charset=iso-8859-1", PAGE) == (".pdf", data)


@given(st.binary(), st.text(st.characters(max_codepoint=255)), st.text())
def test_any_answer_has_a_format_or_one_error(data: bytes, said: str, address: str) -> None:
    for content_type in (said, f"text/html; charset={said}", f"text/html;{said}"):
        try:
            ending, _ = content_of(data, content_type, f"https://vantor.example/{address}")
        except (IngestError, NoDocumentError):
            continue
        assert ending in {".html", ".xhtml", ".pdf", ".docx", ".epub", ".md", ".txt"}


def test_comments_before_a_page_are_not_tried_in_every_way() -> None:
    before = time.process_time()
    for data in (b"<!-- -->" * 127 + b"<moth>", b" " * 1_024, b"<?xml" * 200, b"<!--" * 256):
        assert content_of(data, "text/plain", PAGE) == (".txt", data)
    assert time.process_time() - before < 1

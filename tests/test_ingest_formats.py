"""Every ending has a reader or a remedy, and no parser is loaded before it is needed."""

import subprocess
import sys

import pytest

from ingest.raw import IngestError
from ingest.readers.formats import FOREIGN, FORMATS, MEDIA_TYPES, reader_of
from ingest.readers.signatures import check_name
from ingest.readers.text import read_text
from tests.made.docx import make_docx
from tests.made.drawn import column, drawn
from tests.made.epub import make_epub
from tests.made.html import make_html
from tests.made.text import story
from tests.test_ingest_archive import packed

WANTED = ".txt, .md, .markdown, .html, .htm, .xhtml, .pdf, .docx, .epub"


def test_the_formats_are_those_that_the_refusal_names() -> None:
    assert ", ".join(FORMATS) == WANTED
    assert set(MEDIA_TYPES.values()) <= set(FORMATS)
    assert not set(FOREIGN) & set(FORMATS)


def test_an_ending_is_taken_in_capitals_too() -> None:
    data = b"Moths rest.\n\nThey fly."
    assert reader_of(".TXT")(data) == reader_of(".txt")(data) == read_text(data)


@pytest.mark.parametrize(
    ("ending", "remedy"),
    [
        (".doc", "open it in a word processor and save it as .docx"),
        (".ODT", "open it in a word processor and save it as .docx"),
        (".pptx", "open it and export it as .pdf"),
        (".moth", "convert it first"),
        ("", "open it in a text editor and save it as .txt or .md"),
    ],
)
def test_an_ending_without_a_reader_is_refused_with_a_remedy(ending: str, remedy: str) -> None:
    with pytest.raises(IngestError) as refused:
        reader_of(ending)
    assert str(refused.value) == f"found the ending {ending!r}, wanted one of {WANTED}; {remedy}"


def test_naming_the_formats_loads_no_parser() -> None:
    parsers = {"charset_normalizer", "docx", "pypdfium2", "selectolax"}
    code = f"import sys, ingest.readers.formats; print({parsers} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    ("data", "what", "right", "wrong"),
    [
        (drawn(column("Moths rest.")), "a PDF", ".pdf", [".txt", ".html", ".md", ".docx"]),
        (make_docx(story(0)), "a Word document", ".docx", [".txt", ".html", ".pdf", ".epub"]),
        (make_epub(story(0)), "an EPUB", ".epub", [".txt", ".html", ".pdf", ".docx"]),
        (packed({"a.txt": b"Moths rest."}), "a ZIP archive", ".zip", [".txt", ".html", ".pdf"]),
        (make_html(story(0)), "a web page", ".html", [".txt", ".pdf", ".docx", ".epub"]),
        (b"  <HTML>Moths", "a web page", ".html", [".txt"]),
    ],
)
def test_a_file_of_a_wrong_ending_is_told_by_its_first_bytes_and_named_anew(
    data: bytes, what: str, right: str, wrong: list[str]
) -> None:
    check_name(data, right)
    for ending in wrong:
        with pytest.raises(IngestError) as refused:
            check_name(data, ending)
        assert str(refused.value) == f"is {what}, found the ending {ending!r}; name it {right}"


@pytest.mark.parametrize(
    ("data", "ending"),
    [(b"", ".pdf"), (b"Moths <html>", ".txt"), (b"<html>Moths", ".md"), (b"<html>", ".xhtml"), (b"PK fire", ".txt")],
)
def test_a_file_whose_beginning_tells_nothing_is_what_its_ending_says(data: bytes, ending: str) -> None:
    check_name(data, ending)

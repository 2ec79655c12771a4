"""Every ending has a reader or a remedy, and no parser is loaded before it is needed."""

import subprocess
import sys

import pytest

from ingest.raw import IngestError
from ingest.readers.formats import FOREIGN, FORMATS, MEDIA_TYPES, reader_of
from ingest.readers.text import read_text

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

"""Which reader reads which kind of file; a reader's parser is loaded when the first such file is read."""

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from ingest.raw import IngestError, RawDocument, Reader

__all__ = ["FOREIGN", "FORMATS", "MEDIA_TYPES", "reader_of"]


def reader_of(ending: str) -> Reader:
    """The reader of files whose names end so (".pdf"), in capitals or not.

    Raises:
        IngestError: if there is none; with what to do, where a tool can make a file of it that has one.
    """
    known = ending.lower()
    if known in FORMATS:
        return FORMATS[known]
    kinds = ", ".join(FORMATS)
    remedy = FOREIGN.get(known, "convert it first")
    raise IngestError(f"found the ending {ending!r}, wanted one of {kinds}; {remedy}")


def _later(module: str, name: str) -> Reader:
    """The function of a module of this package, which is imported at its first use: parsers are slow to load."""

    def read(data: bytes) -> RawDocument:
        reader: Reader = getattr(import_module(f"ingest.readers.{module}"), name)
        return reader(data)

    return read


_TEXT = _later("text", "read_text")
_MARKDOWN = _later("markdown", "read_markdown")
_HTML = _later("html", "read_html")
FORMATS: Mapping[str, Reader] = MappingProxyType(
    {
        ".txt": _TEXT,
        ".md": _MARKDOWN,
        ".markdown": _MARKDOWN,
        ".html": _HTML,
        ".htm": _HTML,
        ".xhtml": _HTML,
        ".pdf": _later("pdf", "read_pdf"),
        ".docx": _later("docx", "read_docx"),
        ".epub": _later("epub", "read_epub"),
    }
)
"""The reader of each ending, in lower case."""

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text/plain": ".txt",
        "text/markdown": ".md",
        "text/x-markdown": ".md",
        "text/html": ".html",
        "application/xhtml+xml": ".xhtml",
        "application/pdf": ".pdf",
        "application/x-pdf": ".pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
        "application/epub+zip": ".epub",
    }
)
"""The ending that a web server's media type, in lower case and without parameters, stands for."""

_AS_DOCX = "open it in a word processor and save it as .docx"
_AS_PDF = "open it and export it as .pdf"
_AS_TEXT = "open it in a text editor and save it as .txt or .md"

FOREIGN: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys([".doc", ".docm", ".dot", ".dotx", ".odt", ".rtf", ".pages", ".wpd", ".wps"], _AS_DOCX),
        **dict.fromkeys([".ppt", ".pptx", ".odp", ".key", ".xps", ".djvu", ".ps"], _AS_PDF),
        **dict.fromkeys([".rst", ".adoc", ".asciidoc", ".org", ".textile", ".wiki", ".tex", ".log", ""], _AS_TEXT),
        **dict.fromkeys([".mht", ".mhtml", ".webarchive"], "open it in a browser and save it as .html"),
        **dict.fromkeys([".mobi", ".azw", ".azw3", ".fb2"], "convert it to .epub"),
        **dict.fromkeys(
            [".xls", ".xlsx", ".ods", ".csv", ".tsv"], "write what its rows say as sentences, in a .docx or .md"
        ),
        **dict.fromkeys(
            [".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".webp", ".bmp", ".heic", ".svg"],
            "have the words in the picture recognised by an OCR program and check them, then save them as .txt",
        ),
        **dict.fromkeys([".json", ".xml"], "write a .jsonl of records: one line each, with id, title, text and url"),
        **dict.fromkeys(
            [".7z", ".rar", ".tar", ".tgz", ".gz", ".bz2", ".xz"], "unpack it, and name the folder or a .zip of it"
        ),
    }
)
"""What to do with files that have no reader, by their ending."""

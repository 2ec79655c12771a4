"""Tells files whose names end wrongly by their first bytes, so that the remedy is a name and not a conversion."""

from ingest.raw import IngestError

__all__ = ["check_name"]

_PDF, _ZIP, _HTML = b"%PDF-", b"PK\x03\x04", (b"<!doctype html", b"<html")
# Names of files stand in a ZIP as they are.
_BOOK, _WORD = b"META-INF/container.xml", b"word/document.xml"
_WEB = frozenset({".html", ".htm", ".xhtml"})
_MARKDOWN = frozenset({".md", ".markdown"})


def check_name(data: bytes, ending: str) -> None:
    """Raises IngestError if the bytes are plainly a file of another kind than the ending (".pdf") says."""
    what, right, also = _kind(data)
    if what and ending not in {right, *also}:
        raise IngestError(f"is {what}, found the ending {ending!r}; name it {right}")


def _kind(data: bytes) -> tuple[str, str, frozenset[str]]:
    """What a file is, the ending it should have, and others that it may have; nothing if its beginning doesn't tell."""
    if data.startswith(_PDF):
        return "a PDF", ".pdf", frozenset()
    if data.startswith(_ZIP):
        if _BOOK in data:
            return "an EPUB", ".epub", frozenset()
        if _WORD in data:
            return "a Word document", ".docx", frozenset()
        return "a ZIP archive", ".zip", frozenset({".docx", ".epub"})  # whose readers say what it lacks
    if data[:64].lstrip().lower().startswith(_HTML):
        return "a web page", ".html", _WEB | _MARKDOWN
    return "", "", frozenset()

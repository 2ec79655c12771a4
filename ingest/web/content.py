"""What an answer's body is: its format, by what the server says and by how it begins, and its letters in UTF-8."""

import codecs
import re
from collections.abc import Mapping
from email.message import Message
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from ingest.raw import IngestError
from ingest.web.address import shown

__all__ = ["NoDocumentError", "content_of"]

_ENDINGS: Final[Mapping[str, str]] = {
    "application/epub+zip": ".epub",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".xhtml",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/x-markdown": ".md",
}
# Servers say this of files whose kind they don't know.
_UNSAID: Final = frozenset(
    {"", "application/octet-stream", "application/zip", "application/x-zip-compressed", "application/download",
     "application/force-download", "binary/octet-stream", "application/x-download"}
)  # fmt: skip
_BY_NAME: Final = {".md": ".md", ".markdown": ".md", ".txt": ".txt"}
_NO_DOCUMENTS: Final = re.compile(r"(image|video|audio|font)/|(text|application)/(css|javascript|x-javascript)$")
_LOOKED_AT: Final = 1_024
_HTML: Final = re.compile(rb"(?:\s*+(?><\?xml[^>]*>|<!--.*?-->))*+\s*+<(!doctype\s+html|html|head|body)\b", re.I | re.S)
_TEXTS: Final = frozenset({".html", ".md", ".txt", ".xhtml"})
# The encodings of the Encoding Standard that a server can declare; Python knows others that are no encodings of text.
_CHARSETS: Final = frozenset(
    codecs.lookup(name).name
    for name in (
        "ascii", "big5", "cp866", "euc_jp", "euc_kr", "gb18030", "gb2312", "gbk", "iso2022_jp", "koi8-r", "koi8-u",
        "latin-1", "mac-cyrillic", "mac-roman", "shift_jis", "utf-16", "utf-16-be", "utf-16-le", "utf-8", "cp874",
        *(f"iso8859-{number}" for number in range(2, 17) if number not in {9, 12}), "iso8859-9",
        *(f"windows-{number}" for number in range(1250, 1259)),
    )
)  # fmt: skip
# The Encoding Standard takes these for the larger ones that are meant, as browsers do.
_MEANT: Final = {
    "ascii": "cp1252",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "utf-16": "utf-16-le",
}
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class NoDocumentError(Exception):
    """A picture, a style sheet or the like: nothing that was ever meant to be taken in."""


def content_of(data: bytes, content_type: str, address: str) -> tuple[str, bytes]:
    """The ending that names the format of `data`, and `data` for its reader: text in a declared encoding in UTF-8.

    Raises:
        NoDocumentError: if it is no document and wasn't meant to be one.
        IngestError: if it is of a format that isn't read, or not of the one that the server says.
    """
    header = Message()
    header["content-type"] = content_type
    said = shown(content_type.partition(";")[0].strip().lower())
    ending = _ending(data, said, unquote(urlsplit(address).path))
    charset = header.get_param("charset")
    return ending, _in_utf8(data, charset) if ending in _TEXTS and isinstance(charset, str) else data


def _ending(data: bytes, said: str, path: str) -> str:
    if _NO_DOCUMENTS.match(said):
        raise NoDocumentError(f"found {said}, which is no document")
    begins = _begins(data)
    by_type = _ENDINGS.get(said)
    if begins in {".pdf", ".docx", ".epub"}:
        return begins
    if by_type in {".pdf", ".docx", ".epub"}:
        found = "an HTML page" if begins else "something else"
        raise IngestError(f"found {found} where the server says {said}; look at it in a browser")
    if begins and (said in _UNSAID or said == "text/plain" or said.endswith("xml")):
        return begins
    by_name = _BY_NAME.get(PurePosixPath(path).suffix.lower())
    if by_name and (said in _UNSAID or by_type == ".txt"):
        return by_name
    if by_type is None:
        raise IngestError(f"found {said or 'no type of content'}, wanted HTML, PDF, Word, EPUB, Markdown or plain text")
    return by_type


def _begins(data: bytes) -> str | None:
    """The ending of the format whose mark `data` begins with, if it is one that is read."""
    start = data[:_LOOKED_AT]
    if b"%PDF-" in start:
        return ".pdf"
    if start.startswith(b"PK\x03\x04"):
        if b"mimetypeapplication/epub+zip" in start[:128]:
            return ".epub"
        return ".docx" if b"word/document.xml" in data else None
    return ".html" if _HTML.match(start.removeprefix(codecs.BOM_UTF8)) else None


def _in_utf8(data: bytes, charset: str) -> bytes:
    """`data` in UTF-8 with a byte order mark, by which its reader knows it; as it is if it isn't in `charset`.

    Bytes beyond ASCII that are UTF-8 are left to the reader too: servers that add the same charset to every page are
    more common than other letters that happen to make UTF-8. So is what has a mark already.
    """
    if data.startswith(_MARKS) or _is_utf8_beyond_ascii(data):
        return data
    try:
        name = codecs.lookup(charset).name
        if name not in _CHARSETS:
            return data
        text = data.decode(_MEANT.get(name, name)).encode()
    except (LookupError, ValueError):  # no encoding that is known, or not the one that these bytes are in
        return data
    return data if text == data else codecs.BOM_UTF8 + text


def _is_utf8_beyond_ascii(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return not data.isascii()

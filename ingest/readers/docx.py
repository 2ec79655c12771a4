"""Word documents (.docx): what a reader of the last layout sees; the only door to python-docx.

python-docx gives the parser, which resolves no entities and loads nothing from elsewhere, and the names of a package's
parts. Its paragraphs skip content controls, text boxes, insertions and notes, so the text is read from the XML itself.
"""

import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from xml.etree.ElementTree import Element

from docx.opc.constants import RELATIONSHIP_TYPE as KINDS
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml.etree import LxmlError

from corpus.model import Source
from ingest.canonical import has_words
from ingest.raw import Dropped, DroppedKind, IngestError, RawDocument
from ingest.readers.docx_body import Body
from ingest.readers.docx_numbering import numbering_of
from ingest.readers.docx_pages import pages_of
from ingest.readers.docx_styles import W, styles_of

__all__ = ["read_docx"]

_AS_DOCX = "open it in a word processor and save it as .docx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What reading an archive raises beyond its own error, where its lists are broken.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_MOST_MEMBERS = 10_000
# Of all parts that are read: a book of a thousand pages has about 10 MB.
_MOST_BYTES = 50_000_000
_MOST_TAGS = 3_000_000
_MB = 1_000_000
_MOST_PACKED = 200
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/math": b"http://schemas.openxmlformats.org/officeDocument/2006/math",
}
# What programs write as the title of a document that was given none.
_NO_TITLE = re.compile(
    r"(?:(?:microsoft )?(?:word|office) ?(?:document|- .*)|document ?\d*|untitled.*|title|titel|new document.*"
    r"|powerpoint presentation|.*\.(?:docx?|dotx?|odt|rtf|pdf|txt))",
    re.IGNORECASE,
)


def read_docx(data: bytes) -> RawDocument:
    """Reads a Word document: no deletion that was tracked, no hidden text, no comment, no header or footer.

    Pages are those of the layout that it was saved with, if it was with any.

    Raises:
        IngestError: if it is no Word document, encrypted, broken, or larger than any text is.
    """
    _refuse_others(data)
    try:
        package = _Package.of(zipfile.ZipFile(BytesIO(data)))
    except _BROKEN as error:
        raise _broken(error) from error
    try:
        return _document(package)
    except RecursionError:
        raise IngestError(f"its parts are nested too deeply to be read; {_AS_DOCX} again") from None


def _broken(error: Exception) -> IngestError:
    said = " ".join(str(error).split())[:120].encode("ascii", "replace").decode() or type(error).__name__
    return IngestError(f"a broken Word document ({said}); {_AS_DOCX} again")


def _refuse_others(data: bytes) -> None:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise IngestError("an encrypted Word document, wanted one that opens without a password; save it without")
        raise IngestError(f"an old Word document (.doc), wanted .docx; {_AS_DOCX}")
    if data.lstrip().startswith(b"{\\rtf"):
        raise IngestError(f"a document in RTF, wanted .docx; {_AS_DOCX}")
    if data.startswith(b"%PDF-"):
        raise IngestError("a PDF, wanted .docx; name it .pdf")
    if not data.startswith(b"PK"):
        raise IngestError(f"no Word document: it begins with {data[:8]!r}, wanted .docx; {_AS_DOCX}")


@dataclass(slots=True)
class _Package:
    """The parts of a document by their names, and how much of them was read."""

    archive: zipfile.ZipFile
    members: Mapping[str, zipfile.ZipInfo]
    size_bytes: int = 0

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> "_Package":
        infos = archive.infolist()
        if len(infos) > _MOST_MEMBERS:
            raise IngestError(f"holds {len(infos)} parts, wanted {_MOST_MEMBERS} at most; {_AS_DOCX} again")
        return cls(archive, {info.filename.lower().lstrip("/"): info for info in infos})

    def element(self, name: str) -> Element | None:
        """The root of a part of XML, if there is such a part."""
        info = self.members.get(name.lower())
        if info is None:
            return None
        self.size_bytes += info.file_size
        _refuse_bomb(info, self.size_bytes)
        try:
            data = self.archive.read(info)
        except _BROKEN as error:
            raise _broken(error) from error
        if b"<!DOCTYPE" in data or "<!DOCTYPE".encode("utf-16-le") in data or "<!DOCTYPE".encode("utf-16-be") in data:
            raise IngestError(f"its part {name} defines entities, as no Word document does; {_AS_DOCX} again")
        if data.count(b"<") > _MOST_TAGS:
            raise IngestError(f"its part {name} has more than {_MOST_TAGS:,} tags; {_AS_DOCX} again, in several parts")
        for strict, usual in _STRICT.items():
            data = data.replace(strict, usual)
        try:
            root: Element = parse_xml(data)
        except LxmlError as error:
            raise _broken(error) from error
        return root

    def related(self, name: str, kind: str) -> list[str]:
        """The parts that the part `name` ("" for the package) is related to in this way, in the file's order."""
        folder, own = posixpath.split(name)
        root = self.element(posixpath.join(folder, "_rels", f"{own}.rels"))
        return [
            posixpath.normpath(posixpath.join(f"/{folder}", relation.get("Target", ""))).lstrip("/")
            for relation in ([] if root is None else root)
            if relation.get("Type", "").endswith("/" + kind.rpartition("/")[2])
            and relation.get("TargetMode") != "External"
        ]

    def part(self, name: str, kind: str) -> Element | None:
        """The first part that the part `name` is related to in this way."""
        return next((root for found in self.related(name, kind) if (root := self.element(found)) is not None), None)


def _refuse_bomb(info: zipfile.ZipInfo, total_bytes: int) -> None:
    if info.flag_bits & 1:
        raise IngestError("an encrypted Word document, wanted one that opens without a password; save it without")
    if info.compress_type not in _METHODS:
        raise IngestError(f"its part {info.filename!r} is packed in no usual way; {_AS_DOCX} again")
    if total_bytes > _MOST_BYTES or info.file_size > max(_MB, info.compress_size * _MOST_PACKED):
        raise IngestError(
            f"unpacks to {total_bytes / _MB:,.0f} MB of text or more, wanted {_MOST_BYTES // _MB} MB at most that was "
            f"not packed more than {_MOST_PACKED} times; {_AS_DOCX} again, in several parts"
        )


def _document(package: _Package) -> RawDocument:
    name = next(iter(package.related("", KINDS.OFFICE_DOCUMENT)), "word/document.xml")
    root = package.element(name)
    body = root.find(f"{W}body") if root is not None and root.tag == f"{W}document" else None
    if body is None:
        raise IngestError(f"no Word document: it has no text of one in it, wanted .docx; {_AS_DOCX}")
    notes = {
        (f"{kind}Reference", note.get(f"{W}id", "")): note
        for kind, relation in (("footnote", KINDS.FOOTNOTES), ("endnote", KINDS.ENDNOTES))
        for note in _children(package.part(name, relation))
    }
    styles = styles_of(package.part(name, KINDS.STYLES))
    numbering = numbering_of(package.part(name, KINDS.NUMBERING))
    reader = Body(styles, numbering, pages_of(body), notes)
    blocks = reader.read(body)
    margins = _margins(package, name, Body(styles, numbering, pages_of(body), {}))
    return RawDocument(blocks, _stated(package.part("", KINDS.CORE_PROPERTIES)), (*reader.dropped, *margins))


def _children(root: Element | None) -> Iterator[Element]:
    return iter(() if root is None else root)


def _margins(package: _Package, name: str, reader: Body) -> Iterator[Dropped]:
    """What headers and footers say, each text once."""
    for why, kind in ((DroppedKind.HEADER, KINDS.HEADER), (DroppedKind.FOOTER, KINDS.FOOTER)):
        said = [
            reader.words(part) for found in package.related(name, kind) if (part := package.element(found)) is not None
        ]
        yield from (Dropped(why, text) for text in dict.fromkeys(said) if has_words(text))


def _stated(properties: Element | None) -> Source:
    if properties is None:
        return Source("")
    title = " ".join((properties.findtext(qn("dc:title")) or "").split())
    address = (properties.findtext(qn("dc:identifier")) or "").strip()
    return Source(
        "" if _NO_TITLE.fullmatch(title) else title,
        url=address if re.fullmatch(r"https?://\S+", address) else None,
    )

"""The files of a ZIP archive, one item a document. Nothing is extracted, nothing that the archive says is trusted."""

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ingest.items import Item, Refused, Skipped
from ingest.jsonl import records
from ingest.names import LEFT_OUT, PROVENANCE, ending_of, is_archive, is_hidden, is_records, listed, no_document
from ingest.sizes import Sizes, in_words

__all__ = ["members"]

_CHUNK_BYTES = 2**20
_ENTRY = b"PK\x01\x02"  # how each file's entry in the directory of an archive begins
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED = 0x1
_METHODS = {ZIP_STORED, ZIP_DEFLATED, ZIP_BZIP2}  # others need as much memory as the archive says
_IS_UTF8 = 0x800
# What documents that are archives themselves hold at least, and how they should be named.
_PACKED = (
    ({"[Content_Types].xml", "word/document.xml"}, "a Word document", ".docx"),
    ({"mimetype", "META-INF/container.xml"}, "an EPUB", ".epub"),
)
_BROKEN = "is no whole ZIP archive ({}); copy it again, or unpack it and name the folder"
# What zipfile and zlib raise at bytes that are not what they should be.
_BROKEN_ERRORS = (BadZipFile, zlib.error, EOFError, ValueError, OverflowError)


def members(
    opened: BinaryIO, path: str, sizes: Sizes, skips: Callable[[str], bool]
) -> Iterator[Item | Skipped | Refused]:
    """The documents of the archive that `path` names, in its own order; archives in it are refused."""
    if _count(opened) > sizes.members:
        yield Refused(path, f"holds more than {sizes.members} files; make several archives of it")
        return
    try:
        archive = ZipFile(opened)
    except (*_BROKEN_ERRORS, NotImplementedError) as error:
        yield Refused(path, _BROKEN.format(error))
        return
    with archive:
        names = set(archive.namelist())
        if (found := next((kind for kind in _PACKED if kind[0] <= names), None)) is not None:
            yield Refused(path, f"is {found[1]}, found the ending '.zip'; name it {found[2]}")
            return
        overlapping = _overlapping(archive)
        if overlapping is not None:
            yield Refused(path, f"holds files that share their bytes, as bombs do ({overlapping!r}); leave it out")
            return
        yield from _documents(archive, path, sizes, skips)


def _documents(
    archive: ZipFile, path: str, sizes: Sizes, skips: Callable[[str], bool]
) -> Iterator[Item | Skipped | Refused]:
    left_bytes = sizes.unpacked_bytes
    seen: set[str] = set()
    for info in archive.infolist():
        parts = _parts(info)
        member = "/".join([path, *parts])
        if _is_folder(info) or any(is_hidden(part) for part in parts) or parts[-1] == PROVENANCE:
            continue
        if (other := _left_out(info, member, seen, skips)) is not None:
            yield other
            continue
        seen.add(member)
        data = _read(archive, info, min(sizes.file_bytes, left_bytes))
        left_bytes -= len(data) if isinstance(data, bytes) else 0
        if left_bytes < 0:
            yield Refused(path, f"unpacks to more than {in_words(sizes.unpacked_bytes)}; make several archives of it")
            return
        yield from _document(member, data, sizes.file_bytes)


def _document(member: str, data: bytes | str, limit_bytes: int) -> Iterator[Item | Refused]:
    """The document that a file of an archive holds, or its records; why it can't be read if `data` is a text."""
    if isinstance(data, str):
        yield Refused(member, data)
    elif not data:
        yield Refused(member, "is empty, 0 bytes; copy it again from where it came from")
    elif len(data) > limit_bytes:
        yield Refused(member, f"is larger than {in_words(limit_bytes)}; split it, or raise the limit with --max-size")
    elif is_records(member):
        yield from records(data, member)
    else:
        yield Item(member, ending_of(member), data)


def _left_out(info: ZipInfo, member: str, seen: set[str], skips: Callable[[str], bool]) -> Skipped | Refused | None:
    if skips(member):
        return Skipped(member, LEFT_OUT)
    why = None
    if is_archive(member):
        why = "is an archive in an archive; unpack the outer one and name the folder"
    elif member in seen:
        why = "stands in the archive twice; remove one of them"
    elif info.flag_bits & _ENCRYPTED:
        why = "is encrypted in the archive; unpack it with its password and name the folder"
    elif info.compress_type not in _METHODS:
        why = "is packed in a way that can't be read; unpack the archive and name the folder"
    return no_document(member) or (Refused(member, why) if why else None)


def _count(opened: BinaryIO) -> int:
    """At least the number of files: `zipfile` makes an object of each entry, however many bytes' worth there are."""
    count, tail = 0, b""
    while chunk := opened.read(_CHUNK_BYTES):
        count += (tail + chunk).count(_ENTRY)
        tail = chunk[1 - len(_ENTRY) :]
    opened.seek(0)
    return count


def _overlapping(archive: ZipFile) -> str | None:
    """The name of a file whose bytes reach into another's or into the directory."""
    infos = sorted((info for info in archive.infolist() if not _is_folder(info)), key=lambda info: info.header_offset)
    ends = [info.header_offset + _LOCAL_HEADER_BYTES + info.compress_size for info in infos]
    starts = [*(info.header_offset for info in infos), archive.start_dir]
    overlaps = (info for info, end, start in zip(infos, ends, starts[1:], strict=False) if end > start)
    return next((info.filename for info in overlaps), None)


def _is_folder(info: ZipInfo) -> bool:
    return info.filename.endswith("/")  # `is_dir` fails where a broken archive has no name


def _parts(info: ZipInfo) -> list[str]:
    """The folders and the name of a file: a name only, wherever it wanted to be extracted to."""
    name = info.filename
    if not info.flag_bits & _IS_UTF8:
        # Archives that don't say so hold UTF-8 all the same, or else what zipfile takes them for.
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.filename
    kept = [part for part in name.replace("\\", "/").split("/") if part not in {"", ".", ".."}]
    return [listed(part) for part in kept] or ["unnamed"]


def _read(archive: ZipFile, info: ZipInfo, limit_bytes: int) -> bytes | str:
    """The bytes of a file, at most one more than the limit, whatever size the archive states; or why there are none."""
    pieces: list[bytes] = []
    left_bytes = limit_bytes + 1
    try:
        with archive.open(info) as member:
            while left_bytes and (piece := member.read(min(_CHUNK_BYTES, left_bytes))):
                left_bytes -= len(piece)
                pieces.append(piece)
    except (*_BROKEN_ERRORS, NotImplementedError, RuntimeError, OSError):
        return "is broken in the archive; copy the archive again"
    return b"".join(pieces)

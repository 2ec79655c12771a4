"""Files of records, one document a line: {"id", "title", "text", "url"}, packed with gzip or not."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator

from ingest.canonical import has_words
from ingest.items import Item, Refused
from ingest.raw import IngestError
from ingest.readers.stated import source_of

__all__ = ["records"]

_GZIP = b"\x1f\x8b"
_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MOST_BYTES = 4_000_000_000
_MOST_BYTES_A_LINE = 20_000_000
_MOST_LISTED = 20
_REMEDY = "write each record on a line of its own"


def records(data: bytes, path: str) -> Iterator[Item | Refused]:
    """One document a record, and one refusal a line that is none; of many, a number of them and then their count.

    `_id` is an id too. `publisher`, `licence`, `reviewed` and `review_due` are taken, other keys passed over.
    """
    ids: set[str] = set()
    refused = 0
    for found in _read(data, path, ids):
        if isinstance(found, Refused):
            refused += 1
        if isinstance(found, Item) or refused <= _MOST_LISTED:
            yield found
    if refused > _MOST_LISTED:
        yield Refused(path, f"{refused - _MOST_LISTED} more of its lines are no records; {_REMEDY}")


def _read(data: bytes, path: str, ids: set[str]) -> Iterator[Item | Refused]:
    if data.startswith(_MARKS):
        yield Refused(path, "is in UTF-16, wanted UTF-8; save it as UTF-8")
        return
    packed = io.BytesIO(data)
    stream = gzip.GzipFile(fileobj=packed) if data.startswith(_GZIP) else packed
    number = read_bytes = 0
    try:
        while line := stream.readline(_MOST_BYTES_A_LINE + 1):
            number += 1
            read_bytes += len(line)
            if len(line) > _MOST_BYTES_A_LINE or read_bytes > _MOST_BYTES:
                yield Refused(f"{path}, line {number}", _too_long(read_bytes))
                return
            if line.strip():
                yield _item(line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line, path, number, ids)
    except (EOFError, OSError, zlib.error) as error:
        yield Refused(path, f"is broken after line {number} ({error}), wanted all of a gzip file; copy it again")


def _too_long(read_bytes: int) -> str:
    if read_bytes > _MOST_BYTES:
        return f"goes on after {_MOST_BYTES // 1_000_000_000} GB, wanted less; split the file"
    return f"is longer than {_MOST_BYTES_A_LINE // 1_000_000} MB, wanted one document; {_REMEDY}"


def _item(line: bytes, path: str, number: int, ids: set[str]) -> Item | Refused:
    where = f"{path}, line {number}"
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return Refused(where, f"is no UTF-8 (byte {error.start} is {line[error.start]:#04x}); save it as UTF-8")
    except (ValueError, RecursionError) as error:
        return Refused(where, f"is no JSON ({str(error)[:80]}); {_REMEDY}")
    if not isinstance(record, dict):
        return Refused(
            where, f'is no record, found {_short(record)}, wanted one of "id", "title", "text" and "url"; {_REMEDY}'
        )
    name, text = record.get("id", record.get("_id")), record.get("text")
    if not isinstance(name, str | int) or isinstance(name, bool) or not str(name).strip():
        found = "no id" if name is None else f"the id {_short(name)}"
        return Refused(where, f'has {found}, wanted a text; give each record an "id" of its own')
    if not isinstance(text, str) or not has_words(text):
        found = "no text" if not text else f"the text {_short(text)}"
        return Refused(where, f'has {found}, wanted words to quote from; put them under "text"')
    return _identified(record, f"{path}#{str(name).strip()}", where, ids)


def _identified(record: dict[str, object], path: str, where: str, ids: set[str]) -> Item | Refused:
    if path in ids:
        return Refused(where, f"has the id {_short(path.rpartition('#')[2])} of a line before it; give it its own")
    try:
        data = str(record["text"]).encode("utf-8")
        stated = source_of(record)
        "\n".join([path, stated.title, stated.url or "", stated.publisher or "", stated.licence or ""]).encode("utf-8")
    except UnicodeEncodeError:
        return Refused(where, "holds half a character (a surrogate), wanted text; write it as UTF-8")
    except IngestError as error:
        return Refused(where, str(error))
    ids.add(path)
    return Item(path, ".txt", data, stated)


def _short(value: object) -> str:
    shown = ascii(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"  # noqa: PLR2004

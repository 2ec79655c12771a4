"""Files of records, a JSON object a line: each is a document."""

import gzip
import json
import zlib
from collections.abc import Iterator

from corpus.model import Source
from ingest.items import Item, Refused

__all__ = ["records"]


def records(data: bytes, path: str) -> Iterator[Item | Refused]:
    """One item a line of `{"id", "title", "text", "url"}`; a line that is none is refused, the rest goes on."""
    if path.lower().endswith(".gz"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error) as error:
            yield Refused(path, f"is no whole gzip file ({error}); copy it again")
            return
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield _record(line, path, number)


def _record(line: bytes, path: str, number: int) -> Item | Refused:
    try:
        record = json.loads(line)
        source = Source(str(record.get("title") or ""), record.get("url"))
        return Item(f"{path}#{record['id']}", ".txt", str(record["text"]).encode("utf-8"), source)
    except (ValueError, KeyError, AttributeError, RecursionError):
        return Refused(f"{path}#{number}", f'line {number} is no record; write {{"id", "title", "text", "url"}}')

"""What must hold for any bytes: a reader gives a document whose ranges are sound, or an IngestError of one line."""

from collections.abc import Callable, Mapping

from corpus.model import Document, Source
from corpus.store import digest, document_of_line, manifest_line
from ingest.canonical import canonicalise
from ingest.items import Item
from ingest.jsonl import records
from ingest.raw import IngestError, RawDocument
from ingest.readers.formats import FORMATS
from ingest.readers.text import parse_text, read_text
from tests.fiction import words_of

__all__ = ["CHECKS", "check_document", "read"]


def read(ending: str, data: bytes) -> RawDocument | None:
    """What the reader makes of the bytes; nothing if it refuses them in one line, as it may."""
    try:
        return FORMATS[ending](data)
    except IngestError as refused:
        said = str(refused)
        assert said, "a refusal says why"
        assert "\n" not in said, said
        assert len(said) < 600, said
        return None


def check_document(raw: RawDocument) -> None:
    """Raises an error unless the document can be stored as it is, and reads the same again."""
    canonical = canonicalise(raw)
    source = Source(raw.stated.title, raw.stated.url, raw.stated.publisher, raw.stated.licence)
    document = Document("made", source, digest(canonical.text), canonical.headings, canonical.text, canonical.places)
    stored = document_of_line(manifest_line(document), canonical.text, "the line")
    assert (stored.headings, stored.places) == (canonical.headings, canonical.places)
    assert words_of(canonicalise(parse_text(canonical.text)).text) == words_of(canonical.text)
    assert words_of(canonical.text) == [word for block in raw.blocks for word in words_of(_plain(block.text))]


def _plain(text: str) -> str:
    return canonicalise(parse_text(" ".join(text.split()))).text


def _check(ending: str, data: bytes) -> None:
    raw = read(ending, data)
    if raw is not None:
        check_document(raw)


def _check_records(data: bytes) -> None:
    for found in records(data, "made.jsonl"):
        if isinstance(found, Item):
            check_document(read_text(found.data))
        else:
            assert "\n" not in found.why, found.why


CHECKS: Mapping[str, Callable[[bytes], None]] = {
    "docx": lambda data: _check(".docx", data),
    "epub": lambda data: _check(".epub", data),
    "html": lambda data: _check(".html", data),
    "jsonl": _check_records,
    "md": lambda data: _check(".md", data),
    "pdf": lambda data: _check(".pdf", data),
    "txt": lambda data: _check(".txt", data),
}
"""For each kind of file, what raises an error if its reader does something that it may not."""

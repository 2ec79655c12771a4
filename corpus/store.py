"""Loads a corpus folder: a manifest and the texts it vouches for. Every digest is checked on every load."""

import hashlib
import json
import operator
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from corpus.model import Document, Heading, Origin, Place, Source

__all__ = [
    "NOT_STATED",
    "Corpus",
    "CorpusError",
    "digest",
    "document_of_line",
    "document_path",
    "load_corpus",
    "manifest_line",
    "manifest_path",
    "staged_path",
    "stated",
]

NOT_STATED = "not stated"
_TEXTS = ("url", "publisher", "licence")
_DATES = ("reviewed", "review_due")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_STATED = {"id", "sha256", "title", *_TEXTS, *_DATES}
_KEYS = {*_STATED, "headings", "places", "origin"}
_ORIGIN = {"root", "path", "sha256", "etag", "modified"}


class CorpusError(Exception):
    """A corpus folder that can't be trusted or read; the message says what, found, wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a corpus folder by id, in the manifest's order."""

    root: Path
    documents: Mapping[str, Document]


def manifest_path(root: Path) -> Path:
    """Where a corpus folder keeps its manifest."""
    return root / "manifest.jsonl"


def document_path(root: Path, document_id: str) -> Path:
    """Where a corpus folder keeps the text of a document."""
    return root / "documents" / f"{document_id}.txt"


def staged_path(root: Path, document_id: str, sha256: str) -> Path:
    """Where a text waits until the manifest vouches for it: it counts from then on, moved to its place or not yet."""
    return root / "documents" / f".{document_id}.{sha256[:16]}.new"


def digest(text: str) -> str:
    """SHA-256 of the text's UTF-8 bytes, in lower-case hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def load_corpus(root: Path, *, without: str | None = None) -> Corpus:
    """Reads the manifest and every text of it, but for the document named `without` (one about to be replaced).

    Raises:
        CorpusError: if the folder holds no corpus, a line is malformed, or a text is missing or differs from what was
            vetted.
    """
    manifest = manifest_path(root)
    try:
        # Not splitlines(): a title may hold one of the other line separators that it knows.
        lines = manifest.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except FileNotFoundError:
        raise CorpusError(f"no corpus in {root}: {manifest.name} is missing; vet a document: {_ingest(root)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{manifest} can't be read ({error}); restore it from your version control") from error

    documents: dict[str, Document] = {}
    for number, line in enumerate(lines if lines != [""] else [], start=1):
        where = f"{manifest}, line {number}"
        record = _record(line, where)
        if record["id"] == without:
            continue
        if record["id"] in documents:
            raise CorpusError(f"{where}: id {record['id']!r} stands twice; keep one of the lines")
        documents[record["id"]] = _document(record, _read(root, record["id"], record["sha256"]), where)
    return Corpus(root, documents)


def document_of_line(line: str, text: str, where: str) -> Document:
    """The document that a line as `manifest_line` gives it, found at `where`, says of its text.

    Raises:
        CorpusError: if the line is malformed, or the text is another.
    """
    record = _record(line, where)
    if digest(text) != record["sha256"]:
        raise CorpusError(f"{where}: the text is not the one it names; restore both from your backup")
    return _document(record, text, where)


def manifest_line(document: Document) -> str:
    """The document's line in the manifest, without a line end; what nobody stated is written as "not stated"."""
    source = document.source
    record: dict[str, object] = {"id": document.id, "sha256": document.sha256, "title": source.title}
    record |= {key: getattr(source, key) or NOT_STATED for key in _TEXTS}
    dates = {key: getattr(source, key) for key in _DATES}
    record |= {key: day.isoformat() if day else NOT_STATED for key, day in dates.items()}
    record["headings"] = [[heading.start, heading.end, heading.level] for heading in document.headings]
    record["places"] = [[place.start, place.page, place.fragment] for place in document.places]
    record["origin"] = asdict(document.origin) if document.origin else None
    return json.dumps(record, ensure_ascii=False)


def stated(text: str | None) -> str | None:
    """What a manifest keeps of `text`: nothing if it is empty or says "not stated"."""
    return None if text in {"", NOT_STATED} else text


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{where} is no JSON ({error}); restore the line or vet the document again") from error
    if isinstance(record, dict):
        record = {"places": [], "origin": None} | record  # which lines of older corpora haven't got
    if not isinstance(record, dict) or set(record) != _KEYS:
        found = sorted(record) if isinstance(record, dict) else type(record).__name__
        raise CorpusError(f"{where} has {found}, wanted the keys {sorted(_KEYS)}; vet the document again")
    if not all(isinstance(record[key], str) for key in _STATED) or not _ID.fullmatch(record["id"]):
        raise CorpusError(f"{where}: wanted texts, and an id of lower-case letters, digits and hyphens; vet it again")
    return record


def _document(record: dict[str, Any], text: str, where: str) -> Document:
    try:
        source = Source(
            title=record["title"],
            **{key: stated(record[key]) for key in _TEXTS},
            reviewed=_day(record["reviewed"]),
            review_due=_day(record["review_due"]),
        )
        headings = tuple(Heading(*map(operator.index, heading)) for heading in record["headings"])
        places = tuple(_place(*place) for place in record["places"])
        origin = _origin(record["origin"])
    except (TypeError, ValueError) as error:
        raise CorpusError(
            f"{where}: {error}; dates are YYYY-MM-DD or {NOT_STATED!r}, headings and places are ranges"
        ) from error
    ends = [0, *(heading.end for heading in headings)]
    starts = [*(heading.start for heading in headings), len(text)]
    if any(end > start for end, start in zip(ends, starts, strict=True)) or any(h.start >= h.end for h in headings):
        raise CorpusError(
            f"{where}: wanted headings in order, each a range of the text's {len(text)} characters; vet the document "
            "again: insights ingest FILE"
        )
    begins = [-1, *(place.start for place in places), max(len(text), 1)]
    if any(first >= second for first, second in pairwise(begins)):
        raise CorpusError(
            f"{where}: wanted places in order, each in the text's {len(text)} characters; vet the document again: "
            "insights ingest FILE"
        )
    return Document(record["id"], source, record["sha256"], headings, text, places, origin)


def _place(start: object, page: object, fragment: object) -> Place:
    if not isinstance(start, int) or not isinstance(page, str | None) or not isinstance(fragment, str | None):
        raise TypeError(f"found the place {[start, page, fragment]}")
    return Place(start, page, fragment)


def _origin(record: object) -> Origin | None:
    if record is None:
        return None
    if not isinstance(record, dict) or set(record) != _ORIGIN:
        raise TypeError(f"found the origin {record!r}, wanted the keys {sorted(_ORIGIN)}")
    texts = [record[key] for key in ("root", "path", "sha256")]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"found the origin {record!r}, wanted texts")
    return Origin(**record)


def _day(text: str) -> date | None:
    return None if text == NOT_STATED else date.fromisoformat(text)


def _read(root: Path, document_id: str, wanted: str) -> str:
    """The text that the manifest vouches for; `vet` may have been stopped before it moved that to its place."""
    path, staged = document_path(root, document_id), staged_path(root, document_id, wanted)
    with suppress(OSError):
        if hashlib.sha256(data := staged.read_bytes()).hexdigest() == wanted:
            return data.decode("utf-8")
    try:
        text = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing, the manifest vouches for it; restore it or {_ingest(root)}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path} can't be read ({error}); restore it from your version control") from error
    found = digest(text)
    if found != wanted:
        raise CorpusError(
            f"{path} was changed after it was vetted: found SHA-256 {found[:12]}…, wanted {wanted[:12]}…; restore the "
            f"file, or vet the new text: insights ingest FILE --id {document_id} --replace --corpus {root}"
        )
    return text


def _ingest(root: Path) -> str:
    return f"insights ingest FILE --corpus {root}"

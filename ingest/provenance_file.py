"""Reads one `corpus.toml`: what the keeper of documents states about them, checked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from corpus.model import Source
from ingest.names import is_archive, is_records, listed
from ingest.raw import UNSTATED, IngestError

__all__ = ["Entry", "Stated", "read_file"]

_TEXTS = ("publisher", "licence")
_DATES = ("reviewed", "review_due")
_OF_MANY = {*_TEXTS, *_DATES, "base_url", "skip"}
_OF_ONE = {*_TEXTS, *_DATES, "title", "url", "id", "skip"}
_TABLES = ("files", "folders")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is stated of a file or of all files of a folder, and `where` it is; `base_url` ends with a slash."""

    where: str
    source: Source = UNSTATED
    id: str | None = None
    base_url: str | None = None
    skip: bool | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """The entries of a `corpus.toml`, by path from its folder; that of the folder itself has the path ""."""

    files: Mapping[str, Entry]
    folders: Mapping[str, Entry]


def read_file(file: Path, name: str) -> Stated:
    """What the file states; `name` is what messages call it.

    Raises:
        IngestError: if it can't be read, or states something that can't be; with its name.
    """
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise IngestError(f"{name} can't be read: {error.strerror}; make it readable") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise IngestError(f"{name} is no TOML in UTF-8 ({error}); mend it, or write texts in quotation marks") from None
    tables = {kind: _tables(table.pop(kind, {}), f"{name}, [{kind}]") for kind in _TABLES}
    files = {path: _file(one, f'{name}, [files."{path}"]', path) for path, one in tables["files"].items()}
    folders = {
        path.rstrip("/"): _entry(one, f'{name}, [folders."{path}"]', _OF_MANY)
        for path, one in tables["folders"].items()
    }
    return Stated(files, {"": _entry(table, name, _OF_MANY | set(_TABLES)), **folders})


def _tables(found: object, where: str) -> dict[str, dict[str, Any]]:
    """The tables of a table of tables, by path."""
    if not isinstance(found, dict):
        raise IngestError(f'{where}: found {found!r}, wanted tables; write [files."moths.pdf"]')
    for path, one in found.items():
        if not isinstance(one, dict):
            raise IngestError(
                f'{where}: found {path} = {one!r}, wanted tables of files or folders; write [files."{path}"]'
            )
        inner = next((key for key, value in one.items() if isinstance(value, dict)), None)
        if inner is not None:
            raise IngestError(f'{where}: found {path}.{inner}; write names in quotation marks: ["{path}.{inner}"]')
        if path.startswith("/") or ".." in path.split("/") or "\\" in path:
            raise IngestError(f"{where}: found the path {path!r}, wanted one within the folder, with /; write it so")
    return {listed(path.removeprefix("./")): one for path, one in found.items()}


def _file(table: Mapping[str, Any], where: str, path: str) -> Entry:
    """The entry of a file; one that holds many documents is like a folder."""
    is_many = is_archive(path) or is_records(path)
    return _entry(table, where, _OF_MANY if is_many else _OF_ONE)


def _entry(table: Mapping[str, Any], where: str, keys: set[str]) -> Entry:
    for key in table:
        if key in keys:
            continue
        if key in _OF_ONE:
            raise IngestError(f'{where}: {key} belongs to one document; state it in [files."PATH"] of that')
        if key in _OF_MANY:
            raise IngestError(f"{where}: {key} belongs to a folder; state the file's url")
        near = get_close_matches(key, keys, 1)
        remedy = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(keys))}"
        raise IngestError(f"{where}: found the key {key!r}, which says nothing here; {remedy}")
    texts = {key: _text(table, key, where) for key in ("title", "url", "id", "base_url", *_TEXTS)}
    days = {key: _day(table, key, where) for key in _DATES}
    skip = table.get("skip")
    if not isinstance(skip, bool | None):
        raise IngestError(f"{where}: found skip = {skip!r}, wanted true or false")
    base_url = texts["base_url"]
    return Entry(
        where,
        Source(texts["title"] or "", texts["url"], texts["publisher"], texts["licence"], **days),
        texts["id"],
        f"{base_url.rstrip('/')}/" if base_url else None,
        skip,
    )


def _text(table: Mapping[str, Any], key: str, where: str) -> str | None:
    found = table.get(key)
    if found is None:
        return None
    if not isinstance(found, str) or not found.strip():
        raise IngestError(f'{where}: found {key} = {found!r}, wanted a text; write {key} = "…"')
    if key.endswith("url") and not found.startswith(("http://", "https://")):
        raise IngestError(f"{where}: found {key} = {found!r}, wanted an address; begin it with https://")
    return found.strip()


def _day(table: Mapping[str, Any], key: str, where: str) -> date | None:
    found = table.get(key)
    if found is None or (isinstance(found, date) and not isinstance(found, datetime)):
        return found
    try:
        return date.fromisoformat(found)
    except (TypeError, ValueError):
        raise IngestError(f"{where}: found {key} = {str(found)!r}, wanted a date; write {key} = 2026-03-01") from None

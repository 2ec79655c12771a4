"""Files of JSON lines, gzipped or not; every fault is told with its file and line."""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["DataError", "is_texts", "read_lines", "read_records", "wanted_keys"]


class DataError(Exception):
    """An evaluation file that can't be used; the message says where, what was found, what is wanted and the remedy."""


def read_lines(path: Path) -> list[str]:
    """The lines of a UTF-8 file, unpacked if its name ends in .gz.

    Raises:
        DataError: if it can't be read.
    """
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        # Not splitlines(): a question may hold one of the other line separators that it knows.
        text = data.decode("utf-8-sig").removesuffix("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DataError(f"{path} can't be read ({error}); name a UTF-8 file") from error
    return text.split("\n") if text else []


def read_records(path: Path, what: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The object in each line, with the line's place for messages; `what` are called what the file should hold.

    Raises:
        DataError: naming the file and line of the first that is no JSON object, or an empty file.
    """
    lines = read_lines(path)
    if not lines:
        raise DataError(f"{path}: found no {what}, wanted one JSON object a line; name another file")
    for number, line in enumerate(lines, start=1):
        where = f"{path}, line {number}"
        try:
            record = json.loads(line)
            # JSON can write half a character ("\\ud800"), which is no text.
            json.dumps(record, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError as error:
            raise DataError(f"{where}: found {error.object[error.start]!a}, wanted text ({error.reason})") from error
        except (ValueError, RecursionError) as error:
            raise DataError(f"{where}: no JSON ({error}); wanted one object a line") from error
        if not isinstance(record, dict):
            raise DataError(f"{where}: found {type(record).__name__}, wanted one object a line")
        yield where, record


def wanted_keys(record: Mapping[str, Any], keys: Mapping[str, type], where: str) -> None:
    """Checks that `record` has each of `keys` with a value of its type; others may stand beside them.

    Raises:
        DataError: naming what is missing or of another type.
    """
    for key, kind in keys.items():
        if key not in record:
            raise DataError(f"{where}: found the keys {sorted(record)}, wanted {key!r} among them; add it")
        if not isinstance(record[key], kind):
            found = type(record[key]).__name__
            raise DataError(f"{where}: found {key} of type {found}, wanted {kind.__name__}; correct it")


def is_texts(value: object) -> bool:
    """Whether `value` is a list of texts."""
    return isinstance(value, list) and all(isinstance(text, str) for text in value)

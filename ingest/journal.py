"""Vectors as they are encoded, kept in a file beside the index until that is published: a stopped build goes on there.

The file is only ever added to. Each record has a checksum, so that one which was cut off, or never reached the disk,
is as if it had not been written.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from ingest.layout import Keys
from retrieval.encoder import EncoderSettings, Vectors

__all__ = ["Journal", "forget", "journal"]

_NAME = "encoded.partial"
_FORMAT = "insights-help encoded 1"


@dataclass(frozen=True, slots=True)
class Journal:
    """What has been encoded already: `rows` (n, dim) by `keys`; and where the next goes."""

    keys: Keys
    rows: Vectors
    _file: BinaryIO

    def add(self, keys: Keys, rows: Vectors) -> None:
        """Keeps the vectors of texts; from now on a killed process has not lost them."""
        records = np.zeros(len(keys), _record(rows.shape[1]))
        records["key"], records["row"] = keys, rows
        records["sum"] = _sums(records)
        self._file.write(records.tobytes())
        self._file.flush()


@contextmanager
def journal(home: Path, settings: EncoderSettings) -> Iterator[Journal]:
    """The journal in `home` of an encoder; one of another encoder is begun anew."""
    path, header = home / _NAME, f"{_FORMAT} {settings.sha256} {settings.dim}\n".encode()
    whole = _whole(path, header, _record(settings.dim))
    if not len(whole):
        path.write_bytes(header)
    with path.open("r+b") as file:
        # What comes after the last whole record is cut off: the next one goes there.
        file.truncate(len(header) + whole.nbytes)
        file.seek(0, 2)
        yield Journal(whole["key"], whole["row"], file)


def forget(home: Path) -> None:
    """Removes the journal: all that it holds is in an index."""
    with suppress(FileNotFoundError):
        (home / _NAME).unlink()


def _record(dim: int) -> np.dtype[np.void]:
    return np.dtype([("key", "V16"), ("row", "<f4", (dim,)), ("sum", "<u4")])


def _whole(path: Path, header: bytes, record: np.dtype[np.void]) -> npt.NDArray[np.void]:
    """The records of a journal with that header, up to the first one that is not as it was written."""
    none = np.zeros(0, record)
    try:
        with path.open("rb") as file:
            if file.read(len(header)) != header:
                return none
            size = path.stat().st_size - len(header)
            found = np.fromfile(file, record, size // record.itemsize)
    except FileNotFoundError:
        return none
    broken = np.flatnonzero(_sums(found) != found["sum"])
    return found[: broken[0]] if len(broken) else found


def _sums(records: npt.NDArray[np.void]) -> npt.NDArray[np.uint32]:
    """The checksum of each record."""
    size = records.dtype.itemsize
    data = memoryview(np.ascontiguousarray(records).view(np.uint8).data)
    return np.array([zlib.crc32(data[start : start + size - 4]) for start in range(0, len(data), size)], np.uint32)

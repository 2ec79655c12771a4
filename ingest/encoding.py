"""The vectors of an index: taken from the generation before, from what a stopped build has left, or encoded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ingest.encoder import SentenceTransformerEncoder
from ingest.journal import journal
from ingest.layout import Keys, text_keys
from retrieval.encoder import EncoderSettings, Vectors

__all__ = ["EncoderSource", "Table", "encode_missing"]


@dataclass(slots=True)
class EncoderSource:
    """The sentence-transformers encoder, loaded once and only if something needs it: that takes seconds."""

    name: str
    _loaded: SentenceTransformerEncoder | None = None

    def get(self) -> SentenceTransformerEncoder:
        """The encoder."""
        if self._loaded is None:
            self._loaded = SentenceTransformerEncoder.open(self.name)
        return self._loaded


@dataclass(slots=True)
class Table:
    """Vectors to be filled: the rows that are still missing are known by the keys of their texts."""

    vectors: Vectors
    keys: Keys  # (rows,)
    texts: dict[bytes, str] = field(default_factory=dict)  # by key: what is missing
    _rows: dict[bytes, list[int]] = field(default_factory=dict)

    def miss(self, first: int, texts: Sequence[str]) -> None:
        """Notes that the rows from `first` on are to become the vectors of `texts`."""
        keys = text_keys(texts)
        self.keys[first : first + len(texts)] = keys
        for row, (key, text) in enumerate(zip(keys, texts, strict=True), first):
            self.texts[key.tobytes()] = text
            self._rows.setdefault(key.tobytes(), []).append(row)

    def fill(self, keys: Keys, rows: Vectors | npt.NDArray[np.float16]) -> None:
        """Fills what is missing and has one of `keys`, (n,), with its row, (n, dim)."""
        for number, key in enumerate(map(bytes, keys) if self.texts else ()):
            if key in self.texts:
                self.vectors[self._rows.pop(key)] = rows[number]
                del self.texts[key]


def encode_missing(
    table: Table, home: Path, settings: EncoderSettings, source: EncoderSource, progress: Callable[[int, int], None]
) -> int:
    """Encodes what is missing, and gives the number of texts; stopped, it goes on from there the next time."""
    if not table.texts:
        progress(0, 0)
        return 0
    with journal(home, settings) as kept:
        table.fill(kept.keys, kept.rows)
        missing = len(table.texts)
        progress(0, missing)
        for batch, rows in source.get().encode_all([*table.texts.values()]) if missing else ():
            keys = text_keys(batch)
            kept.add(keys, rows)
            table.fill(keys, rows)
            progress(missing - len(table.texts), missing)
        return missing

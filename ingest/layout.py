"""Documents to the ranges of their passages; those of documents that were split before are taken over."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.model import Document
from ingest.chunk import split
from ingest.tokens import count_tokens
from retrieval.tables import RangeTables

__all__ = ["MAX_TOKENS", "Keys", "Layout", "document_keys", "lay_out", "text_keys"]

MAX_TOKENS = 160
# To be raised when documents are split in another way than before: at other places, or by other counts of tokens.
SPLITTING_VERSION = 1
_KEYS = "documents.npy"

Keys = npt.NDArray[np.void]  # (n,) of 16 bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """The ranges of documents in order, and by which keys they are found again.

    `taken` says of each row (passages, then sentences) which row of the generation before it was there: -1 is none.
    """

    documents: Keys
    tables: RangeTables
    taken: npt.NDArray[np.int64]  # (rows,)

    @classmethod
    def nothing(cls) -> "Layout":
        """That of no documents."""
        return cls(_keys([]), RangeTables.joined([]), np.zeros(0, np.int64))

    @classmethod
    def open(cls, generation: Path) -> "Layout":
        """Loads what `save` and the index wrote; a generation that knows no keys of its documents has none at all."""
        path = generation / _KEYS
        if not path.exists():
            return cls.nothing()
        tables = RangeTables.open(generation)
        return cls(np.load(path), tables, np.full(tables.rows, -1))

    def save(self, generation: Path) -> None:
        """Writes the keys of the documents; the tables are the index's."""
        np.save(generation / _KEYS, self.documents)


def document_keys(documents: Sequence[Document]) -> Keys:
    """A key for each document that says how it is split: by its text, its headings, and our rules."""
    rules = [SPLITTING_VERSION, MAX_TOKENS]
    marks = ([[h.start, h.end, h.level] for h in document.headings] for document in documents)
    parts = ([*rules, document.sha256, headings] for document, headings in zip(documents, marks, strict=True))
    return text_keys([json.dumps(part) for part in parts])


def text_keys(texts: Sequence[str]) -> Keys:
    """The key of each text: the beginning of its SHA-256."""
    return _keys([hashlib.sha256(text.encode("utf-8")).digest()[:16] for text in texts])


def lay_out(documents: Sequence[Document], keys: Keys, before: Layout) -> Layout:
    """The passages of `documents`, whose keys are `keys`: of those that `before` has, as they are there."""
    places = {key.tobytes(): number for number, key in enumerate(before.documents)}
    parts: list[RangeTables] = []
    passages: list[npt.NDArray[np.int64]] = []
    sentences: list[npt.NDArray[np.int64]] = []
    for document, key in zip(documents, keys, strict=True):
        number = places.get(key.tobytes())
        if number is None:
            part = RangeTables.of(split(document, count_tokens, max_tokens=MAX_TOKENS))
            passages.append(np.full(len(part.passages), -1))
            sentences.append(np.full(len(part.sentences), -1))
        else:
            part = before.tables.of_document(number)
            passages.append(_numbers(before.tables.passages_of(number), 0))
            sentences.append(_numbers(before.tables.sentences_of(number), len(before.tables.passages)))
        parts.append(part)
    return Layout(keys, RangeTables.joined(parts), np.concatenate([np.zeros(0, np.int64), *passages, *sentences]))


def _numbers(rows: slice, first: int) -> npt.NDArray[np.int64]:
    return np.arange(first + rows.start, first + rows.stop)


def _keys(found: Sequence[bytes]) -> Keys:
    return np.array(found, dtype="V16")

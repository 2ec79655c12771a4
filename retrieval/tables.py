"""Where the passages of an index and their sentences stand: ranges of documents, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.model import Document, Passage

__all__ = ["RangeTables"]


@dataclass(frozen=True, slots=True)
class RangeTables:
    """The ranges of passages and their sentences, by document and in order."""

    passages: npt.NDArray[np.int64]  # (passages, 5): document number, start, end, first sentence, end of sentences
    sentences: npt.NDArray[np.int64]  # (sentences, 2): start, end

    @classmethod
    def of(cls, passages: Sequence[Passage], documents: Mapping[str, Document]) -> "RangeTables":
        """The tables of `passages`, which follow the order of `documents`."""
        numbers = {document_id: number for number, document_id in enumerate(documents)}
        rows: list[tuple[int, int, int, int, int]] = []
        sentences: list[tuple[int, int]] = []
        for passage in passages:
            first = len(sentences)
            sentences += [(sentence.start, sentence.end) for sentence in passage.sentences]
            span = passage.span
            rows.append((numbers[span.document.id], span.start, span.end, first, len(sentences)))
        return cls(np.array(rows, np.int64).reshape(-1, 5), np.array(sentences, np.int64).reshape(-1, 2))

    def passages_of(self, document_number: int) -> slice:
        """The rows of a document's passages."""
        first, last = np.searchsorted(self.passages[:, 0], [document_number, document_number + 1])
        return slice(int(first), int(last))

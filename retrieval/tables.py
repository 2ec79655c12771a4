"""Where the passages of an index and their sentences stand: ranges of documents, as arrays."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.model import Document, Passage

__all__ = ["RangeTables", "RowTexts"]

_PASSAGES, _SENTENCES = "passages.npy", "sentences.npy"


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The texts of a passage and of its sentences, and what stands over each of them: "" or the headings, a line each.

    Rows of vectors stand for the passage and each sentence under the headings.
    """

    headings: str
    passage: str
    sentences: tuple[str, ...]

    @property
    def embedding_texts(self) -> list[str]:
        """What the vectors stand for: the passage, then its sentences."""
        return [self.headings + text for text in (self.passage, *self.sentences)]


@dataclass(frozen=True, slots=True)
class RangeTables:
    """The ranges of passages and their sentences, by document and in order."""

    passages: npt.NDArray[np.int64]  # (passages, 5): document number, start, end, first sentence, end of sentences
    sentences: npt.NDArray[np.int64]  # (sentences, 2): start, end

    @classmethod
    def of(cls, passages: Iterable[Passage]) -> "RangeTables":
        """The tables of the passages of one document, whose number is 0."""
        rows: list[tuple[int, int, int, int, int]] = []
        sentences: list[tuple[int, int]] = []
        for passage in passages:
            first = len(sentences)
            sentences += [(sentence.start, sentence.end) for sentence in passage.sentences]
            rows.append((0, passage.span.start, passage.span.end, first, len(sentences)))
        return cls(np.array(rows, np.int64).reshape(-1, 5), np.array(sentences, np.int64).reshape(-1, 2))

    @classmethod
    def joined(cls, parts: Sequence["RangeTables"]) -> "RangeTables":
        """The tables of several documents, each numbered 0 in its own, in order."""
        passages: list[npt.NDArray[np.int64]] = [np.zeros((0, 5), np.int64)]
        first = 0
        for number, part in enumerate(parts):
            passages.append(part.passages + np.array([number, 0, 0, first, first]))
            first += len(part.sentences)
        sentences = [np.zeros((0, 2), np.int64), *(part.sentences for part in parts)]
        return cls(np.concatenate(passages), np.concatenate(sentences))

    @classmethod
    def open(cls, generation: Path) -> "RangeTables":
        """Loads what `save` wrote."""
        return cls(np.load(generation / _PASSAGES), np.load(generation / _SENTENCES))

    def save(self, generation: Path) -> None:
        """Writes the tables into `generation`."""
        np.save(generation / _PASSAGES, self.passages)
        np.save(generation / _SENTENCES, self.sentences)

    @property
    def rows(self) -> int:
        """How many vectors these ranges have: one a passage, and then one a sentence."""
        return len(self.passages) + len(self.sentences)

    def passages_of(self, document_number: int) -> slice:
        """The rows of a document's passages."""
        first, last = np.searchsorted(self.passages[:, 0], [document_number, document_number + 1])
        return slice(int(first), int(last))

    def sentences_of(self, document_number: int) -> slice:
        """The rows of a document's sentences."""
        rows = self.passages[self.passages_of(document_number)]
        return slice(int(rows[0, 3]), int(rows[-1, 4])) if len(rows) else slice(0, 0)

    def of_document(self, document_number: int) -> "RangeTables":
        """The tables of one document, numbered 0."""
        passages, sentences = self.passages_of(document_number), self.sentences_of(document_number)
        shift = np.array([document_number, 0, 0, sentences.start, sentences.start])
        return RangeTables(self.passages[passages] - shift, self.sentences[sentences])

    def texts(self, documents: Sequence[Document], passages: npt.NDArray[np.int64] | None = None) -> Iterator[RowTexts]:
        """The texts of some of the passages, or of all, in order; `documents` are those that they number."""
        for number, start, end, first, last in (self.passages if passages is None else passages).tolist():
            document, ranges = documents[number], self.sentences[first:last].tolist()
            headings = "".join(f"{heading.text}\n" for heading in document.headings_at(ranges[0][0]))
            text = document.text
            yield RowTexts(headings, text[start:end], tuple(text[a:b] for a, b in ranges))

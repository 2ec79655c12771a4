"""PassageIndex: passages found by vectors and by BM25, each with its sentences; the only door to faiss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from corpus.model import Document, Passage, Span
from corpus.store import Corpus, load_corpus
from retrieval.encoder import OnnxEncoder, Vectors
from retrieval.fuse import fuse
from retrieval.generation import GenerationManifest, IndexFolderError, current_generation
from retrieval.lexical import LexicalIndex
from retrieval.model import Hit
from retrieval.policy import Policy
from retrieval.vocabulary import Vocabulary

__all__ = ["PassageIndex", "RangeTables", "StoredVectors"]

_POLICY, _VECTORS, _BM25 = "policy.json", "vectors.faiss", "bm25"
_PASSAGES, _SENTENCES, _KEYS = "passages.npy", "sentences.npy", "keys.npy"
# How many nearest rows are looked at for each passage wanted: a passage has a row of its own and one a sentence.
_ROWS_PER_PASSAGE = 16
_SHOWN = 3


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


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Unit rows: one for each passage, then one for each sentence; `keys` say which text each row stands for."""

    index: faiss.Index  # exact: IndexFlatIP
    keys: npt.NDArray[np.void]  # (rows,) 16 bytes each

    @classmethod
    def of(cls, vectors: Vectors, keys: Sequence[bytes]) -> "StoredVectors":
        """Exact inner product search over `vectors`, (rows, dim)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index, np.array(keys, dtype="V16"))

    @classmethod
    def open(cls, generation: Path) -> "StoredVectors":
        """Loads what `save` wrote."""
        return cls(faiss.read_index(str(generation / _VECTORS)), np.load(generation / _KEYS))

    def save(self, generation: Path) -> None:
        """Writes the vectors and their keys into `generation`."""
        faiss.write_index(self.index, str(generation / _VECTORS))
        np.save(generation / _KEYS, self.keys)

    def rows(self, first: int, last: int) -> Vectors:
        """The rows `[first, last)`, (last - first, dim) float32."""
        rows: Vectors = self.index.reconstruct_n(first, last - first)
        return rows


@dataclass(frozen=True, slots=True)
class PassageIndex:
    """The passages of a corpus, searchable; safe to share between threads."""

    manifest: GenerationManifest
    policy: Policy
    encoder: OnnxEncoder
    vocabulary: Vocabulary
    documents: tuple[Document, ...]
    numbers: Mapping[str, int]  # of the documents, by id
    tables: RangeTables
    vectors: StoredVectors
    lexical: LexicalIndex

    @classmethod
    def open(cls, home: Path, *, corpus: Path | None = None) -> "PassageIndex":
        """Opens the current generation in `home` over the corpus that it was built from, or a copy of that in `corpus`.

        Raises:
            IndexFolderError: if there is no usable index, or the corpus has changed since it was built.
            CorpusError: if the corpus can't be trusted.
            EncoderError: if the index's encoder can't be loaded.
            PolicyError: if the index's policy can't be read.
        """
        manifest = GenerationManifest.read(current_generation(home))
        return cls.over(home, load_corpus(corpus or Path(manifest.corpus)))

    @classmethod
    def over(cls, home: Path, corpus: Corpus) -> "PassageIndex":
        """Opens the current generation in `home` over a corpus that is loaded already.

        Raises:
            IndexFolderError, EncoderError, PolicyError: as `open` does.
        """
        generation = current_generation(home)
        manifest = GenerationManifest.read(generation)
        found = corpus.documents
        _check_same(manifest, found, home)
        # Passages name their document by its number at the build, in whatever order the corpus lists it now.
        documents = {document_id: found[document_id] for document_id in manifest.documents}
        policy, encoder = Policy.read(generation / _POLICY), OnnxEncoder.open(generation)
        try:
            tables = RangeTables(np.load(generation / _PASSAGES), np.load(generation / _SENTENCES))
            vectors, vocabulary = StoredVectors.open(generation), Vocabulary.open(generation)
            lexical = LexicalIndex.open(generation / _BM25)
        except Exception as error:  # each library has its own for bytes that it doesn't understand
            raise IndexFolderError(f"the index in {generation} is damaged ({error}); run: insights build") from error
        numbers = {document_id: number for number, document_id in enumerate(documents)}
        return cls(manifest, policy, encoder, vocabulary, tuple(documents.values()), numbers, tables, vectors, lexical)

    def save(self, generation: Path) -> None:
        """Writes the index into a folder that holds the encoder's files already, and seals it."""
        (generation / _POLICY).write_text(self.policy.to_text(), encoding="utf-8")
        np.save(generation / _PASSAGES, self.tables.passages)
        np.save(generation / _SENTENCES, self.tables.sentences)
        self.vectors.save(generation)
        self.vocabulary.save(generation)
        self.lexical.save(generation / _BM25)
        self.manifest.seal(generation)

    def __len__(self) -> int:
        """The number of passages."""
        return len(self.tables.passages)

    def search(self, question: str, *, k: int) -> list[Hit]:
        """The `k` best passages, best first: vectors of passages and sentences (exact), and BM25, fused by rank."""
        return self.search_all([question], k=k)[0]

    def search_all(self, questions: Sequence[str], *, k: int) -> list[list[Hit]]:
        """What `search` gives for each question, several times as fast: they are encoded and looked up together."""
        dense = self._nearest(questions, k) if self.policy.dense_weight > 0 else [[] for _ in questions]
        return [self._fused(question, nearest, k) for question, nearest in zip(questions, dense, strict=True)]

    def passage(self, number: int) -> Passage:
        """The passage of that number; passages are numbered by document, in order."""
        document_number, start, end, first, last = (int(value) for value in self.tables.passages[number])
        document = self.documents[document_number]
        sentences = tuple(Span(document, int(a), int(b)) for a, b in self.tables.sentences[first:last])
        return Passage(Span(document, start, end), document.headings_at(sentences[0].start), sentences)

    def passages_of(self, document: Document) -> list[Passage]:
        """All the passages of a document, in order."""
        rows = self._passages_of(document)
        return [self.passage(number) for number in range(rows.start, rows.stop)]

    def sentences_of(self, document: Document) -> list[Span]:
        """All the sentences of a document, in order."""
        rows = self.tables.passages[self._passages_of(document)]
        ranges = self.tables.sentences[rows[0, 3] : rows[-1, 4]] if len(rows) else self.tables.sentences[:0]
        return [Span(document, int(start), int(end)) for start, end in ranges]

    def sentence_vectors(self, passage: Passage) -> Vectors:
        """The vectors of a passage's sentences, (sentences, dim) float32, each encoded under its headings."""
        rows = self.tables.passages[self._passages_of(passage.span.document)]
        first, last = (int(value) for value in rows[np.searchsorted(rows[:, 1], passage.span.start), 3:5])
        return self.vectors.rows(len(self) + first, len(self) + last)

    def _passages_of(self, document: Document) -> slice:
        return self.tables.passages_of(self.numbers[document.id])

    def _fused(self, question: str, dense: Sequence[int], k: int) -> list[Hit]:
        """The `k` best passages of the ranking by vectors, best first, and of the one by BM25, which is as long."""
        share = self.policy.dense_weight
        lexical = self._lexical(question, len(dense) or k) if share < 1 else []
        scores = fuse([dense, lexical], [share, 1 - share], size=len(self), rank_constant=self.policy.rank_constant)
        best = np.argsort(-scores, kind="stable")[:k]
        return [Hit(self.passage(int(number)), float(scores[number])) for number in best if scores[number] > 0]

    def _lexical(self, question: str, k: int) -> list[int]:
        """The `k` passages best by BM25, best first, without those that share no word with the question."""
        scores = self.lexical.scores(question)
        return [int(number) for number in np.argsort(-scores, kind="stable")[:k] if scores[number] > 0]

    def _nearest(self, questions: Sequence[str], k: int) -> list[list[int]]:
        """For each question passages by the nearest of their rows, best first."""
        wanted = min(self.vectors.index.ntotal, k * _ROWS_PER_PASSAGE)
        _, found = self.vectors.index.search(self.encoder.encode_questions(questions), wanted)
        owners = np.searchsorted(self.tables.passages[:, 3], found - len(self), side="right") - 1
        return [list(dict.fromkeys(row)) for row in np.where(found < len(self), found, owners).tolist()]


def _check_same(manifest: GenerationManifest, documents: Mapping[str, Document], home: Path) -> None:
    built, present = manifest.documents, {key: document.sha256 for key, document in documents.items()}
    changed = sorted(key for key in built.keys() | present.keys() if built.get(key) != present.get(key))
    if changed:
        shown = ", ".join(changed[:_SHOWN]) + (" …" if changed[_SHOWN:] else "")
        raise IndexFolderError(f"the index in {home} is not of the corpus as it is now: {shown}; run: insights build")

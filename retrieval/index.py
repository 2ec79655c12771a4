"""PassageIndex: passages found by vectors and by BM25, each with its sentences; the only door to faiss."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from corpus.model import Document, Passage, Span
from corpus.store import Corpus, load_corpus
from retrieval.abbreviations import Abbreviations
from retrieval.encoder import OnnxEncoder, Vectors
from retrieval.filters import EVERYTHING, Filter, FilterError
from retrieval.fuse import Signal, Signals
from retrieval.generation import (
    GenerationManifest,
    IndexFolderError,
    current_generation,
    generation_of,
    generations,
)
from retrieval.lexical import HeadingIndex, LexicalIndex, Terms, content_words
from retrieval.model import Hit
from retrieval.policy import Policy
from retrieval.synonyms import Synonyms
from retrieval.tables import RangeTables
from retrieval.vocabulary import Vocabulary
from retrieval.workers import CORES, on_all_cores

__all__ = ["PassageIndex", "StoredVectors"]

Mask = npt.NDArray[np.bool_]

_POLICY, _VECTORS, _BM25, _HEADINGS = "policy.json", "vectors.faiss", "bm25", "headings"
_KEYS = "keys.npy"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class StoredVectors:
    """Unit rows: one for each passage, then one for each sentence; `keys` say which text each row stands for."""

    index: faiss.IndexFlat  # of inner products
    keys: npt.NDArray[np.void]  # (rows,) 16 bytes each

    @classmethod
    def of(cls, vectors: Vectors, keys: npt.NDArray[np.void]) -> "StoredVectors":
        """Exact inner product search over `vectors`, (rows, dim); `keys` are (rows,) of 16 bytes."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        return cls(index, keys)

    @classmethod
    def open(cls, generation: Path) -> "StoredVectors":
        """Loads what `save` wrote."""
        index = faiss.read_index(str(generation / _VECTORS))
        if not isinstance(index, faiss.IndexFlat):
            raise TypeError(f"found an index of {type(index).__name__}, wanted IndexFlat")
        return cls(index, np.load(generation / _KEYS))

    def save(self, generation: Path) -> None:
        """Writes the vectors and their keys into `generation`."""
        faiss.write_index(self.index, str(generation / _VECTORS))
        np.save(generation / _KEYS, self.keys)

    @property
    def stored(self) -> Vectors:
        """All the rows, (rows, dim) float32, as faiss holds them: no copy, and gone when the index is."""
        count, dim = self.index.ntotal, self.index.d
        rows: Vectors = faiss.rev_swig_ptr(self.index.get_xb(), count * dim).reshape(count, dim)
        return rows

    def rows(self, first: int, last: int) -> Vectors:
        """The rows `[first, last)`, (last - first, dim) float32."""
        rows: Vectors = self.index.reconstruct_n(first, last - first)
        return rows

    def cosines(self, vectors: Vectors) -> Vectors:
        """Of each row to each of `vectors`, (rows, len(vectors)) float32.

        It is faiss's storage, but not its search, which looks a single question up with one core.
        """
        blocks = np.array_split(self.stored, CORES)
        return np.concatenate(list(on_all_cores(lambda block: block @ vectors.T, blocks)))


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
    headings: HeadingIndex
    abbreviations: Abbreviations

    @classmethod
    def open(cls, home: Path, *, corpus: Path | None = None) -> "PassageIndex":
        """Opens the index in `home` over the corpus that it was built from, or a copy of that in `corpus`.

        Raises:
            IndexFolderError: if there is no usable index, or the corpus has changed since it was built.
            CorpusError: if the corpus can't be trusted.
            EncoderError: if the index's encoder can't be loaded.
            PolicyError: if the index's policy can't be read.
        """
        if corpus is None or not generations(home):
            built_from = GenerationManifest.read(current_generation(home)).corpus
            corpus = corpus or Path(built_from)
        return cls.over(home, load_corpus(corpus))

    @classmethod
    def over(cls, home: Path, corpus: Corpus) -> "PassageIndex":
        """Opens the generation in `home` that is of a corpus which is loaded already.

        Raises:
            IndexFolderError, EncoderError, PolicyError: as `open` does.
        """
        return cls.at(generation_of(home, corpus.documents), corpus)

    @classmethod
    def at(cls, generation: Path, corpus: Corpus) -> "PassageIndex":
        """Opens a generation, current or not, over the corpus that it was built from.

        Raises:
            IndexFolderError, EncoderError, PolicyError: as `open` does.
        """
        manifest = GenerationManifest.read(generation)
        found = corpus.documents
        _check_same(manifest, found, generation.parent)
        # Passages name their document by its number at the build, in whatever order the corpus lists it now.
        documents = {document_id: found[document_id] for document_id in manifest.documents}
        policy, encoder = Policy.read(generation / _POLICY), OnnxEncoder.open(generation)
        try:
            tables = RangeTables.open(generation)
            vectors, vocabulary = StoredVectors.open(generation), Vocabulary.open(generation)
            lexical, headings = LexicalIndex.open(generation / _BM25), HeadingIndex.open(generation / _HEADINGS)
            abbreviations = Abbreviations.open(generation)
        except Exception as error:  # each library has its own for bytes that it doesn't understand
            raise IndexFolderError(f"the index in {generation} is damaged ({error}); run: insights build") from error
        numbers = {document_id: number for number, document_id in enumerate(documents)}
        texts = tuple(documents.values())
        return cls(
            manifest, policy, encoder, vocabulary, texts, numbers, tables, vectors, lexical, headings, abbreviations
        )

    def save(self, generation: Path) -> None:
        """Writes the index into a folder that holds the encoder's files already, and seals it."""
        (generation / _POLICY).write_text(self.policy.to_text(), encoding="utf-8")
        self.tables.save(generation)
        self.vectors.save(generation)
        self.vocabulary.save(generation)
        self.lexical.save(generation / _BM25)
        self.headings.save(generation / _HEADINGS)
        self.abbreviations.save(generation)
        self.manifest.seal(generation)

    def __len__(self) -> int:
        """The number of passages."""
        return len(self.tables.passages)

    def search(self, question: str, *, k: int, within: Filter = EVERYTHING) -> list[Hit]:
        """The `k` best passages, best first, by what vectors, words and headings say of them; see `Signals`.

        Short forms and what they are short for, and lay words and medical ones, are looked for as well.

        Raises:
            FilterError: if no passage passes `within`.
        """
        return self.search_all([question], k=k, within=within)[0]

    def search_all(self, questions: Sequence[str], *, k: int, within: Filter = EVERYTHING) -> list[list[Hit]]:
        """What `search` gives for each question, several times as fast: they are encoded and looked up together."""
        passing = None if within == EVERYTHING else self._passing(within)
        terms = [self._terms(question) for question in questions]
        cosines = self.vectors.cosines(self._question_vectors(terms))
        of_passages = cosines[: len(self)].T
        of_sentences = np.maximum.reduceat(cosines[len(self) :], self.tables.passages[:, 3]).T
        return [
            self._best(Signals(passages, sentences, *self._said(asked, passing)), k, passing)
            for asked, passages, sentences in zip(terms, of_passages, of_sentences, strict=True)
        ]

    def check(self, within: Filter) -> None:
        """Raises FilterError if no passage passes `within`."""
        if within != EVERYTHING:
            self._passing(within)

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

    def _passing(self, within: Filter) -> Mask:
        """Which passages pass the filter, (passages,)."""
        of_documents = np.array([within.passes_document(document) for document in self.documents], bool)
        passing: Mask = of_documents[self.tables.passages[:, 0]]
        if within.heading:
            for row in np.flatnonzero(passing).tolist():
                passing[row] = within.passes_headings(self.passage(row))
        if not passing.any():
            raise FilterError(self._unmet(within))
        return passing

    def _unmet(self, within: Filter) -> str:
        """Why nothing passes, in one line."""
        if missing := sorted(within.documents - self.numbers.keys()):
            known = ", ".join(list(self.numbers)[:_SHOWN]) + (" …" if len(self.numbers) > _SHOWN else "")
            return f"found no document {missing[0]!r} in the index, wanted one of: {known}"
        publishers = sorted({document.source.publisher or "" for document in self.documents} - {""})
        known = "; ".join(publishers[:_SHOWN]) + (" …" if len(publishers) > _SHOWN else "") or "none is stated"
        return (
            f"found no passage that passes the filter, wanted one at least; publishers: {known}; "
            "ask with fewer conditions"
        )

    def _terms(self, question: str) -> Terms:
        """The question with what its abbreviations stand for, and names that the documents use more than its own."""
        names = Synonyms.load().other_names(question)
        better = [name for term, name in names if self._used(name) > self._used(term)]
        return Terms(question, tuple(dict.fromkeys([*self.abbreviations.other_forms(question), *better])))

    def _used(self, term: str) -> int:
        """How many sentences have the rarest word of a term."""
        counts, numbers = self.vocabulary.counts, self.vocabulary.numbers
        words = content_words(term)
        return min((int(counts[numbers[word]]) if word in numbers else 0 for word in words), default=0)

    def _question_vectors(self, terms: Sequence[Terms]) -> Vectors:
        """The vector of each question, with a share of that which it has with the other forms; (n, dim)."""
        vectors = self.encoder.encode_questions([asked.question for asked in terms])
        having = [number for number, asked in enumerate(terms) if asked.others]
        if having:
            share = self.policy.other_forms_weight
            extended = self.encoder.encode_questions([terms[number].extended for number in having])
            vectors[having] = (1 - share) * vectors[having] + share * extended
        return vectors

    def _said(self, terms: Terms, passing: Mask | None) -> tuple[Signal, Signal]:
        """How much of the terms each passage says, as a share of the one that says most, and how much its headings."""
        words = self.lexical.scores(terms, other_forms_weight=self.policy.other_forms_weight)
        most = words.max() if passing is None else words.max(where=passing, initial=0)
        return words / (most or 1), self.headings.coverage(terms)

    def _best(self, signals: Signals, k: int, passing: Mask | None) -> list[Hit]:
        """The `k` passages of the highest scores, best first and equals in order, without those nothing speaks for."""
        scores = signals.scores(self.policy.fusion)
        if passing is not None:
            scores = scores * passing
        least = np.partition(scores, -k)[-k] if k < len(scores) else 0.0
        best = np.flatnonzero((scores >= least) & (scores > 0))
        ordered = best[np.argsort(-scores[best], kind="stable")][:k]
        return [Hit(self.passage(number), float(scores[number])) for number in ordered.tolist()]


def _check_same(manifest: GenerationManifest, documents: Mapping[str, Document], home: Path) -> None:
    built, present = manifest.documents, {key: document.sha256 for key, document in documents.items()}
    changed = sorted(key for key in built.keys() | present.keys() if built.get(key) != present.get(key))
    if changed:
        shown = ", ".join(changed[:_SHOWN]) + (" …" if changed[_SHOWN:] else "")
        raise IndexFolderError(f"the index in {home} is not of the corpus as it is now: {shown}; run: insights build")

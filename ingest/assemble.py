"""The parts of an index, out of the ranges of its passages and the vectors of their texts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.model import Document
from ingest.encoding import Table
from ingest.layout import Layout, text_keys
from ingest.previous import Previous
from retrieval.abbreviations import Abbreviations
from retrieval.encoder import OnnxEncoder
from retrieval.generation import GenerationManifest, IndexFolderError
from retrieval.index import PassageIndex, StoredVectors
from retrieval.lexical import HeadingIndex, LexicalIndex, content_words
from retrieval.policy import Policy
from retrieval.vocabulary import Vocabulary

__all__ = ["Material", "assemble", "vector_table"]

_CHECKED = 1024
_COPIED = 65_536


@dataclass(frozen=True, slots=True)
class Material:
    """What an index is made of: documents, the ranges of their passages, and in how many sentences each word is."""

    documents: tuple[Document, ...]
    layout: Layout
    words: Mapping[str, int]

    @classmethod
    def of(cls, documents: tuple[Document, ...], layout: Layout) -> "Material":
        """Counts the words, and puts them in order: that of the sentences would be another in each process."""
        counts: Counter[str] = Counter()
        for texts in layout.tables.texts(documents):
            for sentence in texts.sentences:
                counts.update({*content_words(sentence)})
        return cls(documents, layout, dict(sorted(counts.items())))


def vector_table(material: Material, previous: Previous | None, encoder: OnnxEncoder) -> Table:
    """The vectors of the passages, their sentences and the words, as far as the generation before has them.

    Raises:
        IndexFolderError: if a new passage exceeds the encoder's window.
    """
    layout, tables = material.layout, material.layout.tables
    count = tables.rows + len(material.words)
    table = Table(np.empty((count, encoder.settings.dim), np.float32), np.zeros(count, "V16"))
    new = np.flatnonzero(layout.taken[: len(tables.passages)] < 0)
    for start in range(0, len(new), _CHECKED):
        numbers = new[start : start + _CHECKED]
        texts = [one.embedding_texts for one in tables.texts(material.documents, tables.passages[numbers])]
        _check_window(material, numbers, encoder.fit([passage for passage, *_ in texts]), encoder.settings.max_tokens)
        for number, (passage, *sentences) in zip(numbers.tolist(), texts, strict=True):
            table.miss(number, [passage])
            table.miss(len(tables.passages) + int(tables.passages[number, 3]), sentences)
    table.miss(tables.rows, [*material.words])
    if previous is not None:
        _take_over(table, layout, previous)
    return table


def assemble(
    material: Material, table: Table, manifest: GenerationManifest, policy: Policy, encoder: OnnxEncoder
) -> PassageIndex:
    """The index of `material`, with a vector for everything in it."""
    documents, tables, words = material.documents, material.layout.tables, material.words
    rows = tables.rows
    return PassageIndex(
        manifest,
        policy,
        encoder,
        Vocabulary.build([*words], table.vectors[rows:], [*words.values()], sentences=len(tables.sentences)),
        documents,
        {document.id: number for number, document in enumerate(documents)},
        tables,
        StoredVectors.of(table.vectors[:rows], table.keys[:rows]),
        LexicalIndex.build(
            (texts.headings + texts.passage for texts in tables.texts(documents)), k1=policy.bm25_k1, b=policy.bm25_b
        ),
        HeadingIndex.build(texts.headings for texts in tables.texts(documents)),
        Abbreviations.of(document.text for document in documents),
    )


def _check_window(material: Material, passages: npt.NDArray[np.int64], fit: Sequence[bool], max_tokens: int) -> None:
    for (number, first, last, *_), fits in zip(material.layout.tables.passages[passages].tolist(), fit, strict=True):
        if not fits:
            raise IndexFolderError(
                f"{material.documents[number].id}, characters {first}-{last}: the passage exceeds the encoder's window "
                f"of {max_tokens} tokens; shorten its headings, or break up its longest word"
            )


def _take_over(table: Table, layout: Layout, previous: Previous) -> None:
    """Fills the rows that the generation before has: by their places, or else by what they stand for."""
    stored = StoredVectors.open(previous.generation)
    rows = np.flatnonzero(layout.taken >= 0)
    for start in range(0, len(rows), _COPIED):
        block = rows[start : start + _COPIED]
        table.vectors[block] = stored.stored[layout.taken[block]]
        table.keys[block] = stored.keys[layout.taken[block]]
    vocabulary = Vocabulary.open(previous.generation)
    table.fill(stored.keys, stored.stored)
    table.fill(text_keys([*vocabulary.numbers]), vocabulary.vectors)

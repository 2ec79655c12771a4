"""Checks an index to the last byte and range; opening one checks only what is quick."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from corpus.layout import ITEM_MARK
from corpus.model import Span
from corpus.store import load_corpus
from retrieval.generation import GenerationManifest, current_generation, generation_name, generation_of
from retrieval.index import PassageIndex

__all__ = ["verify_index"]


def verify_index(home: Path, *, corpus: Path | None = None) -> list[str]:
    """What is wrong with the index in `home`, a line each; nothing if every digest and range holds.

    Raises:
        IndexFolderError, CorpusError, EncoderError, PolicyError: if it can't even be opened.
    """
    root = corpus or Path(GenerationManifest.read(current_generation(home)).corpus)
    generation = generation_of(home, load_corpus(root).documents)
    manifest = GenerationManifest.read(generation)
    # What was changed is not opened: there is no telling what it does to the libraries that read it.
    if damaged := manifest.damaged_files(generation):
        return [f"{generation / name} was changed after it was built; run: insights build" for name in damaged]
    index = PassageIndex.open(home, corpus=root)
    found: list[str] = []
    name = generation_name(
        index.documents,
        encoder_sha256=manifest.encoder_sha256,
        reader_sha256=manifest.reader_sha256,
        max_tokens=manifest.max_tokens,
        policy=index.policy.to_text(),
    )
    if name != manifest.name:
        found.append(f"{generation}: found the name {manifest.name}, wanted {name} for what it holds; build it again")
    rows, wanted = index.vectors.index.ntotal, len(index) + len(index.tables.sentences)
    if rows != wanted:
        found.append(f"{generation} holds {rows} vectors, wanted {wanted}: one a passage and one a sentence")
    return [*found, *_wrong_ranges(index)]


def _wrong_ranges(index: PassageIndex) -> Iterator[str]:
    for number in range(len(index)):
        try:
            passage = index.passage(number)
        except (ValueError, IndexError) as error:
            yield f"passage {number}: {error}"
            continue
        sentences = passage.sentences
        if (passage.span.start, passage.span.end) != (sentences[0].start, sentences[-1].end):
            yield f"passage {number}, {_place(passage.span)}: it doesn't begin and end with its sentences"
        if not all(_adjoin(sentence, following) for sentence, following in pairwise(sentences)):
            yield f"passage {number}, {_place(passage.span)}: its sentences overlap, or leave something out"


def _place(span: Span) -> str:
    """Where a range stands, for whoever looks it up in the document or its original."""
    place = span.document.place_at(span.start)
    page = f"page {place.page}, " if place and place.page else ""
    return f"{span.document.id} ({page}characters {span.start}-{span.end})"


def _adjoin(sentence: Span, following: Span) -> bool:
    """Whether only white space and the mark of a list item lie between the two."""
    text = sentence.document.text
    start = sentence.end
    while start < following.start and text[start].isspace():
        start += 1
    mark = ITEM_MARK.match(text, start)
    return following.start in {start, mark.end() if mark else start}

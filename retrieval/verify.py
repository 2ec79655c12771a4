"""Checks an index to the last byte and range; opening one checks only what is quick."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from retrieval.generation import current_generation
from retrieval.index import PassageIndex

__all__ = ["verify_index"]


def verify_index(home: Path, *, corpus: Path | None = None) -> list[str]:
    """What is wrong with the index in `home`, a line each; nothing if every digest and range holds.

    Raises:
        IndexFolderError, CorpusError, EncoderError, PolicyError: if it can't even be opened.
    """
    generation = current_generation(home)
    index = PassageIndex.open(home, corpus=corpus)
    found = [f"{generation / name} was changed after it was built" for name in index.manifest.damaged_files(generation)]
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
        if not all(passage.span.covers(sentence) for sentence in sentences):
            yield f"passage {number}: a sentence lies outside it"
        if any(sentence.end > following.start for sentence, following in pairwise(sentences)):
            yield f"passage {number}: its sentences overlap"

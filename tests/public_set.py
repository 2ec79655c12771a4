"""A public set about Vantor in BEIR's layout, small enough to reckon with by hand."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from evals.collection import IndexCache, read_corpus
from retrieval.index import PassageIndex
from tests.fiction import write
from tests.workshop import POLICY

__all__ = ["DOCUMENTS", "PublicSet", "quiet", "shared_cache"]

# By BM25 the third is first for "lanterns", the shorter of the two with one of them second; and first for "grow".
DOCUMENTS = {
    "reeds": ("Silver reeds", "Silver reeds grow a hand's breadth in a season."),
    "moths": ("Glimmer moths", "Glimmer moths rest on the reeds near two lanterns."),
    "lanterns": ("Lanterns", "Lanterns grow dim, grow cold and grow old. Lanterns rest on stones."),
    "bells": ("Bells and lanterns", "Nine bells ring."),
}


def shared_cache(factory: pytest.TempPathFactory) -> Path:
    """The cache where the set's index is built once for all tests."""
    return factory.getbasetemp() / "public-cache"


def quiet(*_: object) -> None:
    """Shows no progress."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """The files of a set and the cache of its index."""

    corpus: Path
    queries: Path
    qrels: Path
    cache: Path

    @classmethod
    def of(
        cls, folder: Path, cache: Path, queries: Iterable[Mapping[str, Any]], judgments: Iterable[str]
    ) -> "PublicSet":
        """Writes the set into `folder`; judgments are "query document grade"."""
        documents = [{"id": key, "title": title, "text": text} for key, (title, text) in DOCUMENTS.items()]
        rows = [line.replace(" ", "\t") for line in judgments]
        return cls(
            _lines(folder / "corpus.jsonl", map(json.dumps, documents)),
            _lines(folder / "queries.jsonl", map(json.dumps, queries)),
            _lines(folder / "qrels.tsv", rows),
            cache,
        )

    @property
    def options(self) -> list[str | Path]:
        """The options of a command that name the set."""
        options = {"--corpus": self.corpus, "--queries": self.queries, "--qrels": self.qrels, "--cache": self.cache}
        return [part for pair in options.items() for part in pair]

    def index(self, encoder: str) -> PassageIndex:
        """The index of the corpus."""
        return IndexCache(self.cache, encoder, POLICY).index(read_corpus(self.corpus), quiet)


def _lines(path: Path, lines: Iterable[str]) -> Path:
    return write(path, "".join(f"{line}\n" for line in lines))

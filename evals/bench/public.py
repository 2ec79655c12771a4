"""Warm answers over an index of a public corpus, measured from inside a fresh process."""

import math
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evals.beir import read_queries
from evals.bench.process import run_task, serve
from evals.bench.stages import Stage
from evals.bench.worker import Level, Question, measure_alone, shuffled
from evals.collection import IndexCache, read_corpus
from evals.progress import Progress
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from retrieval.language import load_identifier

__all__ = ["PublicAnswers", "PublicSet", "build_public", "measure_public"]

_MOST_QUERIES = 500


@dataclass(frozen=True, slots=True)
class PublicSet:
    """The files of a corpus and of its queries, in BEIR's layout."""

    corpus: Path
    queries: Path

    @property
    def settings(self) -> dict[str, str]:
        """What a fresh process is told of it."""
        return {"corpus": str(self.corpus), "queries": str(self.queries)}


@dataclass(frozen=True, slots=True)
class PublicAnswers:
    """Answers to the queries of a public set over its own corpus, to one asker; `corpus` and `queries` name the files.

    Each of the queries is asked once; of more than 500 a sample of so many. `of_queries` is how many the file has.
    """

    corpus: str
    queries: str
    of_queries: int
    documents: int
    passages: int
    rows: int
    alone: Level
    stages: tuple[Stage, ...]


def build_public(public: PublicSet, kept: Mapping[str, str], progress: Progress) -> None:
    """Builds the index of a public set, in a fresh process, if it isn't in the cache already.

    `kept` has the folders "cache", and "like" and "like_corpus": the index whose encoder and policy it gets.

    Raises:
        DataError: if a file is bad, or something is missing or broken.
    """
    run_task("evals.bench.public", "index", {**public.settings, **kept}, _named(progress))


def measure_public(public: PublicSet, kept: Mapping[str, str], progress: Progress) -> PublicAnswers:
    """Asks a public set its queries in a fresh process; `kept` and the errors are those of `build_public`."""
    answered = run_task("evals.bench.public", "answers", {**public.settings, **kept}, _named(progress))
    alone, stages = Level(**answered.pop("alone")), tuple(Stage(**stage) for stage in answered.pop("stages"))
    return PublicAnswers(public.corpus.name, public.queries.name, **answered, alone=alone, stages=stages)


def _named(progress: Progress) -> Progress:
    return lambda what, done, total: progress(f"public: {what}", done, total)


def _index(settings: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Builds the index, if it isn't kept already; bad files are told here."""
    _queries(settings)
    _opened(settings, progress)
    return {}


def _answers(settings: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Answers to the queries, each asked once."""
    queries = _queries(settings)
    asked = shuffled(queries)[:_MOST_QUERIES]
    index = _opened(settings, progress)
    responder = Responder.over(index)
    load_identifier()  # as the server does at its start
    alone, stages = measure_alone(
        responder.answer, asked, most_questions=len(asked), most_seconds=math.inf, progress=progress
    )
    return {
        "of_queries": len(queries),
        "documents": len(index.documents),
        "passages": len(index),
        "rows": index.vectors.index.ntotal,
        "alone": asdict(alone),
        "stages": [asdict(stage) for stage in stages],
    }


def _queries(settings: Mapping[str, Any]) -> list[Question]:
    return [Question(query.text, query.history) for query in read_queries(Path(settings["queries"]))]


def _opened(settings: Mapping[str, Any], progress: Progress) -> PassageIndex:
    """The index of the public corpus, with the encoder and the policy of the index in `like`."""
    like = PassageIndex.open(Path(settings["like"]), corpus=Path(settings["like_corpus"]))
    cache = IndexCache(Path(settings["cache"]), like.encoder.settings.name, like.policy)
    progress("reading the corpus", 0, 0)
    return cache.index(read_corpus(Path(settings["corpus"])), progress)


if __name__ == "__main__":
    serve({"index": _index, "answers": _answers}, sys.argv[1:])

"""Measures a build from nothing, from inside a fresh process."""

import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.store import load_corpus
from evals.bench.process import serve
from evals.progress import Progress
from ingest.build import build
from ingest.encoder import SentenceTransformerEncoder
from retrieval.index import PassageIndex

__all__ = ["BuildCost"]


@dataclass(frozen=True, slots=True)
class BuildCost:
    """What a build from nothing took, on which day.

    `seconds` are its parts together: `prepare_s` (cutting passages, exporting the question encoder), `encode_s` and
    `store_s` (BM25, writing, syncing). Before them, and not among them, `encoder_load_s` were spent on loading torch
    and the encoder. `texts` were encoded: passages, sentences and words, each text once.
    """

    seconds: float
    encoder_load_s: float
    prepare_s: float
    encode_s: float
    store_s: float
    texts: int
    texts_per_second: float
    passages_per_second: float
    built_on: str


def _build(settings: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Builds the index in a folder that holds none, with the encoder and the policy of the index in `like`."""
    corpus = load_corpus(Path(settings["corpus"]))
    like = PassageIndex.open(Path(settings["like"]), corpus=Path(settings["like_corpus"]))
    encoder, marks = like.encoder.settings.name, [time.perf_counter()]
    progress("loading the encoder", 0, 0)
    SentenceTransformerEncoder.open(encoder)
    began = time.perf_counter()

    def encoded(done: int, total: int) -> None:
        if done in {0, total}:
            marks.append(time.perf_counter())
        progress("encoding", done, total)

    built = build(corpus, Path(settings["index"]), like.policy, encoder=encoder, progress=encoded)
    ended = time.perf_counter()
    opened, first, last = marks[0], marks[1], marks[-1]
    cost = BuildCost(
        seconds=round(ended - began, 3),
        encoder_load_s=round(began - opened, 3),
        prepare_s=round(first - began, 3),
        encode_s=round(last - first, 3),
        store_s=round(ended - last, 3),
        texts=built.encoded,
        texts_per_second=round(built.encoded / (last - first), 2),
        passages_per_second=round(built.passages / (ended - began), 2),
        built_on=date.today().isoformat(),
    )
    return asdict(cost)


if __name__ == "__main__":
    serve({"build": _build}, sys.argv[1:])

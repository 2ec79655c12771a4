"""Measures a build, from inside a fresh process."""

import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.store import load_corpus
from evals.bench.machine import peak_bytes
from evals.bench.process import serve
from evals.progress import Progress
from ingest.build import build
from ingest.encoder import SentenceTransformerEncoder
from retrieval.index import PassageIndex
from retrieval.policy import default_policy

__all__ = ["BuildCost", "UpdateCost"]

_MIB = 2**20


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


@dataclass(frozen=True, slots=True)
class UpdateCost:
    """What it took to load a corpus and bring its index up to date: `cpu_s` of all processors, imports too."""

    seconds: float
    cpu_s: float
    peak_mib: float
    passages: int
    encoded: int


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


def _update(settings: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Brings the index up to date that `build` keeps in the folder."""
    began = time.perf_counter()
    built = build(
        load_corpus(Path(settings["corpus"])),
        Path(settings["index"]),
        default_policy(),
        encoder=settings["encoder"],
        progress=lambda done, total: progress("encoding", done, total),
    )
    cost = UpdateCost(
        seconds=round(time.perf_counter() - began, 2),
        cpu_s=round(time.process_time(), 2),
        peak_mib=round(peak_bytes() / _MIB, 1),
        passages=built.passages,
        encoded=built.encoded,
    )
    return asdict(cost)


if __name__ == "__main__":
    serve({"build": _build, "update": _update}, sys.argv[1:])

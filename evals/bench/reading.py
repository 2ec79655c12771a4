"""How long the trained network takes over eight passages of full length.

    python -m evals.bench.reading --corpus medquad/corpus.jsonl.gz

The passages are those nearest to 160 tokens, as the index counts them, among the first thousand documents of the file.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.model import Passage
from evals.collection import read_corpus
from evals.jsonl import DataError
from ingest.build import MAX_TOKENS
from ingest.chunk import split
from ingest.tokens import count_tokens
from retrieval.reader_network import NetworkError, shipped_network

__all__ = ["full_passages", "main", "reading_ms"]

_PASSAGES, _DOCUMENTS, _TIMES = 8, 1000, 50
_QUESTION = "How is this condition treated, and how long does it take?"


def full_passages(corpus: Path) -> list[Passage]:
    """The eight passages nearest to the most tokens that a passage has."""
    documents = islice(read_corpus(corpus), _DOCUMENTS)
    found = [p for document in documents for p in split(document, count_tokens, max_tokens=MAX_TOKENS)]
    return sorted(found, key=lambda passage: abs(MAX_TOKENS - count_tokens(passage.span.text)))[:_PASSAGES]


def reading_ms(passages: Sequence[Passage], *, times: int) -> list[float]:
    """Milliseconds of each of `times` readings, after some that don't count."""
    network = shipped_network()
    taken = []
    for _ in range(times + 3):
        began = time.perf_counter()
        network.read(_QUESTION, passages)
        taken.append(1000 * (time.perf_counter() - began))
    return taken[3:]


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the median and the 95th percentile as a JSON object."""
    parser = argparse.ArgumentParser(description="Time the reader's network over eight passages of full length.")
    parser.add_argument("--corpus", type=Path, required=True, help='texts: {"id", "title", "text"} a line')
    given = parser.parse_args(arguments)
    try:
        passages = full_passages(given.corpus)
        taken = reading_ms(passages, times=_TIMES)
    except (DataError, NetworkError) as error:
        parser.exit(2, f"evals.bench.reading: {error}\n")
    p50, p95 = np.quantile(taken, [0.5, 0.95]).round(1).tolist()
    tokens = [count_tokens(passage.span.text) for passage in passages]
    sys.stdout.write(json.dumps({"passage_tokens": tokens, "p50_ms": p50, "p95_ms": p95}) + "\n")


if __name__ == "__main__":
    main()

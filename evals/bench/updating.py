"""Measures how long an index takes to build, to find up to date, and to bring up to date when documents have changed.

    python -m evals.bench.updating --corpus FILE

Let nothing else run meanwhile. The corpus is one in BEIR's layout; what is built is thrown away.
"""

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.model import Document
from corpus.store import digest
from evals.bench.build import UpdateCost
from evals.bench.process import run_task
from evals.collection import read_corpus
from evals.jsonl import DataError
from evals.progress import Progress
from ingest.encoder import DEFAULT_ENCODER
from ingest.publish import publish, writing

__all__ = ["Updating", "measure_updating"]

_WORKER = "evals.bench.build"


@dataclass(frozen=True, slots=True)
class Updating:
    """What it costs to build from nothing, with nothing changed, and with `documents` changed."""

    first: UpdateCost
    unchanged: UpdateCost
    changed: UpdateCost
    documents: int

    def lines(self) -> list[str]:
        """A table: a line each, headed by what was measured."""
        named = {"first": self.first, "unchanged": self.unchanged, f"{self.documents} changed": self.changed}
        head = f"{'build':<14}{'s':>9}{'CPU s':>9}{'peak MiB':>10}{'passages':>10}{'encoded':>9}{'texts/s':>9}"
        return [head, *(_line(name, cost) for name, cost in named.items())]


def measure_updating(
    corpus: Path, scratch: Path, progress: Progress, *, documents: int = 10, encoder: str = DEFAULT_ENCODER
) -> Updating:
    """Builds the index of a corpus in BEIR's layout three times in `scratch`, each in a fresh process.

    Raises:
        DataError: if the corpus can't be read, or its index can't be built.
    """
    root = scratch / "corpus"
    before = {f"document-{number}": one for number, one in enumerate(read_corpus(corpus), start=1)}
    before = {name: replace(one, id=name) for name, one in before.items()}
    settings = {"corpus": str(root), "index": str(scratch / "index"), "encoder": encoder}

    def update() -> UpdateCost:
        return UpdateCost(**run_task(_WORKER, "update", settings, progress))

    _publish(root, {}, before)
    first, unchanged = update(), update()
    names = [*before][:: max(1, len(before) // documents)][:documents]
    _publish(root, before, before | {name: _changed(before[name]) for name in names})
    return Updating(first, unchanged, update(), len(names))


def _publish(root: Path, before: Mapping[str, Document], after: Mapping[str, Document]) -> None:
    with writing(root):
        publish(root, before, after)


def _changed(document: Document) -> Document:
    text = f"{document.text}\n\nThis document was changed to measure how long that takes."
    return replace(document, text=text, sha256=digest(text))


def _line(name: str, cost: UpdateCost) -> str:
    speed = cost.encoded / cost.seconds
    counts = f"{cost.passages:>10}{cost.encoded:>9}{speed:>9.0f}"
    return f"{name:<14}{cost.seconds:>9.1f}{cost.cpu_s:>9.1f}{cost.peak_mib:>10.0f}{counts}"


def _told(write: Callable[[str], object]) -> Progress:
    shown = -1

    def tell(what: str, done: int, total: int) -> None:
        nonlocal shown
        if total and (percent := 100 * done // total) != shown:
            shown = percent
            write(f"\r{what}: {percent} %")

    return tell


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m evals.bench.updating", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help='{"id", "title", "text"} a line')
    parser.add_argument("--changed", type=int, default=10, help="how many documents are changed (10)")
    arguments = parser.parse_args()
    try:
        with TemporaryDirectory() as scratch:
            found = measure_updating(
                arguments.corpus, Path(scratch), _told(sys.stderr.write), documents=arguments.changed
            )
    except DataError as error:
        sys.exit(f"updating: {error}")
    sys.stdout.write("\n".join(["", *found.lines(), ""]))


if __name__ == "__main__":
    main()

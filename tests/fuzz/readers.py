"""Feeds a reader with broken files, guided by what of its code they reach.

Run it so: python -m tests.fuzz.readers docx --seconds 600

An input that makes it raise anything but an IngestError, breaks what must hold, takes more than 10 s or more than 2 GB
is a finding: it is written into a file of the findings' folder, and the run ends with an error.
"""

import argparse
import random
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["docx", "ingest", "markdown_it", "tests.fuzz.holds"]):
    from tests.fuzz.holds import CHECKS
    from tests.fuzz.mutate import mutated
    from tests.fuzz.seeds import SEEDS

    # Readers are loaded when they are first used, which is too late to be watched.
    for reader in ("docx", "epub", "html", "markdown", "pdf", "text"):
        if find_spec(f"ingest.readers.{reader}") is not None:
            import_module(f"ingest.readers.{reader}")

_LONGEST_S = 10
_MOST_MB = 2048
_MOST_BYTES = 60_000


def main() -> None:
    """Runs until the time is over or something is found."""
    parser = argparse.ArgumentParser(description="Fuzzes a reader.")
    parser.add_argument("format", choices=sorted(CHECKS))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="a folder of inputs to begin from and to add to")
    parser.add_argument("--findings", type=Path, default=Path("findings"))
    chosen = parser.parse_args()
    folder = chosen.corpus or Path(tempfile.mkdtemp(prefix=f"fuzz-{chosen.format}-"))
    folder.mkdir(parents=True, exist_ok=True)
    chosen.findings.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(SEEDS[chosen.format]()):
        (folder / f"seed-{number}").write_bytes(data)
    options = [
        f"-max_total_time={chosen.seconds}",
        f"-timeout={_LONGEST_S}",
        f"-rss_limit_mb={_MOST_MB}",
        f"-max_len={_MOST_BYTES}",
        f"-artifact_prefix={chosen.findings / chosen.format}-",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], CHECKS[chosen.format], custom_mutator=_changed)
    atheris.Fuzz()


def _changed(data: bytes, most_bytes: int, seed: int) -> bytes:
    chance = random.Random(seed)
    if chance.random() < 0.3:
        return bytes(atheris.Mutate(data, most_bytes))
    return mutated(data, chance)[:most_bytes]


if __name__ == "__main__":
    main()

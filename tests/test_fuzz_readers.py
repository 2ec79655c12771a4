"""A few hundred broken files a format, the same on every run; `python -m tests.fuzz.readers` looks for more."""

import random
from importlib.util import find_spec

import pytest

from tests.fuzz.holds import CHECKS
from tests.fuzz.mutate import mutated
from tests.fuzz.seeds import SEEDS

MUTATIONS = 80
WITHOUT_READER = {name for name in ("epub", "html", "pdf") if find_spec(f"ingest.readers.{name}") is None}


@pytest.mark.parametrize("kind", sorted(set(CHECKS) - WITHOUT_READER))
def test_a_broken_file_is_read_soundly_or_refused_in_one_line(kind: str) -> None:
    chance = random.Random(kind)
    for seed in SEEDS[kind]():
        CHECKS[kind](seed)
        for _ in range(MUTATIONS):
            data = mutated(seed, chance)
            for _ in range(chance.randrange(3)):
                data = mutated(data, chance)
            CHECKS[kind](data)

"""The benchmark of updates builds three times and says what each took."""

import json
from pathlib import Path

import pytest

from evals.bench.updating import measure_updating
from evals.jsonl import DataError


@pytest.mark.slow
def test_a_first_build_one_of_nothing_and_one_of_two_documents(tmp_path: Path, tiny_encoder: str) -> None:
    corpus = tmp_path / "corpus.jsonl"
    texts = [f"Keepers counted {number} bells. Reeds hum." for number in range(6)]
    lines = [json.dumps({"id": str(n), "title": f"Bells {n}", "text": text}) for n, text in enumerate(texts)]
    corpus.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = measure_updating(corpus, tmp_path / "scratch", lambda *_: None, documents=2, encoder=tiny_encoder)
    assert (found.first.passages, found.unchanged.passages, found.changed.passages) == (6, 6, 6)
    # The words that are new, and of each of two documents its passage and the sentence that was added.
    assert (found.unchanged.encoded, found.changed.encoded > 4) == (0, True)
    assert found.first.encoded > found.changed.encoded
    assert min(found.first.seconds, found.changed.cpu_s, found.unchanged.peak_mib) > 0
    assert [line.split()[0] for line in found.lines()] == ["build", "first", "unchanged", "2"]


def test_a_corpus_that_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"missing\.jsonl"):
        measure_updating(tmp_path / "missing.jsonl", tmp_path / "scratch", lambda *_: None)

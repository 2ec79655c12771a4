"""Sampled corpora have exactly the passages wanted, always the same ones."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Passage
from corpus.store import load_corpus
from evals.bench.corpus import SampledCorpus, sampled_corpora
from evals.jsonl import DataError
from ingest.build import MAX_TOKENS
from ingest.chunk import split
from ingest.tokens import count_tokens
from tests.fiction import write

SENTENCES = [f"Moth {number} of Vantor rests on reed {number * 7}." for number in range(240)]


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in BEIR's layout: 12 documents of 20 sentences, the first sentence of each twice."""
    lines = [
        json.dumps({"id": str(start), "title": "Moths", "text": " ".join([*part, part[0]])})
        for start in range(0, len(SENTENCES), 20)
        if (part := SENTENCES[start : start + 20])
    ]
    return write(tmp_path_factory.mktemp("beir") / "corpus.jsonl", "\n".join(lines) + "\n")


def passages_of(sampled: SampledCorpus) -> list[Passage]:
    documents = load_corpus(sampled.corpus).documents.values()
    return [passage for document in documents for passage in split(document, count_tokens, max_tokens=MAX_TOKENS)]


def texts_of(sampled: SampledCorpus) -> list[str]:
    return [passage.span.text for passage in passages_of(sampled)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(st.integers(1, 240))
def test_a_sampled_corpus_has_exactly_the_passages_wanted_each_one_distinct_sentence_under_its_number(
    tmp_path: Path, source: Path, size: int
) -> None:
    (sampled,) = sampled_corpora(source, [size], tmp_path, silent)
    passages = passages_of(sampled)
    texts = [passage.span.text for passage in passages]
    assert (len(texts), sampled.passages, sampled.distinct_sentences) == (size, size, size)
    assert len({*texts}) == size
    assert {*texts} <= {*SENTENCES}
    assert all(passage.sentences == (passage.span,) for passage in passages)
    numbers = [[heading.text for heading in passage.headings] for passage in passages]
    assert numbers == [[str(number % 100 + 1)] for number in range(size)]


def test_a_small_sample_is_the_beginning_of_a_large_one_and_the_same_in_any_cache(tmp_path: Path, source: Path) -> None:
    small, large = sampled_corpora(source, [30, 120], tmp_path / "one", silent)
    (again,) = sampled_corpora(source, [120], tmp_path / "two", silent)
    assert texts_of(large)[:30] == texts_of(small)
    assert texts_of(large) == texts_of(again)
    assert texts_of(large) != SENTENCES[:120]


def test_sentences_that_are_used_up_are_repeated_and_counted_once(tmp_path: Path, source: Path) -> None:
    (sampled,) = sampled_corpora(source, [500], tmp_path, silent)
    texts = texts_of(sampled)
    assert (len(texts), sampled.distinct_sentences) == (500, 240)
    assert texts[:240] == texts[240:480]
    assert texts[480:] == texts[:20]


def test_what_makes_no_passage_of_one_sentence_is_not_sampled(tmp_path: Path) -> None:
    long = f"Moths {'hum and ' * 120}rest."
    text = f"- A bell hangs there.\n\n{long}\n\nMoths hum at night."
    path = write(tmp_path / "corpus.jsonl", json.dumps({"id": "1", "text": text}))
    (sampled,) = sampled_corpora(path, [2], tmp_path / "cache", silent)
    assert {*texts_of(sampled)} == {"A bell hangs there.", "Moths hum at night."}
    only_long = write(tmp_path / "long.jsonl", json.dumps({"id": "1", "text": long}))
    with pytest.raises(DataError) as error:
        sampled_corpora(only_long, [2], tmp_path / "cache", silent)
    assert str(error.value) == f"{only_long}: found no sentence that makes a passage; name another corpus"


def test_a_sample_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        sampled_corpora(tmp_path / "none.jsonl", [2], tmp_path / "cache", silent)
    assert str(error.value).startswith(f"{tmp_path / 'none.jsonl'} can't be read (")
    assert str(error.value).endswith("; name a corpus of JSON lines")


def test_a_cached_corpus_is_taken_as_it_is_and_another_file_makes_another(tmp_path: Path, source: Path) -> None:
    (first,) = sampled_corpora(source, [10], tmp_path, silent)
    write(first.corpus / "mark", "")
    assert sampled_corpora(source, [10], tmp_path, silent) == [first]
    assert (first.corpus / "mark").exists()
    other = write(tmp_path / "other.jsonl", source.read_text(encoding="utf-8").replace("Moth", "Bell"))
    assert sampled_corpora(other, [10], tmp_path, silent) != [first]


def test_stopped_between_two_samples_it_leaves_the_first_one_whole_and_nothing_else(
    tmp_path: Path, source: Path
) -> None:
    def stop(what: str, *_: int) -> None:
        if what == "writing 20 passages":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sampled_corpora(source, [10, 20], tmp_path, stop)
    (left,) = tmp_path.iterdir()
    (first, second) = sampled_corpora(source, [10, 20], tmp_path, silent)
    assert left == first.folder
    assert (len(texts_of(first)), len(texts_of(second))) == (10, 20)

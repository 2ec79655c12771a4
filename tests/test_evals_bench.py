"""The whole benchmark, with an encoder that is tiny: what it measures, what it keeps, what it refuses."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.bench.corpus import SampledCorpus, sampled_corpora
from evals.bench.public import PublicSet
from evals.bench.run import Method, Place, Range, bench
from evals.bench.stages import STAGES
from evals.jsonl import DataError
from retrieval.index import PassageIndex
from tests.commands import PROGRAM
from tests.fiction import MOTHS, REEDS, write
from tests.workshop import Workshop


def silent(*_: object) -> None:
    """Progress that nobody looks at."""


@pytest.fixture(scope="module")
def moths(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: str) -> Workshop:
    """The corpus about Vantor and its index with a tiny encoder, to be read only."""
    folder = tmp_path_factory.mktemp("moths")
    workshop = Workshop(folder / "corpus", folder / "index", tiny_encoder)
    workshop.vet("moths", MOTHS)
    workshop.vet("reeds", REEDS)
    workshop.build()
    return workshop


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus in BEIR's layout, of 130 sentences."""
    text = " ".join(f"Moth {number} of Vantor rests on reed {number * 7}." for number in range(130))
    return write(tmp_path_factory.mktemp("beir") / "corpus.jsonl", json.dumps({"id": "1", "text": text}))


def test_the_range_is_the_median_with_the_lowest_and_the_highest() -> None:
    assert Range.of([3.0, 1.0, 2.00049, 9.0, 1.5]) == Range(2.0, 1.0, 9.0)
    assert Range.of([1.0, 2.0]) == Range(1.5, 1.0, 2.0)


def kinds(value: object) -> object:
    """The value with each number, text and flag replaced by the name of its type, for its shape to be compared."""
    if isinstance(value, dict):
        return {key: kinds(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [kinds(inner) for inner in value]
    return type(value).__name__


SPREAD = {"median": "float", "lowest": "float", "highest": "float"}
LEVEL = {
    "askers": "int",
    "questions": "int",
    "p50_ms": "float",
    "p95_ms": "float",
    "per_second": "float",
    "errors": "int",
    "first_error": "NoneType",
}
COSTS = {
    "name": "str",
    "documents": "int",
    "passages": "int",
    "rows": "int",
    "distinct_sentences": "NoneType",
    "index_bytes": "int",
    "encoder_bytes": "int",
    "bytes_per_passage": "float",
    "build": {
        "seconds": "float",
        "encoder_load_s": "float",
        "prepare_s": "float",
        "encode_s": "float",
        "store_s": "float",
        "texts": "int",
        "texts_per_second": "float",
        "passages_per_second": "float",
        "built_on": "str",
    },
    "cold_start_s": {"ask": SPREAD, "open": SPREAD},
    "memory_mib": {"idle": "float", "peak": "float"},
    "askers": [LEVEL, LEVEL],
    "stages": [{"name": "str", "mean_ms": "float", "p50_ms": "float", "p95_ms": "float", "share": "float"}] * 7,
}


def method(folder: Path) -> Method:
    """A short one, with all that it keeps and asks in `folder`."""
    questions = write(folder / "questions.jsonl", '{"question": "How long do moths shine?"}\n{"question": "-- who?"}\n')
    program = tuple(PROGRAM)
    return Method(program, questions, folder / "cache", most_seconds=5, most_questions=12, starts=2, askers=(3,))


@pytest.mark.benchmark
def test_the_result_has_whole_values_of_the_right_kind_and_the_build_of_a_sample_is_kept(
    moths: Workshop, source: Path, tmp_path: Path
) -> None:
    given, how = Place("given", moths.corpus, moths.home), method(tmp_path)
    (sample,) = sampled_corpora(source, [120], how.cache, silent)
    result = bench(given, [sample], None, how, silent)
    record = json.loads(json.dumps(result.to_json()))
    limits = ["most_questions", "most_seconds"]
    assert list(record) == ["version", "machine", "busy_percent", "starts", *limits, "corpora", "public"]
    assert (record["version"], record["public"]) == (1, None)
    _check(record["corpora"][0], record["corpora"][1], moths, sample)
    assert list(how.cache.iterdir()) == [sample.folder]
    kept = (sample.folder / "build.json").read_bytes()
    generation = PassageIndex.open(sample.index, corpus=sample.corpus)

    wrong = replace(sample, passages=121)
    with pytest.raises(DataError) as error:
        bench(given, [wrong], None, how, silent)
    assert str(error.value) == (
        f"{sample.corpus}: found 120 passages, wanted 121; remove {sample.folder}, and if that doesn't help sample "
        "another corpus"
    )
    assert (sample.folder / "build.json").read_bytes() == kept
    assert PassageIndex.open(sample.index, corpus=sample.corpus).manifest == generation.manifest


def _check(own: dict[str, Any], sampled: dict[str, Any], moths: Workshop, sample: SampledCorpus) -> None:
    """Checks the results of the given corpus and of a sampled one."""
    assert kinds(own) == COSTS
    assert kinds(sampled) == COSTS | {"distinct_sentences": "int"}
    index, built = moths.open(), PassageIndex.open(sample.index, corpus=sample.corpus)
    assert (own["name"], own["documents"], own["passages"]) == ("given", 2, len(index))
    assert [sampled[key] for key in ("name", "documents", "passages", "rows")] == ["sample of 120", 2, 120, 240]
    assert sampled["distinct_sentences"] == 120
    assert own["index_bytes"] == sum(path.stat().st_size for path in moths.generation.rglob("*") if path.is_file())
    assert 0 < own["encoder_bytes"] < own["index_bytes"]
    assert [level["askers"] for level in sampled["askers"]] == [1, 3]
    assert all(level["questions"] == 12 for level in own["askers"] + sampled["askers"])
    assert sum(stage["share"] for stage in sampled["stages"]) == pytest.approx(1, abs=1e-3)
    assert 0 < sampled["memory_mib"]["idle"] <= sampled["memory_mib"]["peak"]
    for cold in (own["cold_start_s"], sampled["cold_start_s"]):
        assert cold["open"]["lowest"] < cold["ask"]["lowest"] <= cold["ask"]["median"] <= cold["ask"]["highest"]
    build = sampled["build"]
    assert build["prepare_s"] + build["encode_s"] + build["store_s"] == pytest.approx(build["seconds"], abs=0.01)
    assert built.manifest.encoder_sha256 == index.manifest.encoder_sha256
    assert built.policy == index.policy
    # A passage and its sentence are one text; the rest are words.
    assert build["texts"] == len(
        {passage.embedding_text for passage in map(built.passage, range(120))} | {*built.vocabulary.numbers}
    )


@pytest.mark.benchmark
def test_the_queries_of_a_public_set_are_asked_once_each_over_its_own_index_which_is_kept(
    moths: Workshop, source: Path, tmp_path: Path
) -> None:
    lines = [json.dumps({"id": str(number), "text": f"On which reed does moth {number} rest?"}) for number in range(7)]
    public = PublicSet(source, write(tmp_path / "queries.jsonl", "\n".join(lines)))
    given, how = Place("given", moths.corpus, moths.home), method(tmp_path)
    answered = bench(given, [], public, how, silent).public
    assert answered is not None
    assert (answered.corpus, answered.queries, answered.of_queries) == ("corpus.jsonl", "queries.jsonl", 7)
    assert (answered.documents, answered.passages < answered.rows) == (1, True)
    assert (answered.alone.askers, answered.alone.questions, answered.alone.errors) == (1, 7, 0)
    assert [stage.name for stage in answered.stages] == [*STAGES]
    (kept,) = how.cache.iterdir()
    assert (kept / "CURRENT").exists()

    bad = write(tmp_path / "bad.jsonl", '{"id": "1"}\n')
    with pytest.raises(DataError) as error:
        bench(given, [], PublicSet(source, bad), how, silent)
    assert str(error.value).startswith(f"{bad}, line 1: found the keys ")

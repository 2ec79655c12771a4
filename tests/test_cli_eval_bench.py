"""`insights eval bench` as a user meets it."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.commands import insights
from tests.fiction import write
from tests.workshop import Workshop

QUESTIONS = '{"question": "hello"}\n{"question": "How long do glimmer moths shine?"}\n'
COUNTS = "wanted whole numbers from 1 to 1,000,000 with commas between; say: --passages 1000,10000"


@pytest.mark.parametrize("passages", ["abc", "0", "-1", "1,,2", "1.5", "1000001", "0000010000000", "", "१", "1e3"])
def test_a_number_of_passages_that_is_none_is_refused(
    passages: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = insights(capsys, "eval", "bench", "--sample", tmp_path / "corpus.jsonl", f"--passages={passages}")
    assert done.refusal == f"--passages: found {passages!r}, {COUNTS}"


def test_a_sample_and_its_numbers_of_passages_go_together(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for options in (["--passages", "10"], ["--sample", str(tmp_path / "corpus.jsonl")]):
        assert insights(capsys, "eval", "bench", *options).refusal == (
            "wanted --sample and --passages together; say: --sample CORPUS.jsonl.gz --passages 1000,10000"
        )


def test_a_public_corpus_and_its_queries_go_together(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    corpus = write(tmp_path / "corpus.jsonl", "{}")
    for options in (["--corpus", str(corpus)], ["--queries", str(tmp_path / "queries.jsonl")]):
        assert insights(capsys, "eval", "bench", *options).refusal == (
            "wanted the file of a public corpus and --queries together; say: --corpus CORPUS.jsonl.gz --queries "
            "QUERIES.jsonl.gz"
        )
    queries = ["--queries", str(tmp_path / "queries.jsonl")]
    assert insights(capsys, "eval", "bench", "--corpus", tmp_path, *queries).refusal == (
        f"--corpus: found the folder {tmp_path}, wanted a file, since there are --queries; say where your own corpus "
        "lies with INSIGHTS_HOME"
    )


@pytest.mark.parametrize("seconds", ["0", "-3", "nan", "soon"])
def test_a_time_that_is_none_is_refused(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    refusal = insights(capsys, "eval", "bench", "--seconds", seconds).refusal
    assert refusal.startswith("Invalid value for '--seconds': ")


def test_bad_files_are_told_before_anything_is_measured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workshop: Workshop
) -> None:
    monkeypatch.setenv("INSIGHTS_HOME", str(workshop.corpus.parent))
    bad, none = write(tmp_path / "bad.jsonl", "[]\n"), tmp_path / "none"
    odd = write(tmp_path / "odd.jsonl", '{"question": "moths\\u0000"}\n')
    places = ["--corpus", str(workshop.corpus), "--index", str(workshop.home), "--cache", str(tmp_path / "cache")]
    for options, fault in {
        ("--questions", bad): f"{bad}, line 1: found list, wanted one object a line",
        ("--questions", none): f"{none} can't be read (",
        ("--questions", odd): f"{odd}: found no question in a line of text, wanted one to start the program with; add",
        ("--sample", bad, "--passages", "3"): f"{bad}, line 1: found list, wanted one object a line",
        ("--sample", none, "--passages", "3"): f"{none} can't be read (",
        ("--corpus", bad, "--queries", none): f"{none} can't be read (",
        ("--corpus", none, "--queries", odd): f"{odd}, line 1: found the keys ['meta', 'question'], wanted 'id'",
        ("--index", none): f"no index in {none} (No such file or directory); run: insights build",
        ("--corpus", none): f"no corpus in {none}: manifest.jsonl is missing; vet a document: insights ingest",
    }.items():
        assert insights(capsys, "eval", "bench", *places, *options).refusal.startswith(fault)


@pytest.mark.benchmark
def test_the_figures_are_shown_and_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, workshop: Workshop
) -> None:
    sample = write(tmp_path / "corpus.jsonl", json.dumps({"id": "1", "text": "Moths hum at night. Bells ring by day."}))
    done = insights(
        *(capsys, "eval", "bench", "--corpus", workshop.corpus, "--index", workshop.home),
        *("--questions", write(tmp_path / "questions.jsonl", QUESTIONS), "--cache", tmp_path / "cache"),
        *("--sample", sample, "--passages", "3", "--seconds", "0.1"),
        *("--out", tmp_path / "out", "--json", tmp_path / "more" / "bench.json"),
    )
    assert done.code == 0
    assert "there are 2 distinct sentences for its 3 passages; they are repeated" in done.err
    assert "passages built a second" in done.out
    assert "sample of 3" in done.out
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["bench.json", "bench.md", "bench.svg"]
    result = json.loads((tmp_path / "more" / "bench.json").read_text(encoding="utf-8"))
    assert result == json.loads((tmp_path / "out" / "bench.json").read_text(encoding="utf-8"))
    assert [corpus["name"] for corpus in result["corpora"]] == ["given", "sample of 3"]
    assert [level["askers"] for level in result["corpora"][0]["askers"]] == [1, 8, 32]


@pytest.mark.benchmark
def test_a_public_set_is_measured_besides_the_corpus_in_insights_home(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workshop: Workshop
) -> None:
    monkeypatch.setenv("INSIGHTS_HOME", str(workshop.corpus.parent))
    corpus = write(tmp_path / "public.jsonl", json.dumps({"id": "1", "text": "Moths hum at night. Bells ring by day."}))
    queries = write(tmp_path / "queries.jsonl", '{"id": "1", "text": "When do moths hum?"}\n')
    done = insights(
        *(capsys, "eval", "bench", "--corpus", corpus, "--queries", queries, "--cache", tmp_path / "cache"),
        *("--questions", write(tmp_path / "questions.jsonl", QUESTIONS), "--seconds", "0.1", "--out", tmp_path / "out"),
    )
    assert done.code == 0
    for stage in ("spelling", "rewriting", "encoding", "dense search", "words", "reading", "the rest"):
        assert f"{stage} " in done.out
    result = json.loads((tmp_path / "out" / "bench.json").read_text(encoding="utf-8"))
    assert [corpus["name"] for corpus in result["corpora"]] == ["given"]
    assert (result["public"]["corpus"], result["public"]["alone"]["questions"]) == ("public.jsonl", 1)
    assert "Public: the 1 documents of public.jsonl" in (tmp_path / "out" / "bench.md").read_text(encoding="utf-8")


@pytest.mark.benchmark
def test_questions_that_fail_are_counted_and_the_command_fails(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, workshop: Workshop
) -> None:
    # Of the same size as before, so that the index opens; but its sentences end where no document does.
    sentences = np.load(workshop.generation / "sentences.npy")
    sentences[:, 1] = 10**9
    np.save(workshop.generation / "sentences.npy", sentences)
    done = insights(
        *(capsys, "eval", "bench", "--corpus", workshop.corpus, "--index", workshop.home, "--json", "-"),
        *("--questions", write(tmp_path / "questions.jsonl", QUESTIONS), "--cache", tmp_path / "cache"),
        *("--seconds", "0.3"),
    )
    assert done.code == 1
    (given,) = json.loads(done.out)["corpora"]
    for level in given["askers"]:
        assert 0 < level["errors"] < level["questions"]  # greetings are answered without the index
        assert level["first_error"].startswith("ValueError: range ")
    (first, *_) = given["askers"]
    line = f"given, 1 at a time: {first['errors']} of {first['questions']} questions failed ({first['first_error']})"
    assert f"insights: {line}\n" in done.err

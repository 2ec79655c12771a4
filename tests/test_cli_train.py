"""insights train-reader: from files of rows to a reader that can be read with, and one clear line for what can't be."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Passage
from retrieval.reader_network import ReaderNetwork
from retrieval.training import recipe, rows
from tests.commands import insights
from tests.fiction import write
from tests.retrieval_fixtures import Block, Kind, laid

PASSAGE = "Glimmer moths hum. They rest by day. Reeds grow fast."


def record(number: int, *spans: list[int]) -> str:
    row: dict[str, Any] = {"id": f"moths-{number}", "question": f"When do moths {number} rest?", "title": "Moths"}
    return json.dumps(row | {"passage": PASSAGE, "answer_spans": list(spans)}) + "\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "train"
    folder.mkdir()
    lines = [record(number, *([[19, 36]] if number % 2 else [])) for number in range(6)]
    write(folder / "squad2.jsonl", "".join(lines))
    return folder


@pytest.mark.slow
def test_files_of_rows_become_a_reader(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "_LAYERS", 1)
    out = tmp_path / "reader"
    done = insights(capsys, "train-reader", "--data", data, "--out", out)
    assert (done.code, done.out.splitlines()[-1]) == (
        0,
        f"the reader is in {out}: reader.onnx, tokenizer.json, reader.json; its learning curve in log.jsonl",
    )
    assert "are left out: their texts come with --corpus" in done.err
    made = laid(Block(Kind.PARAGRAPH, ("Glimmer moths hum.", "They rest by day.")))
    (logits,) = ReaderNetwork.open(out).read("When do they rest?", [Passage(made.sentences[0], (), made.sentences)])
    assert len(logits.sentences) == 2
    first = (out / "reader.onnx").read_bytes()
    assert insights(capsys, "train-reader", "--data", data, "--out", out).code == 0
    assert (out / "reader.onnx").read_bytes() == first


@pytest.mark.slow
def test_own_questions_are_learnt_from_where_their_texts_are_at_hand(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipe, "_LAYERS", 1)
    question = {"question": "When do they rest?", "answers": [[0, 19, 36]]}
    topics = [
        {"topic": "Moths", "part": "train", "documents": [document], "questions": [question]}
        for document in ("moths-0", "elsewhere")
    ]
    own = write(tmp_path / "own.jsonl", "".join(f"{json.dumps(topic)}\n" for topic in topics))
    monkeypatch.setattr(rows, "_OWN", tmp_path)
    for name in ("topics.jsonl", "near_misses.jsonl"):
        own.with_name(name).write_bytes(own.read_bytes())
    corpus = write(tmp_path / "corpus.jsonl", '{"id": "other", "text": "Bells ring."}\n')
    done = insights(
        capsys, "train-reader", "--data", data, "--corpus", corpus, "--out", tmp_path / "out", "--minutes", "1"
    )
    assert (done.code, done.err) == (
        0,
        "the project's own questions on 1 topics are left out: their texts come with --corpus\n",
    )


def test_a_folder_without_rows_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = insights(capsys, "train-reader", "--data", tmp_path, "--out", tmp_path / "out")
    assert (done.code, done.err) == (
        2,
        f"insights: {tmp_path}: found no .jsonl or .jsonl.gz file, wanted the folder of the training rows\n",
    )


def test_a_broken_row_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "rows.jsonl", record(1) + '{"question": "q", "passage": 1}\n')
    done = insights(capsys, "train-reader", "--data", tmp_path, "--out", tmp_path / "out")
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith(f"insights: {path}, line 2: no training row")

"""insights train-reader and train-resolver: from files to a network, and one clear line for what can't be."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Passage
from evals.conversations import read_conversations
from retrieval.reader_network import ReaderNetwork
from retrieval.resolver import Resolver
from retrieval.training import recipe, resolver_recipe, rows
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


def conversation(**turn: str) -> str:
    turns = [{"question": "What are glimmer moths?"}, {"question": "how are they fed?"} | turn]
    return json.dumps({"turns": turns}) + "\n"


@pytest.mark.slow
def test_conversations_become_a_resolver(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rewritten = conversation(rewrite="how are glimmer moths fed?")
    monkeypatch.setattr(resolver_recipe, "_LAYERS", 1)
    monkeypatch.setattr(resolver_recipe, "OWN_CONVERSATIONS", write(tmp_path / "own.jsonl", rewritten))
    data = write(tmp_path / "data.jsonl", 20 * rewritten + conversation())
    out = tmp_path / "resolver"
    done = insights(capsys, "train-resolver", "--data", data, "--data", data, "--out", out)
    assert (done.code, done.out, done.err) == (
        0,
        f"the resolver is in {out}: resolver.onnx, tokenizer.json; follow-ups learnt from: 41; "
        "its learning curve in log.jsonl\n",
        "",
    )
    assert [pick.word.text for pick in Resolver.open(out).picks("why?", ["Do moths?"]).words] == ["moths"]
    started = insights(capsys, "train-resolver", "--out", tmp_path / "second", "--start", out / "first.pt")
    assert "follow-ups learnt from: 1;" in started.out


def test_weights_to_start_from_that_are_none_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = write(tmp_path / "start.pt", "moths")
    for path, fault in [(start, "UnpicklingError"), (tmp_path / "none.pt", "FileNotFoundError")]:
        done = insights(capsys, "train-resolver", "--out", tmp_path / "out", "--start", path)
        assert done.refusal == (
            f"{path}: found no weights of a trained reader ({fault}), wanted a STAGE.pt that insights train-reader "
            "left; name one, or leave --start out"
        )


@pytest.mark.parametrize("content", ["", "moths\n", '{"turns": 3}\n', conversation()])
def test_a_file_without_conversations_to_learn_from_is_refused(
    content: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "data.jsonl", content)
    refusal = insights(capsys, "train-resolver", "--data", path, "--out", tmp_path / "out").refusal
    assert refusal.startswith(str(path))
    assert ", wanted" in refusal or "; wanted" in refusal
    assert not (tmp_path / "out").exists()


def test_the_projects_own_conversations_can_be_learnt_from() -> None:
    own = read_conversations(resolver_recipe.OWN_CONVERSATIONS)
    assert all(turn.rewrite for conversation in own for turn in conversation.turns)

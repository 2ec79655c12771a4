"""`insights eval rewriting` as a user meets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from evals.conversations import read_conversations
from evals.rewriting import prediction_lines, rewrite_all, to_record
from retrieval.answer import Responder
from retrieval.index import PassageIndex
from tests.commands import Done, insights, insights_process
from tests.fiction import write
from tests.public_set import quiet
from tests.workshop import Workshop

MOTHS, REST, BELLS = "What are glimmer moths?", "Where do they rest?", "How are silver lanterns built?"
CONVERSATIONS: list[dict[str, Any]] = [
    {
        "id": "moths",
        "turns": [
            {"question": MOTHS, "rewrite": MOTHS},
            {"question": REST, "rewrite": "Where do glimmer moths rest?"},
            {"question": BELLS, "rewrite": BELLS},
            {"question": "Thank you!", "rewrite": "Thank you!"},
        ],
    },
    {"id": "unwritten", "turns": [{"question": MOTHS}, {"question": REST}]},
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write(tmp_path / "vantor.jsonl", "".join(f"{json.dumps(record)}\n" for record in CONVERSATIONS))


def measured(capsys: pytest.CaptureFixture[str], vantor: Workshop, *options: str | Path) -> Done:
    return insights(capsys, "eval", "rewriting", *options, "--corpus", vantor.corpus, "--index", vantor.home)


def test_the_result_is_what_the_bot_looks_up_measured(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, vantor_index: PassageIndex, data: Path, tmp_path: Path
) -> None:
    done = measured(capsys, vantor, "--data", data, "--json", "-", "--predictions", tmp_path / "new" / "predicted")
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    conversations = read_conversations(data)
    rewritings = rewrite_all(conversations, Responder.over(vantor_index).looked_up, quiet)
    wanted = to_record("vantor.jsonl", conversations, rewritings) | {"index": vantor_index.manifest.name}
    times = found.pop("milliseconds")
    assert 0 < times["p50"] <= times["p95"]
    assert found == {key: value for key, value in wanted.items() if key != "milliseconds"}
    counts = [found[key] for key in ("conversations", "turns", "left_out", "full", "topic_switches", "refused")]
    assert counts == [1, 3, 3, 2, 1, 1]
    assert (tmp_path / "new" / "predicted").read_text(encoding="utf-8") == prediction_lines(rewritings)
    assert [one.turn.question for one in rewritings if one.asked_as is None] == ["Thank you!"]


def test_what_is_compared_stands_side_by_side_on_the_terminal(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, data: Path, tmp_path: Path
) -> None:
    done = measured(capsys, vantor, "--data", data, "--json", tmp_path / "new" / "result.json")
    assert (done.code, done.err) == (0, "")
    written = json.loads((tmp_path / "new" / "result.json").read_text(encoding="utf-8"))
    for row, figures in written["rewritings"].items():
        assert row.replace("_", " ") in done.out
        for shown in figures.values():
            assert ("–" if shown["value"] is None else f"{shown['value']:.3f}") in done.out
    counts, times = done.out.splitlines()[-2:]
    assert counts == (
        "turns: 3 (left out, without a history or a rewrite: 3), conversations: 1, turns that the human adds no word "
        "to: 2, of them switches of topic: 1; refused by the bot: 1"
    )
    elapsed = written["milliseconds"]
    assert times == (
        f"milliseconds a turn: {elapsed['mean']:.2f} on average, p50 {elapsed['p50']:.2f}, p95 {elapsed['p95']:.2f}"
    )


def test_wrong_options_and_files_are_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, data: Path, tmp_path: Path
) -> None:
    assert measured(capsys, vantor).refusal == "Missing option '--data'; see: insights eval rewriting --help"
    none = tmp_path / "none"
    assert measured(capsys, vantor, "--data", none).refusal.startswith(f"{none} can't be read (")
    refusal = measured(capsys, vantor, "--data", data, "--predictions", tmp_path).refusal
    assert refusal == f"{tmp_path} is a folder, wanted a file to write; name one in it"
    bad = write(tmp_path / "bad.jsonl", '{"turns": [{"question": 7}]}')
    refusal = measured(capsys, vantor, "--data", bad, "--json", tmp_path / "out" / "result.json").refusal
    assert refusal == f"{bad}, line 1, turn 1: found question of type int, wanted str; correct it"
    assert not (tmp_path / "out").exists()
    refusal = insights(capsys, "eval", "rewriting", "--data", data, "--index", none, "--corpus", vantor.corpus).refusal
    assert refusal == f"no index in {none} (No such file or directory); run: insights build"


def test_it_runs_in_a_process_of_its_own(vantor: Workshop, data: Path) -> None:
    places = ("--corpus", vantor.corpus, "--index", vantor.home)
    done = insights_process("eval", "rewriting", "--data", data, "--json", "-", *places)
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["turns"] == 3

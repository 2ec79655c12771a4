"""`insights ask` as a user meets it."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from retrieval.model import Reason
from tests.commands import PROGRAM, Done, insights, insights_process
from tests.fiction import write
from tests.workshop import Workshop
from ui.languages import catalogue

QUESTION = "How long do glimmer moths shine after sunset?"
ROOT = Path(__file__).parent.parent


def at(workshop: Workshop) -> list[str]:
    return ["--corpus", str(workshop.corpus), "--index", str(workshop.home)]


def asked(capsys: pytest.CaptureFixture[str], workshop: Workshop, *arguments: str | Path) -> Done:
    return insights(capsys, "ask", *arguments, *at(workshop))


def objects(done: Done) -> list[dict[str, Any]]:
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_the_reply_is_one_json_object_with_verbatim_quotes(
    capsys: pytest.CaptureFixture[str], vantor: Workshop
) -> None:
    (reply,) = objects(asked(capsys, vantor, QUESTION, "--json"))
    assert (reply["version"], reply["kind"], reply["question"], reply["asked_as"]) == (1, "answer", QUESTION, QUESTION)
    assert vantor.generation.name.startswith(reply["index"])
    assert reply["elapsed_ms"] > 0
    assert reply["quotes"][0]["text"].startswith("Glimmer moths shine for nine minutes after sunset.")
    for quote in reply["quotes"]:
        text = (vantor.corpus / "documents" / f"{quote['document']}.txt").read_text(encoding="utf-8")
        assert text[quote["start"] : quote["end"]] == quote["text"]


def test_the_plain_reply_names_the_place_of_each_quote(capsys: pytest.CaptureFixture[str], vantor: Workshop) -> None:
    (reply,) = objects(asked(capsys, vantor, QUESTION, "--json"))
    done = asked(capsys, vantor, QUESTION)
    assert (done.code, done.err) == (0, "")
    for number, quote in enumerate(reply["quotes"], start=1):
        assert f"{number}. “{quote['text']}”\n" in done.out
        version = f"{quote['document']}@{quote['sha256'][:16]}"
        assert f"({version}, characters {quote['start']}-{quote['end']}); publisher: not stated;" in done.out


def test_what_is_not_answered_is_said_and_is_no_failure(capsys: pytest.CaptureFixture[str], vantor: Workshop) -> None:
    for question in ("What is the capital of Zorbia?", "", "hello", "xqzt bvvk"):
        done = asked(capsys, vantor, question)
        (reply,) = objects(asked(capsys, vantor, question, "--json"))
        assert done == Done(0, f"{catalogue('en').reply(Reason(reply['reason']), limit=2000)}\n", "")


def test_history_is_repeated_oldest_first(capsys: pytest.CaptureFixture[str], vantor: Workshop) -> None:
    history = ["--history", "What are the silver reeds?", "--history", "What are glimmer moths?"]
    (reply,) = objects(asked(capsys, vantor, "how long do they shine?", *history, "--json"))
    assert reply["asked_as"].startswith("how long do glimmer moths shine")
    plain = asked(capsys, vantor, "how long do they shine?", *history)
    assert plain.out.startswith(f"Looked up as: {reply['asked_as']}\n")


def test_a_batch_gives_an_object_a_line_in_order_with_its_id(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path
) -> None:
    records: list[dict[str, Any]] = [
        {"id": "first", "question": QUESTION},
        {"id": 2, "question": "how long do they\u2028shine?\x85", "history": ["What are glimmer moths?"], "more": 1},
        {"id": None, "question": ""},
    ]
    lines = [json.dumps(record, ensure_ascii=False) for record in records]
    batch = write(tmp_path / "batch.jsonl", "\ufeff" + "\n".join(lines) + "\n")
    done = asked(capsys, vantor, "--batch", batch)
    replies = [json.loads(line) for line in done.out.removesuffix("\n").split("\n")]
    assert [(reply["id"], reply["question"]) for reply in replies] == [(r["id"], r["question"]) for r in records]
    (alone,) = objects(asked(capsys, vantor, QUESTION, "--json"))
    assert list(replies[0]) == ["id", *alone]
    assert replies[0] | {"elapsed_ms": 0} == {"id": "first"} | alone | {"elapsed_ms": 0}
    assert replies[1]["asked_as"] == "how long do glimmer moths shine?"


def test_an_empty_batch_asks_nothing(capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path) -> None:
    assert asked(capsys, vantor, "--batch", write(tmp_path / "none.jsonl", "")) == Done(0, "", "")


GOOD = '{"id": 1, "question": "moths?"}'


@pytest.mark.parametrize(
    "bad",
    [
        *("", "{", "moths?", "[]", "null", "3", '"moths"', "[" * 100_000, '{"id": 1}', '{"question": "moths?"}'),
        *('{"id": 1, "question": 2}', '{"id": 1, "question": null}', '{"id": 1, "question": "m", "history": "m"}'),
        *('{"id": 1, "question": "m", "history": [1]}', '{"id": 1, "question": "m", "history": null}'),
        *('{"id": 1, "question": "\\ud800"}', '{"id": "\\udfff", "question": "m"}'),
    ],
)
def test_a_bad_line_is_named_before_anything_is_answered(
    bad: str, capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path
) -> None:
    batch = write(tmp_path / "batch.jsonl", f"{GOOD}\n{bad}\n{GOOD}\n")
    refusal = asked(capsys, vantor, "--batch", batch).refusal
    assert refusal.startswith(f"{batch}, line 2: ")
    assert refusal.endswith('wanted {"id": …, "question": "…", "history": ["…"]}')


def test_a_batch_that_cannot_be_read_is_refused(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path
) -> None:
    (tmp_path / "latin.jsonl").write_bytes(b'{"id": 1, "question": "caf\xe9?"}\n')
    for name in ("none.jsonl", ".", "latin.jsonl"):
        refusal = asked(capsys, vantor, "--batch", tmp_path / name).refusal
        assert refusal.startswith(f"{tmp_path / name} can't be read (")
        assert refusal.endswith("; name a UTF-8 file of JSON lines")


@pytest.mark.parametrize("arguments", [[], ["moths?", "--batch", "batch.jsonl"]])
def test_a_question_or_a_batch_is_wanted_and_not_both(
    arguments: list[str], capsys: pytest.CaptureFixture[str], vantor: Workshop
) -> None:
    assert asked(capsys, vantor, *arguments).refusal == (
        'wanted a question or --batch FILE, one of them; say: insights ask "What is dystonia?"'
    )


def test_a_missing_index_or_corpus_is_named_with_the_remedy(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, tmp_path: Path
) -> None:
    missing = insights(capsys, "ask", QUESTION, "--corpus", vantor.corpus, "--index", tmp_path / "none").refusal
    assert missing == f"no index in {tmp_path / 'none'} (No such file or directory); run: insights build"
    elsewhere = insights(capsys, "ask", QUESTION, "--corpus", tmp_path / "none", "--index", vantor.home).refusal
    assert elsewhere.startswith(
        f"no corpus in {tmp_path / 'none'}: manifest.jsonl is missing; vet a document: insights"
    )


def test_a_damaged_index_is_refused(capsys: pytest.CaptureFixture[str], workshop: Workshop) -> None:
    (workshop.generation / "words.json").write_text("{}", encoding="utf-8")
    assert asked(capsys, workshop, QUESTION).refusal.endswith("; run: insights build")


def test_the_home_folder_says_where_corpus_and_index_lie_unless_an_option_does(
    capsys: pytest.CaptureFixture[str], vantor: Workshop, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSIGHTS_HOME", str(vantor.corpus.parent))
    done = insights(capsys, "ask", QUESTION, "--json")
    assert json.loads(done.out)["index"] == vantor.open().manifest.name
    monkeypatch.setenv("INSIGHTS_HOME", "/nowhere")
    (reply,) = objects(asked(capsys, workshop, QUESTION, "--json"))
    assert reply["index"] == workshop.open().manifest.name
    assert insights(capsys, "ask", QUESTION).refusal.startswith("no index in /nowhere/index (")


def test_without_any_option_the_projects_own_corpus_is_asked_with_an_index_in_the_cache_folder(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INSIGHTS_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    refusal = insights(capsys, "ask", QUESTION).refusal
    assert refusal.startswith(f"no index in {tmp_path}")
    assert "insights-help" in refusal


def test_a_process_prints_nothing_but_json_whatever_its_locale(vantor: Workshop) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONIOENCODING": "latin-1", "PYTHONWARNINGS": "always"}
    done = insights_process("ask", f"{QUESTION} — “🌒”", "--json", *at(vantor), environment=environment)
    (reply,) = objects(done)
    assert reply["question"] == f"{QUESTION} — “🌒”"


def test_bytes_that_are_no_text_are_refused(vantor: Workshop) -> None:
    refusal = insights_process("ask", b"moths \xff?", "--json", *at(vantor)).refusal
    assert refusal.startswith("found 'moths \\udcff?', wanted UTF-8 text (")


def test_a_reader_that_has_enough_ends_the_program_quietly(vantor: Workshop, tmp_path: Path) -> None:
    batch = write(tmp_path / "batch.jsonl", f"{GOOD}\n" * 300)
    command = [*PROGRAM, "ask", "--batch", str(batch), *at(vantor)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        assert json.loads(process.stdout.readline())["id"] == 1
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_ctrl_c_ends_the_program_with_one_line(vantor: Workshop, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [*PROGRAM, "ask", "--batch", str(pipe), *at(vantor)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with process, pipe.open("w", encoding="utf-8"):  # opens once the program reads
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, b"", b"insights: stopped\n")

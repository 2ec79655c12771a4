"""What `insights sync --cases` shows and decides, with the default encoder, which finds answers."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from ingest.encoder import DEFAULT_ENCODER
from tests.commands import PROGRAM, insights
from tests.fiction import MOTHS, REEDS, write
from tests.syncing import Desk, texts_of

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
ANSWERABLE = {
    "id": "shine",
    "kind": "direct",
    "question": "How long do glimmer moths shine after sunset?",
    "history": [],
    "gold": ["Glimmer moths shine"],
}


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A folder whose answer has changed since it was synchronised."""
    desk = Desk(tmp_path_factory.mktemp("answering"), DEFAULT_ENCODER)
    write(desk.leaflets / "moths.md", MOTHS)
    write(desk.leaflets / "reeds.txt", REEDS)
    cases = [ANSWERABLE, ANSWERABLE | {"id": "lunch", "question": "What does the moth warden eat?", "gold": []}]
    write(desk.folder / "cases.jsonl", "".join(f"{json.dumps(case)}\n" for case in cases))
    write(desk.folder / "gates.toml", "[cases.all]\nright_first = { at_least = 0.5 }\n")
    subprocess.run([*PROGRAM, *desk.arguments], cwd=ROOT, check=True, capture_output=True)
    write(desk.leaflets / "moths.md", MOTHS.replace("nine minutes", "eight minutes"))
    return desk


def cases(desk: Desk) -> list[str]:
    return ["--cases", str(desk.folder / "cases.jsonl")]


def test_a_dry_run_shows_which_answers_would_change_and_changes_nothing(
    answering: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    before = answering.files()
    done = insights(capsys, *answering.arguments, "--dry-run", *cases(answering))
    assert (done.code, done.err) == (0, "")
    assert "shine (direct): quote changed: How long do glimmer moths shine after sunset?" in done.out
    assert re.search(r"^  - .*nine minutes", done.out, re.MULTILINE)
    assert re.search(r"^  \+ .*eight minutes", done.out, re.MULTILINE)
    assert "changed: 1, unchanged: 1" in done.out
    assert answering.files() == before


def test_a_missed_gate_changes_nothing(answering: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    before = texts_of(answering.places.corpus)
    write(answering.folder / "gates.toml", "[cases.all]\nright_first = { at_least = 1.5 }\n")
    done = insights(capsys, *answering.arguments, *cases(answering), "--gates", str(answering.folder / "gates.toml"))
    assert done.code == 1
    assert done.err.splitlines() == [
        "insights: right_first of all: found 1, wanted at least 1.5",
        "a gate was missed: nothing was changed",
    ]
    assert texts_of(answering.places.corpus) == before
    assert not list(answering.places.index.glob(".new-*"))


@pytest.mark.parametrize("reply", ["n", "y"])
def test_on_a_terminal_it_asks_before_an_answer_changes(answering: Desk, reply: str) -> None:
    before = texts_of(answering.places.corpus)
    said = on_a_terminal([*answering.arguments, *cases(answering)], reply)
    assert "Publish? [y/N]: " in said
    assert (texts_of(answering.places.corpus) == before) is (reply == "n")
    assert ("nothing was changed" in said, "published: " in said) == (reply == "n", reply == "y")


def test_a_case_whose_answer_is_gone_misses_every_gate(answering: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    text = (answering.leaflets / "moths.md").read_text(encoding="utf-8")
    kept = [line for line in text.split("\n") if "Glimmer moths shine" not in line]
    write(answering.leaflets / "moths.md", "\n".join(kept))
    write(answering.folder / "gates.toml", "[cases.all]\nright_first = { at_least = 0.0 }\n")
    before = texts_of(answering.places.corpus)
    done = insights(capsys, *answering.arguments, *cases(answering), "--gates", str(answering.folder / "gates.toml"))
    assert done.code == 1
    assert "gold 'Glimmer moths shine' occurs 0 times in the corpus" in done.err
    assert "right → its gold is in no document" in done.out
    assert texts_of(answering.places.corpus) == before


def on_a_terminal(arguments: list[str], reply: str) -> str:
    """What a command says on a terminal where somebody answers its question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *arguments], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True
    )
    os.close(theirs)
    said = b""
    while True:
        try:
            piece = os.read(ours, 1 << 16)
        except OSError:
            break
        said += piece
        if b"[y/N]: " in said and reply:
            os.write(ours, f"{reply}\n".encode())
            reply = ""
        if not piece:
            break
    process.wait(timeout=120)
    os.close(ours)
    return said.decode()

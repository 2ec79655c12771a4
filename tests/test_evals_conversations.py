"""Conversations as they are read from files: what was said before each turn, and faults by their place."""

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from evals.conversations import Conversation, Turn, read_conversations
from evals.jsonl import DataError
from tests.fiction import write

MOTHS, REST = "What are glimmer moths?", "Where do they rest?"
REWRITTEN = "Where do glimmer moths rest?"


def file_of(path: Path, *records: Mapping[str, Any]) -> Path:
    return write(path, "".join(f"{json.dumps(record)}\n" for record in records))


def test_without_a_history_of_its_own_a_turn_has_the_earlier_questions_and_their_answers(tmp_path: Path) -> None:
    turns = [
        {"question": MOTHS, "rewrite": MOTHS, "answer": "They glimmer."},
        {"question": REST, "rewrite": REWRITTEN, "answer": None},
        {"question": "When?", "rewrite": None},
    ]
    assert read_conversations(file_of(tmp_path / "own.jsonl", {"turns": turns})) == [
        Conversation(
            "1",
            (
                Turn(1, MOTHS, (), MOTHS),
                Turn(2, REST, (MOTHS, "They glimmer."), REWRITTEN),
                Turn(3, "When?", (MOTHS, "They glimmer.", REST), None),
            ),
        )
    ]


def test_a_history_of_its_own_is_what_was_said_before_a_turn(tmp_path: Path) -> None:
    turns = [
        {"no": 1, "question": MOTHS, "rewrite": MOTHS, "history": []},
        {"no": 2, "question": REST, "rewrite": REWRITTEN, "history": [MOTHS, "They glimmer."]},
    ]
    path = tmp_path / "canard.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps({"id": "c", "turns": turns, "meta": {}}).encode()))
    wanted = (Turn(1, MOTHS, (), MOTHS), Turn(2, REST, (MOTHS, "They glimmer."), REWRITTEN))
    assert read_conversations(path) == [Conversation("c", wanted)]


def test_turns_are_measured_that_have_a_history_and_a_rewrite() -> None:
    turns = [Turn(1, MOTHS, (), MOTHS), Turn(2, REST, (MOTHS,), None), Turn(2, REST, (MOTHS,), REWRITTEN)]
    assert [turn.is_measured for turn in turns] == [False, False, True]


GOOD = {"turns": [{"question": MOTHS}, {"question": REST, "rewrite": REWRITTEN}]}


@pytest.mark.parametrize(
    ("record", "fault"),
    [
        ({"id": "b"}, "found the keys ['id'], wanted 'turns' among them; add it"),
        ({"id": 2, "turns": []}, "found id of type int, wanted str; correct it"),
        ({"id": "1", "turns": []}, "id '1' stands twice; give each conversation its own"),
        ({"turns": [MOTHS]}, "turn 1: found str, wanted an object; correct it"),
        (
            {"turns": [{"question": MOTHS}, {"rewrite": REST}]},
            "turn 2: found the keys ['rewrite'], wanted 'question' among them; add it",
        ),
        (
            {"turns": [{"question": MOTHS, "rewrite": 7}]},
            "turn 1: found rewrite of type int, wanted str; correct it",
        ),
        (
            {"turns": [{"question": MOTHS, "answer": []}]},
            "turn 1: found answer of type list, wanted str; correct it",
        ),
        (
            {"turns": [{"question": MOTHS, "history": REST}]},
            f"turn 1: found {REST!r} as history, wanted a list of texts; correct it",
        ),
    ],
)
def test_faults_are_told_by_their_place(record: dict[str, Any], fault: str, tmp_path: Path) -> None:
    path = file_of(tmp_path / "bad.jsonl", GOOD, record)
    with pytest.raises(DataError) as error:
        read_conversations(path)
    place, _, told = str(error.value).partition("line 2")
    assert (place, told[2:]) == (f"{path}, ", fault)


def test_a_file_without_a_turn_to_measure_is_refused(tmp_path: Path) -> None:
    path = file_of(tmp_path / "first.jsonl", {"turns": [{"question": MOTHS, "rewrite": MOTHS}, {"question": REST}]})
    with pytest.raises(DataError) as error:
        read_conversations(path)
    assert str(error.value) == (
        f"{path}: found no turn with a rewrite and something said before it, wanted one at least; name another file"
    )

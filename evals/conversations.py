"""Conversations whose follow-up questions a human rewrote so that they stand alone; read from files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evals.jsonl import DataError, is_texts, read_records, wanted_keys

__all__ = ["Conversation", "Turn", "read_conversations"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question after `history`, all that was said before, oldest first, and how a human rewrote it, if known.

    `number` is its place in the conversation, from 1.
    """

    number: int
    question: str
    history: tuple[str, ...]
    rewrite: str | None

    @property
    def is_measured(self) -> bool:
        """Whether it has a history to take words from, and a human's rewrite that says which."""
        return bool(self.history) and self.rewrite is not None


@dataclass(frozen=True, slots=True)
class Conversation:
    """Turns that hang together, in order."""

    id: str
    turns: tuple[Turn, ...]


def read_conversations(path: Path) -> list[Conversation]:
    """Reads conversations from a JSONL file, gzipped or not; one without an id has its line number for it.

    A line is `{"id", "turns": [{"question", "rewrite", "answer", "history"}, …]}`, of which a turn needs its question
    alone. A turn without "history" has for it the earlier questions, each followed by its answer if there is one. Other
    keys may stand beside them.

    Raises:
        DataError: naming the file and line of the first fault, or if no turn has both a history and a rewrite.
    """
    conversations: dict[str, Conversation] = {}
    for number, (where, record) in enumerate(read_records(path, "conversations"), start=1):
        named = {"id": str(number)} | record
        wanted_keys(named, {"id": str, "turns": list}, where)
        if named["id"] in conversations:
            raise DataError(f"{where}: id {named['id']!r} stands twice; give each conversation its own")
        conversations[named["id"]] = Conversation(named["id"], tuple(_turns(named["turns"], where)))
    if not any(turn.is_measured for conversation in conversations.values() for turn in conversation.turns):
        raise DataError(
            f"{path}: found no turn with a rewrite and something said before it, wanted one at least; name another file"
        )
    return list(conversations.values())


def _turns(records: list[Any], where: str) -> Iterator[Turn]:
    said: list[str] = []
    for number, record in enumerate(records, start=1):
        place = f"{where}, turn {number}"
        if not isinstance(record, dict):
            raise DataError(f"{place}: found {type(record).__name__}, wanted an object; correct it")
        wanted_keys(record, {"question": str}, place)
        rewrite, answer = _text(record, "rewrite", place), _text(record, "answer", place)
        history = record.get("history", said)
        if not is_texts(history):
            raise DataError(f"{place}: found {history!r} as history, wanted a list of texts; correct it")
        yield Turn(number, record["question"], tuple(history), rewrite)
        said += [record["question"], *([] if answer is None else [answer])]


def _text(record: Mapping[str, Any], key: str, where: str) -> str | None:
    """The text of a key that may be missing or null."""
    value = record.get(key)
    if not isinstance(value, str | None):
        raise DataError(f"{where}: found {key} of type {type(value).__name__}, wanted str; correct it")
    return value

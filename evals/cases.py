"""Evaluation cases: questions with the sentences that answer them, resolved to spans when they are loaded."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.model import Document, Span

__all__ = ["EVERY_KIND", "Case", "CaseError", "load_cases"]

EVERY_KIND = "all"
_KEYS = {"id", "kind", "question", "history", "gold"}


class CaseError(Exception):
    """A case file that can't be used; the message says where, what was found, what is wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question after `history`; `gold` are the spans that answer, best first. No gold: the bot must abstain."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    gold: tuple[Span, ...]


def load_cases(path: Path, documents: Mapping[str, Document]) -> list[Case]:
    """Reads a JSONL file, gzipped or not, and finds each gold text in the documents.

    Raises:
        CaseError: naming the file and line of the first fault; a gold text that doesn't occur exactly once is one.
    """
    cases: dict[str, Case] = {}
    for number, line in enumerate(_lines(path), start=1):
        where = f"{path}, line {number}"
        case = _case(_record(line, where), documents.values(), where)
        if case.id in cases:
            raise CaseError(f"{where}: id {case.id!r} stands twice; give each case its own")
        cases[case.id] = case
    if not cases:
        raise CaseError(f"{path}: found no cases, wanted one JSON object a line; name another file")
    return list(cases.values())


def _lines(path: Path) -> list[str]:
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        # Not splitlines(): a question may hold one of the other line separators that it knows.
        text = data.decode("utf-8-sig").removesuffix("\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise CaseError(f"{path} can't be read ({error}); name a UTF-8 file of JSON lines") from error
    return text.split("\n") if text else []


def _record(line: str, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CaseError(f"{where}: no JSON ({error}); wanted one object a line") from error
    if not isinstance(record, dict) or record.keys() != _KEYS:
        found = sorted(record) if isinstance(record, dict) else type(record).__name__
        raise CaseError(f"{where}: found {found}, wanted the keys {sorted(_KEYS)}")
    texts = [record["id"], record["kind"], record["question"]]
    lists = [record["history"], record["gold"]]
    if not all(isinstance(text, str) for text in texts) or not all(_is_texts(entry) for entry in lists):
        raise CaseError(f"{where}: wanted texts for id, kind and question, and lists of texts for history and gold")
    if record["kind"] == EVERY_KIND:
        raise CaseError(f"{where}: found the kind {EVERY_KIND!r}, which stands for every kind; name it otherwise")
    return record


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _case(record: Mapping[str, Any], documents: Iterable[Document], where: str) -> Case:
    gold: list[Span] = []
    for text in record["gold"]:
        found = list(_occurrences(text, documents))
        if len(found) != 1:
            raise CaseError(f"{where}: gold {text!r} occurs {len(found)} times in the corpus, wanted once; correct it")
        gold += found
    return Case(record["id"], record["kind"], record["question"], tuple(record["history"]), tuple(gold))


def _occurrences(text: str, documents: Iterable[Document]) -> Iterator[Span]:
    for document in documents:
        start = document.text.find(text) if text else -1
        while start >= 0:
            yield Span(document, start, start + len(text))
            start = document.text.find(text, start + 1)

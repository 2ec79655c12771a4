"""Evaluation cases: questions with the sentences that answer them, resolved to spans when they are loaded."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.model import Document, Span
from evals.jsonl import DataError, is_texts, read_records

__all__ = ["EVERY_KIND", "Case", "load_cases", "misplaced_gold"]

EVERY_KIND = "all"
_KEYS = {"id", "kind", "question", "history", "gold"}

SentencesOf = Callable[[Document], Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question after `history`; `gold` are the sentences that answer, best first. No gold: the bot must abstain."""

    id: str
    kind: str
    question: str
    history: tuple[str, ...]
    gold: tuple[Span, ...]


def load_cases(
    path: Path, documents: Iterable[Document], sentences_of: SentencesOf, *, lost: dict[str, str] | None = None
) -> list[Case]:
    """Reads a JSONL file, gzipped or not, and finds in the documents the sentences that each gold text touches.

    A gold text is the beginning of a sentence or any other part of the documents that occurs in them once. One that
    doesn't is left out where there is `lost`, which gets what is wrong by the id of the case.

    Raises:
        DataError: naming the file and line of the first fault; a gold text that isn't found once is one.
    """
    searched = list(documents)
    cases: dict[str, Case] = {}
    for where, record in read_records(path, "cases"):
        _check(record, where)
        gold: list[Span] = []
        for text in record["gold"]:
            try:
                gold += _sentences(text, searched, sentences_of, where)
            except DataError as error:
                if lost is None:
                    raise
                lost[record["id"]] = str(error)
        case = Case(
            record["id"], record["kind"], record["question"], tuple(record["history"]), tuple(dict.fromkeys(gold))
        )
        if case.id in cases:
            raise DataError(f"{where}: id {case.id!r} stands twice; give each case its own")
        cases[case.id] = case
    return list(cases.values())


def misplaced_gold(path: Path, documents: Iterable[Document]) -> Iterator[str]:
    """What gold of a file of cases isn't found once in the documents, a line each; `load_cases` ends at the first.

    Raises:
        DataError: naming the file and line of the first record that is no case.
    """
    searched = list(documents)
    for where, record in read_records(path, "cases"):
        _check(record, where)
        for text in record["gold"]:
            count = sum(1 for _ in _occurrences(text, searched))
            if count != 1:
                yield f"{where}: gold {text!r} occurs {count} times in the corpus, wanted once"


def _check(record: Mapping[str, Any], where: str) -> None:
    if record.keys() != _KEYS:
        raise DataError(f"{where}: found {sorted(record)}, wanted the keys {sorted(_KEYS)}")
    texts = [record["id"], record["kind"], record["question"]]
    lists = [record["history"], record["gold"]]
    if not all(isinstance(text, str) for text in texts) or not all(map(is_texts, lists)):
        raise DataError(f"{where}: wanted texts for id, kind and question, and lists of texts for history and gold")
    if record["kind"] == EVERY_KIND:
        raise DataError(f"{where}: found the kind {EVERY_KIND!r}, which stands for every kind; name it otherwise")


def _sentences(text: str, documents: Sequence[Document], sentences_of: SentencesOf, where: str) -> list[Span]:
    found = list(_occurrences(text, documents))
    if len(found) != 1:
        raise DataError(f"{where}: gold {text!r} occurs {len(found)} times in the corpus, wanted once; correct it")
    sentences = [sentence for sentence in sentences_of(found[0].document) if sentence.overlaps(found[0])]
    if not sentences:
        raise DataError(f"{where}: gold {text!r} is a heading, wanted a sentence, which can be quoted; correct it")
    return sentences


def _occurrences(text: str, documents: Iterable[Document]) -> Iterator[Span]:
    for document in documents:
        start = document.text.find(text) if text else -1
        while start >= 0:
            yield Span(document, start, start + len(text))
            start = document.text.find(text, start + 1)

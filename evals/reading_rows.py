"""Rows of evidence reading: a question, a passage, and the parts of the passage that answer; read from files."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from corpus.model import Document, Span
from evals.collection import verbatim_document
from evals.jsonl import DataError, read_records, wanted_keys
from ingest.canonical import has_words

__all__ = ["Row", "load_rows"]

_SHOWN = 60
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A question and the parts of a passage that answer it; no parts: the passage does not answer."""

    id: str
    question: str
    passage: Document
    answers: tuple[Span, ...]


def load_rows(path: Path, corpus: Path | None = None) -> list[Row]:
    """Reads rows from a JSONL file, gzipped or not; one without an id has its line number for it.

    A line is `{"question", "passage", "answer_spans": [[start, end], …]}`, the ranges in code points of the passage and
    half-open; or, over the passages `{"id", "text"}` of a `corpus` file, `{"question", "context_id", "answers":
    [{"text", "start"}, …], "answerable"}`. Other keys may stand beside them; a title is no part of the passage.

    Each passage becomes one document, the text as it is, named by where it stands: what an index has to say of it then
    says it of that line.

    Raises:
        DataError: naming the file and line of the first fault.
    """
    contexts = None if corpus is None else dict(_contexts(corpus))
    passages: dict[str, Document] = {}
    rows: dict[str, Row] = {}
    for number, (where, record) in enumerate(read_records(path, "rows"), start=1):
        wanted_keys(record, {"question": str}, where)
        named = {"id": str(number)} | record
        wanted_keys(named, {"id": str}, where)
        passage = _own_passage(record, path, number, where) if contexts is None else _context(record, contexts, where)
        passage = passages.setdefault(passage.text, passage)
        ranges = _answer_spans(record, where) if contexts is None else _answers(record, passage, where)
        answers = tuple(_answer(passage, start, end, where) for start, end in ranges)
        row = Row(named["id"], named["question"], passage, answers)
        if row.id in rows:
            raise DataError(f"{where}: id {row.id!r} stands twice; give each row its own")
        rows[row.id] = row
    if not any(has_words(text) for text in passages):
        raise DataError(f"{path}: found no passage with words, wanted one at least; name another file")
    return list(rows.values())


def _contexts(path: Path) -> Iterator[tuple[str, Document]]:
    """The passages of a corpus file, by id."""
    seen: set[str] = set()
    for number, (where, record) in enumerate(read_records(path, "passages"), start=1):
        wanted_keys(record, {"id": str, "text": str}, where)
        if record["id"] in seen:
            raise DataError(f"{where}: id {record['id']!r} stands twice; give each passage its own")
        seen.add(record["id"])
        yield record["id"], _document(record["text"], path, number)


def _document(text: str, path: Path, number: int) -> Document:
    return replace(verbatim_document(text), id=f"{path.name}, line {number}")


def _own_passage(record: Mapping[str, Any], path: Path, number: int, where: str) -> Document:
    if "context_id" in record and "passage" not in record:
        raise DataError(f"{where}: found context_id, wanted a passage; name the file that holds it with --corpus")
    wanted_keys(record, {"passage": str}, where)
    return _document(record["passage"], path, number)


def _context(record: Mapping[str, Any], contexts: Mapping[str, Document], where: str) -> Document:
    wanted_keys(record, {"context_id": str}, where)
    if record["context_id"] not in contexts:
        found = record["context_id"]
        raise DataError(f"{where}: found the context_id {found!r}, wanted the id of a passage in the corpus")
    return contexts[record["context_id"]]


def _answer_spans(record: Mapping[str, Any], where: str) -> Iterator[tuple[int, int]]:
    wanted_keys(record, {"answer_spans": list}, where)
    for pair in record["answer_spans"]:
        # bool is an int to isinstance.
        if not isinstance(pair, list) or len(pair) != _PAIR or not all(type(offset) is int for offset in pair):
            raise DataError(f"{where}: found {_shown(pair)} in answer_spans, wanted [start, end]; correct it")
        yield pair[0], pair[1]


def _answers(record: Mapping[str, Any], passage: Document, where: str) -> Iterator[tuple[int, int]]:
    wanted_keys(record, {"answers": list, "answerable": bool}, where)
    if record["answerable"] != bool(record["answers"]):
        found = f"answerable {str(record['answerable']).lower()} and {len(record['answers'])} answers"
        raise DataError(f"{where}: found {found}, wanted answers where it is true and none elsewhere; correct it")
    for answer in record["answers"]:
        fields = answer if isinstance(answer, dict) else {}
        text, start = fields.get("text"), fields.get("start")
        if not isinstance(text, str) or type(start) is not int:
            raise DataError(f'{where}: found {_shown(answer)} in answers, wanted {{"text", "start"}}; correct it')
        end = start + len(text)
        if start < 0 or passage.text[start:end] != text:
            found = _shown(passage.text[max(start, 0) : max(end, 0)])
            raise DataError(f"{where}: found {found} at {start}, wanted the answer {_shown(text)}; correct its start")
        yield start, end


def _answer(passage: Document, start: int, end: int, where: str) -> Span:
    size = len(passage.text)
    if not 0 <= start < end <= size:
        raise DataError(f"{where}: found the answer span {start}-{end}, wanted a range within 0-{size}; correct it")
    span = Span(passage, start, end)
    if not span.text.strip():
        raise DataError(f"{where}: found only white space in the answer span {start}-{end}, wanted a word; correct it")
    return span


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"

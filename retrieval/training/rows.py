"""Training rows: a question, a passage in sentences, and which of them answer, are known not to, or are left open."""

import gzip
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = [
    "Label",
    "Row",
    "RowError",
    "SentencesOf",
    "Topic",
    "load_rows",
    "load_texts",
    "load_topics",
    "own_near_misses",
    "own_topics",
    "topic_rows",
    "unrelated",
]

Range = tuple[int, int]
SentencesOf = Callable[[str], list[Range]]
Label = bool | None  # whether it answers; None: not known, and nothing is learnt from it
_OWN = Path(str(resources.files("retrieval.training")))

# About as many words as a passage of an index has; longer texts are read in parts.
_MOST_WORDS = 130


class RowError(Exception):
    """A file of training data that can't be used; the message says where, what was found, wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class Row:
    """`labels` are of the sentences, `answerable` of the passage as a whole."""

    question: str
    title: str
    sentences: tuple[str, ...]
    labels: tuple[Label, ...]
    answerable: Label
    source: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question on a topic: the ranges of its documents that answer it, and those of which it can be argued."""

    question: str
    answers: frozenset[tuple[str, int, int]]
    arguable: frozenset[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Topic:
    """Documents on one subject, by id, and questions on them; what is no answer there answers nowhere in them."""

    name: str
    part: str
    documents: tuple[str, ...]
    questions: tuple[Asked, ...]


def load_rows(path: Path, sentences_of: SentencesOf, *, before: int | None = None) -> list[Row]:
    """The rows of a file of `{"question", "title", "passage", "answer_spans", "meta"}` lines; `meta` may be missing.

    A sentence answers if an answer's range touches it. Where `meta.how` begins with "whole", the ranges say only that
    the passage answers; where `meta.unlabelled_rest` is true, they are not all. Lines from number `before` on, counted
    from 0, are left out.

    Raises:
        RowError: naming the line of the first fault.
    """
    found: list[Row] = []
    split: dict[str, list[Range]] = {}
    for where, record in islice(_records(path), before):
        try:
            passage, spans, meta = record["passage"], record["answer_spans"], record.get("meta") or {}
            if passage not in split:
                split[passage] = sentences_of(passage)
            sentences = split[passage]
            touched = [any(start < e and s < end for s, e in spans) for start, end in sentences]
            is_whole = str(meta.get("how", "")).startswith("whole")
            rest = None if meta.get("unlabelled_rest") else False
            labels = tuple(None if spans and is_whole else touch or rest for touch in touched)
            texts = tuple(passage[start:end] for start, end in sentences)
            row = Row(
                record["question"],
                record.get("title") or "",
                texts,
                labels,
                bool(spans),
                path.name.split(".")[0],
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RowError(
                f"{where}: no training row ({error!r}); wanted question, passage and answer_spans"
            ) from error
        found += _parts(row)
    return found


def load_texts(path: Path) -> dict[str, str]:
    """The texts of a file of `{"id", "text"}` or `{"id", "passage"}` lines, by id; lines without an id are left out.

    Raises:
        RowError: naming the first line that has an id and no text.
    """
    texts: dict[str, str] = {}
    for where, record in _records(path):
        if "id" in record:
            text = record.get("text", record.get("passage"))
            if not isinstance(text, str):
                raise RowError(f"{where}: found no text for the id {record['id']!r}, wanted text or passage")
            texts[record["id"]] = text
    return texts


def load_topics(path: Path) -> list[Topic]:
    """The topics of a file of the project's own questions, one a line."""
    topics = []
    for _, record in _records(path):
        documents = record["documents"]

        def ranges(of: list[list[int]], documents: Sequence[str] = documents) -> frozenset[tuple[str, int, int]]:
            return frozenset((documents[number], start, end) for number, start, end in of)

        asked = (Asked(q["question"], ranges(q["answers"]), ranges(q.get("arguable", []))) for q in record["questions"])
        topics.append(Topic(record["topic"], record["part"], tuple(documents), tuple(asked)))
    return topics


def own_topics() -> list[Topic]:
    """The project's own questions on topics of MedQuAD, some of them on several texts."""
    return load_topics(_OWN / "topics.jsonl")


def own_near_misses() -> list[Topic]:
    """The project's own questions on single passages of the training files, half of which only seem to be answered."""
    return load_topics(_OWN / "near_misses.jsonl")


def topic_rows(topic: Topic, texts: Mapping[str, str], sentences_of: SentencesOf) -> list[list[Row]]:
    """For each question of a topic a row with each passage of the topic's documents, those that answer first."""
    parts: list[tuple[str, list[Range]]] = []
    for document in topic.documents:
        ranges = sentences_of(texts[document])
        runs = _runs([texts[document][start:end] for start, end in ranges])
        parts += [(document, ranges[first:last]) for first, last in runs]
    return [
        sorted((_topic_row(topic, asked, *part, texts) for part in parts), key=lambda row: row.answerable is not True)
        for asked in topic.questions
    ]


def in_short(labels: Sequence[Label]) -> Label:
    """Whether a passage answers whose sentences do or don't."""
    return True if True in labels else None if None in labels else False


def unrelated(rows: Sequence[Row], count: int, rng: random.Random) -> list[Row]:
    """Questions of `rows` with passages of other ones: rows that nothing answers."""
    made = []
    for _ in range(count):
        asked, read = rng.choice(rows), rng.choice(rows)
        if asked.title != read.title or asked.source != read.source:
            made.append(replace(read, question=asked.question, labels=(False,) * len(read.labels), answerable=False))
    return made


def _topic_row(topic: Topic, asked: Asked, document: str, sentences: list[Range], texts: Mapping[str, str]) -> Row:
    text = texts[document]
    places = [(document, start, end) for start, end in sentences]
    labels = tuple(place in asked.answers or (None if place in asked.arguable else False) for place in places)
    return Row(asked.question, topic.name, tuple(text[s:e] for s, e in sentences), labels, in_short(labels), "own")


def _parts(row: Row) -> list[Row]:
    """A long row as several ones, of which those that the passage's answers lie in answer."""
    runs = list(_runs(row.sentences))
    if len(runs) <= 1:
        return [row] if runs else []
    parts = []
    for first, last in runs:
        labels = row.labels[first:last]
        parts.append(replace(row, sentences=row.sentences[first:last], labels=labels, answerable=in_short(labels)))
    return parts


def _runs(sentences: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Half-open runs of sentences that have at most `_MOST_WORDS` together, or are one sentence."""
    first = used = 0
    for number, sentence in enumerate(sentences):
        size = len(sentence.split())
        if first < number and used + size > _MOST_WORDS:
            yield first, number
            first, used = number, 0
        used += size
    if first < len(sentences):
        yield first, len(sentences)


def _records(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                yield f"{path}, line {number}", json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise RowError(f"{path} can't be read ({error}); wanted JSON, one object a line, gzipped or not") from error

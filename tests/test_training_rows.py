"""Training rows: which sentences count as answers, which as none, and which are left open."""

import gzip
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpus.model import Document, Source
from corpus.store import digest
from ingest.sentences import sentences
from retrieval.training.rows import (
    Asked,
    Row,
    RowError,
    Topic,
    in_short,
    load_rows,
    load_texts,
    load_topics,
    own_topics,
    topic_rows,
    unrelated,
)
from tests.fiction import write

PASSAGE = "Glimmer moths hum. They rest by day. Reeds grow fast."


def sentences_of(text: str) -> list[tuple[int, int]]:
    return [(span.start, span.end) for span in sentences(Document("", Source(""), digest(text), (), text))]


def rows(tmp_path: Path, *records: dict[str, Any], before: int | None = None) -> list[Row]:
    path = write(tmp_path / "vantor.jsonl", "".join(f"{json.dumps(record)}\n" for record in records))
    return load_rows(path, sentences_of, before=before)


def record(*spans: list[int], passage: str = PASSAGE, **others: object) -> dict[str, Any]:
    return {"question": "When do they rest?", "title": "Moths", "passage": passage, "answer_spans": spans, **others}


def test_a_sentence_answers_if_a_range_touches_it(tmp_path: Path) -> None:
    texts = ("Glimmer moths hum.", "They rest by day.", "Reeds grow fast.")
    wanted = Row("When do they rest?", "Moths", texts, (False, True, False), True, "vantor")
    assert rows(tmp_path, record([29, 35])) == [wanted]


def test_no_ranges_no_answer(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, {**record(), "title": None})
    assert (row.title, row.labels, row.answerable) == ("", (False, False, False), False)


def test_a_whole_passage_says_that_it_answers_and_not_where(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, record([0, len(PASSAGE)], meta={"how": "whole_short"}))
    assert (row.labels, row.answerable) == ((None, None, None), True)


def test_where_the_rest_is_unlabelled_it_is_left_open(tmp_path: Path) -> None:
    (row,) = rows(tmp_path, record([0, 5], meta={"unlabelled_rest": True}))
    assert (row.labels, row.answerable) == ((True, None, None), True)


def test_a_long_passage_is_read_in_parts_and_each_answers_for_itself(tmp_path: Path) -> None:
    first = " ".join(f"Warden {number} of Vantor counts the reeds at dawn." for number in range(10))
    passage = f"{first} " + " ".join(f"Bell {number} of Zorbia rings over the lake." for number in range(10))
    one, two = rows(tmp_path, record([0, 6], passage=passage))
    assert (one.answerable, two.answerable) == (True, False)
    assert one.sentences + two.sentences == tuple(passage[start:end] for start, end in sentences_of(passage))
    assert all(sum(len(text.split()) for text in part.sentences) <= 130 for part in (one, two))


def test_lines_from_a_number_on_are_kept_out(tmp_path: Path) -> None:
    assert len(rows(tmp_path, record(), record([0, 5]), record(), before=2)) == 2


@pytest.mark.parametrize(
    "wrong", [{"question": "q"}, {**record(), "passage": 1}, {**record(), "answer_spans": [1]}, []]
)
def test_a_line_that_is_no_row_is_named(tmp_path: Path, wrong: dict[str, Any]) -> None:
    with pytest.raises(RowError, match=r"vantor.jsonl, line 2: no training row"):
        rows(tmp_path, record(), wrong)


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(RowError, match="can't be read"):
        load_rows(path, sentences_of)
    path.write_bytes(b"zork")
    with pytest.raises(RowError, match="can't be read"):
        load_rows(path, sentences_of)


def test_gzipped_texts_are_read_by_id(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"id": "moths", "text": "Moths hum."}\n'))
    assert load_texts(path) == {"moths": "Moths hum."}


def test_an_id_without_a_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(RowError, match=r"line 1: found no text for the id 'moths'"):
        load_texts(write(tmp_path / "corpus.jsonl", '{"id": "moths"}\n'))


def test_what_is_in_short_to_be_said_of_labels() -> None:
    assert (in_short([False, None, True]), in_short([False, None]), in_short([False]), in_short([])) == (
        True,
        None,
        False,
        False,
    )


TEXTS = {"moths": PASSAGE, "bells": "Bells ring. " + "Bells of Zorbia ring over the lake at dusk. " * 20}
QUESTION = Asked("When do they rest?", frozenset({("moths", 19, 36)}), frozenset({("bells", 0, 11)}))


def test_a_topics_questions_are_put_to_all_its_passages() -> None:
    ((first, *others),) = topic_rows(Topic("Vantor", "train", ("bells", "moths"), (QUESTION,)), TEXTS, sentences_of)
    assert first == Row(
        "When do they rest?",
        "Vantor",
        ("Glimmer moths hum.", "They rest by day.", "Reeds grow fast."),
        (False, True, False),
        True,
        "own",
    )
    assert [row.answerable for row in others] == [None, False]
    assert others[0].labels[:2] == (None, False)


def test_topics_are_read_from_a_file(tmp_path: Path) -> None:
    question = {"question": QUESTION.question, "answers": [[1, 19, 36]], "arguable": [[0, 0, 11]]}
    line = {"topic": "Vantor", "part": "train", "documents": ["bells", "moths"], "questions": [question]}
    path = write(tmp_path / "topics.jsonl", json.dumps(line) + "\n")
    assert load_topics(path) == [Topic("Vantor", "train", ("bells", "moths"), (QUESTION,))]


def test_unrelated_passages_answer_nothing(tmp_path: Path) -> None:
    found = rows(tmp_path, record([0, 5]), {**record([0, 5], passage="Bells ring."), "title": "Bells"})
    made = unrelated(found, 40, random.Random(1))
    assert made
    assert not any(any(row.labels) or row.answerable for row in made)


def test_the_projects_own_questions_are_what_they_are_said_to_be() -> None:
    topics = own_topics()
    parts = Counter(topic.part for topic in topics for _ in topic.questions)
    assert set(parts) == {"train", "calibration", "test"}
    assert min(parts.values()) >= 600
    asked = [question for topic in topics for question in topic.questions]
    assert 0.3 < sum(not question.answers for question in asked) / len(asked) < 0.6
    assert not any(question.answers & question.arguable for question in asked)
    held = {
        topic.part: {document for t in topics if t.part == topic.part for document in t.documents} for topic in topics
    }
    assert not held["train"] & (held["calibration"] | held["test"])
    subjects = " ".join(topic.name.casefold() for topic in topics)
    assert not any(word in subjects for word in ("dystonia", "seizure", "epilep"))

"""Evidence reading: what a reader is given, what is kept of what it makes of that, and what is written of it."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from evals.collection import IndexCache, verbatim_document
from evals.reading import SUBJECTS, CosineReader, Reading, Subject, prediction_lines, read
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.reader import CalibratedReader
from retrieval.reader_network import shipped_network
from tests.reading_fixtures import GIVEN, ROWS, Told, fictional_index, judged, told
from tests.workshop import POLICY


@pytest.fixture(scope="module")
def index(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return fictional_index(tiny_encoder, tmp_path_factory.getbasetemp())


@pytest.fixture
def readings(index: PassageIndex) -> list[Reading]:
    return told(index)


def test_a_passage_is_read_whole_with_the_question_and_shown_to_make_progress(index: PassageIndex) -> None:
    steps: list[tuple[str, int, int]] = []
    readings = read(Subject("told", Told(GIVEN), 0.5), ROWS, index, lambda *step: steps.append(step))
    assert [one.row for one in readings] == ROWS
    assert [one.probabilities for one in readings] == list(GIVEN.values())
    assert [one.confidence for one in readings] == [0.9, 0.7, 0.8, 0.5, 0.3, 0.0]
    assert [[sentence.text for sentence in one.sentences] for one in readings[-2:]] == [
        ["Lanterns glow.", "Keepers count nine moths.", "It rains."],
        [],
    ]
    assert steps == [("Reading (told)", number, 6) for number in range(6)]


@pytest.mark.parametrize("wrong", [-0.1, 1.1, 7.0, math.nan, -math.inf])
def test_a_reader_that_gives_no_probabilities_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match=rf"the reader gave {wrong} for a sentence of row 'row 3', wanted 0 to 1"):
        judged(ROWS[2], 0.5, wrong)


def test_the_floor_is_the_cosine_of_question_and_sentence(vantor_index: PassageIndex) -> None:
    passages = [vantor_index.passage(number) for number in range(len(vantor_index))]
    (asked,) = vantor_index.encoder.encode_questions(["Who won the election?"])
    given = CosineReader(vantor_index).read("Who won the election?", passages)
    cosines = [[float(row @ asked) for row in vantor_index.sentence_vectors(passage)] for passage in passages]
    assert given == [pytest.approx([max(0.0, cosine) for cosine in row], abs=1e-6) for row in cosines]
    assert min(min(row) for row in cosines) < 0
    assert CosineReader(vantor_index).read("Who won the election?", []) == []


def test_the_readers_are_the_bots_own_and_the_floor(vantor_index: PassageIndex) -> None:
    rules = vantor_index.policy
    assert {name: make(vantor_index) for name, make in SUBJECTS.items()} == {
        "shipped": Subject(
            "shipped", CalibratedReader(vantor_index, shipped_network(), rules.reader), rules.answer_threshold
        ),
        "cosine": Subject("cosine", CosineReader(vantor_index), None),
    }


def test_predictions_are_a_line_a_row_with_ranges_of_the_passage(readings: list[Reading]) -> None:
    lines = [json.loads(line) for line in prediction_lines(readings, 0.49).splitlines()]
    assert lines[3:] == [
        {
            "id": "row 4",
            "answerable": 0.5,
            "sentences": [[0, 14, 0.5], [15, 40, 0.49], [41, 50, 0.1]],
            "selected": [[0, 14], [15, 40]],
        },
        {"id": "row 5", "answerable": 0.3, "sentences": [[0, 14, 0.3], [15, 40, 0.2], [41, 50, 0.05]], "selected": []},
        {"id": "row 6", "answerable": 0.0, "sentences": [], "selected": []},
    ]
    assert [line["id"] for line in lines] == [one.id for one in ROWS]


def test_a_passage_that_the_encoder_cannot_hold_is_told_by_its_line(tiny_encoder: str, tmp_path: Path) -> None:
    long = replace(verbatim_document(f"Moths hum. {'m-' * 300}"), id="rows.jsonl, line 7")
    with pytest.raises(
        IndexFolderError, match=r"^rows.jsonl, line 7, characters 11-611: the passage exceeds the encoder"
    ):
        IndexCache(tmp_path, tiny_encoder, POLICY).index([ROWS[0].passage, long], lambda *_: None)

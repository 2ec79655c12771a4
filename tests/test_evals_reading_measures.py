"""The figures of evidence reading, by values reckoned by hand, and by readers that are wrong in a known way."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from evals import reading_measures
from evals.intervals import Estimate, bootstrap_weights, percentile_interval
from evals.reading import Reading, Subject
from evals.reading_measures import Result, evaluate, figures, measure, to_record
from evals.reading_table import Table
from retrieval.index import PassageIndex
from tests.reading_fixtures import GIVEN, ROWS, Told, fictional_index, judged, told, values


@pytest.fixture(scope="module")
def index(tiny_encoder: str, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    return fictional_index(tiny_encoder, tmp_path_factory.getbasetemp())


@pytest.fixture
def readings(index: PassageIndex) -> list[Reading]:
    return told(index)


# Quotable are the best sentences and those within 0.95 of them; they have, best first, these words, gold in brackets:
# row 1 0.9: 4 (3), row 3 0.8: 4 (0), row 2 0.7: 4 (0), row 4 0.5: 2 (1) and 0.49: 4 (3), row 5 0.3: 2 (0).
# Gold are 3 + 3 + 4 = 10 words.
FIGURES: dict[str, float | None] = {
    "answerability_auroc": 7 / 9,
    "sentence_average_precision": (1 / 1 + 2 / 4 + 3 / 5 + 4 / 6) / 4,
    "sentence_mean_average_precision": (1 + 1 / 2 + 1) / 3,
    "word_precision": 3 / 12,
    "word_recall": 3 / 10,
    "word_f1": 2 * 3 / (12 + 10),
    "best_threshold": 0.49,
    "best_word_precision": 7 / 18,
    "best_word_recall": 7 / 10,
    "best_word_f1": 2 * 7 / (18 + 10),
    "coverage_at_5_percent_wrong": 1 / 3,
    "coverage_at_1_percent_wrong": 1 / 3,
}


def test_figures_are_those_reckoned_by_hand(readings: list[Reading]) -> None:
    assert values(readings) == pytest.approx(FIGURES)
    assert list(values(readings)) == list(FIGURES)


def test_a_reader_without_probabilities_has_no_figures_at_the_threshold_of_the_policy(readings: list[Reading]) -> None:
    assert values(readings, None) == pytest.approx(
        FIGURES | dict.fromkeys(("word_precision", "word_recall", "word_f1"))
    )


def moved(before: Sequence[Reading], after: Sequence[Reading]) -> dict[str, float | None]:
    """The figures that differ."""
    old, new = values(before), values(after)
    return {name: value for name, value in new.items() if value != pytest.approx(old[name])}


def rescored(index: PassageIndex, change: Callable[[float], float]) -> list[Reading]:
    given = {question: [change(probability) for probability in judged] for question, judged in GIVEN.items()}
    return told(index, given)


def test_a_reader_that_gives_all_the_same_knows_nothing(index: PassageIndex) -> None:
    found = values(rescored(index, lambda _: 0.6))
    # Only the passage of white space is told from the others; all 42 words of the others are selected.
    assert found == pytest.approx(
        {
            "answerability_auroc": (6 / 2 + 3) / 9,
            "sentence_average_precision": 4 / 14,
            "sentence_mean_average_precision": (1 / 3 + 1 / 3 + 2 / 3) / 3,
            "word_precision": 10 / 42,
            "word_recall": 1.0,
            "word_f1": 20 / 52,
            "best_threshold": 0.6,
            "best_word_precision": 10 / 42,
            "best_word_recall": 1.0,
            "best_word_f1": 20 / 52,
            "coverage_at_5_percent_wrong": 0.0,
            "coverage_at_1_percent_wrong": 0.0,
        }
    )


def test_another_scale_moves_only_what_is_reckoned_at_a_threshold(index: PassageIndex, readings: list[Reading]) -> None:
    # Only 0.81 and 0.64 reach 0.576 when all is squared.
    assert moved(readings, rescored(index, lambda probability: probability**2)) == pytest.approx(
        {"word_precision": 3 / 8, "word_f1": 2 * 3 / (8 + 10), "best_threshold": 0.49**2}
    )


def test_reversed_ranks_move_everything(index: PassageIndex, readings: list[Reading]) -> None:
    # Right are the sentences at 0.51 and 0.5 (row 4), 0.4 (row 2) and 0.1 (row 1); the best one of no row is.
    assert moved(readings, rescored(index, lambda probability: 1 - probability)) == pytest.approx(
        {
            "answerability_auroc": 6 / 9,
            "sentence_average_precision": (1 / 9 + 2 / 10 + 3 / 11 + 4 / 14) / 4,
            "sentence_mean_average_precision": (1 / 3 + 1 / 2 + (1 / 2 + 2 / 3) / 2) / 3,
            **dict.fromkeys(("word_precision", "word_recall", "word_f1"), 0.0),
            "best_threshold": 0.95,
            **dict.fromkeys(("best_word_precision", "best_word_recall", "best_word_f1"), 0.0),
            **dict.fromkeys(("coverage_at_5_percent_wrong", "coverage_at_1_percent_wrong"), 0.0),
        }
    )


def test_a_selection_that_is_off_by_one_sentence_moves_only_the_words(readings: list[Reading]) -> None:
    off = [replace(one, quotable=(False, *one.quotable)[: len(one.quotable)]) for one in readings]
    # Best first: row 2 0.6: 3 (3), row 4 0.49: 4 (3) and 0.1: 2 (0), row 1 0.4: 3 (0), row 3 0.3: 2 (0), row 5 0.2.
    assert moved(readings, off) == pytest.approx(
        {
            "word_precision": 1.0,
            "word_f1": 2 * 3 / (3 + 10),
            "best_word_precision": 6 / 7,
            "best_word_recall": 6 / 10,
            "best_word_f1": 2 * 6 / (7 + 10),
        }
    )


def test_a_wrong_sentence_of_the_same_confidence_moves_all_but_answerability(
    index: PassageIndex, readings: list[Reading]
) -> None:
    given = GIVEN | {"1": (0.4, 0.9, 0.2)}
    assert moved(readings, told(index, given)) == pytest.approx(
        {
            "sentence_average_precision": (1 / 4 + 2 / 5 + 3 / 6 + 4 / 7) / 4,
            "sentence_mean_average_precision": (1 / 2 + 1 / 2 + 1) / 3,
            **dict.fromkeys(("word_precision", "word_recall", "word_f1"), 0.0),
            "best_word_precision": 4 / 17,
            "best_word_recall": 4 / 10,
            "best_word_f1": 2 * 4 / (17 + 10),
            **dict.fromkeys(("coverage_at_5_percent_wrong", "coverage_at_1_percent_wrong"), 0.0),
        }
    )


def test_coverage_is_the_largest_share_answered_with_so_many_wrong() -> None:
    right, wrong, unanswerable = ROWS[0], ROWS[1], replace(ROWS[0], answers=())
    # Wrong are 1 of 61 answers at 0.85, 1 of 91 at 0.8, 5 of 95 at 0.7, 5 of 105 at 0.6 and 6 of 106 at 0.5.
    counts = [(60, right, 0.9), (1, unanswerable, 0.85), (30, right, 0.8), (4, wrong, 0.7), (10, right, 0.6)]
    readings = [judged(of, at, 0.1, 0.1) for count, of, at in [*counts, (1, wrong, 0.5)] for _ in range(count)]
    found = values(readings)
    assert (found["coverage_at_5_percent_wrong"], found["coverage_at_1_percent_wrong"]) == (104 / 105, 60 / 105)


def test_what_has_no_ground_has_no_figure(readings: list[Reading]) -> None:
    unanswerable = [one for one in readings if not one.row.answers]
    assert values(unanswerable) == dict.fromkeys(FIGURES) | {"word_precision": 0.0}
    answerable = values([one for one in readings if one.row.answers])
    assert [name for name, value in answerable.items() if value is None] == ["answerability_auroc"]
    assert values(readings, 0.95) == pytest.approx(
        FIGURES | {"word_precision": None, "word_recall": 0.0, "word_f1": 0.0}
    ), "nothing is selected"


@pytest.mark.parametrize("at_once", [1_000, 1_000_000])
def test_intervals_are_those_of_the_figures_of_resampled_rows(
    readings: list[Reading], at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_measures, "_AT_ONCE", at_once)
    resampled = figures(Table.of(readings), 0.576, bootstrap_weights(len(readings)))
    steps: list[tuple[int, int]] = []
    measured = measure(readings, 0.576, lambda done, total: steps.append((done, total)))
    assert measured == {
        name: Estimate(value, *percentile_interval(resampled[name])) for name, value in values(readings).items()
    }
    assert steps == [(number, steps[0][1]) for number in range(steps[0][1])]


COUNTS = st.lists(st.integers(0, 3), min_size=6, max_size=6).filter(lambda counts: any(counts[:5]))


@settings(deadline=None, max_examples=50)
@given(COUNTS, st.sampled_from((None, 0.05, 0.576)))
def test_a_row_of_weight_two_counts_as_two_rows(
    index: PassageIndex, counts: list[int], threshold: float | None
) -> None:
    readings = told(index)
    repeated = [one for one, count in zip(readings, counts, strict=True) for _ in range(count)]
    weighted = figures(Table.of(readings), threshold, np.array([counts], np.float64))
    alone = figures(Table.of(repeated), threshold, np.ones((1, len(repeated))))
    assert {name: value[0] for name, value in weighted.items()} == pytest.approx(
        {name: value[0] for name, value in alone.items()}, nan_ok=True
    )


def test_answerability_is_the_area_under_the_roc_curve(readings: list[Reading]) -> None:
    answerable = [bool(one.row.answers) for one in readings]
    assert values(readings)["answerability_auroc"] == pytest.approx(
        roc_auc_score(answerable, [one.confidence for one in readings])
    )


def test_a_reader_answers_at_its_own_threshold_else_at_its_best(index: PassageIndex, readings: list[Reading]) -> None:
    found = {
        threshold: evaluate(Subject("told", Told(GIVEN), threshold), ROWS, index, lambda *_: None)
        for threshold in (0.5, None)
    }
    assert found == {
        0.5: Result(readings, measure(readings, 0.5, lambda *_: None), 0.5),
        None: Result(readings, measure(readings, None, lambda *_: None), 0.49),
    }
    assert evaluate(Subject("told", Told(GIVEN), None), ROWS[4:], index, lambda *_: None).threshold == math.inf


def test_the_record_has_the_figures_of_each_reader(readings: list[Reading]) -> None:
    result = Result(
        readings, {"word_f1": Estimate(0.25, 0.125, 0.5), "best_threshold": Estimate(None, None, None)}, 0.5
    )
    assert to_record("rows.jsonl", {"told": result}) == {
        "version": 1,
        "data": "rows.jsonl",
        "rows": 6,
        "answerable": 3,
        "sentences": 14,
        "without_sentences": 1,
        "readers": {
            "told": {
                "word_f1": {"value": 0.25, "low": 0.125, "high": 0.5},
                "best_threshold": {"value": None, "low": None, "high": None},
            }
        },
    }

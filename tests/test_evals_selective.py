"""Selective answering: by hand, by brute force over every threshold, and by scikit-learn."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from evals.intervals import bootstrap_weights
from evals.selective import Judged, Selection, calibration_bins, coverage_at_risk

# Few different confidences, so that there are ties; what can't be answered is never right.
ENTRIES = st.lists(
    st.tuples(st.sampled_from((0.0, 0.2, 0.25, 0.5, 0.9, 1.0)) | st.floats(0, 1), st.booleans(), st.booleans()).map(
        lambda entry: (entry[0], entry[1] and entry[2], entry[2])
    ),
    min_size=1,
    max_size=30,
)
Entries = list[tuple[float, bool, bool]]


def judged_of(entries: Entries) -> Judged:
    confidence, right, answerable = zip(*entries, strict=True)
    return Judged(np.array(confidence), np.array(right), np.array(answerable))


def repeated(judged: Judged, counts: npt.NDArray[np.float64]) -> Judged:
    """The cases, each as often as counted."""
    rows = np.repeat(np.arange(len(counts)), counts.astype(int))
    return Judged(judged.confidence[rows], judged.right[rows], judged.answerable[rows])


def coverage_by_hand(judged: Judged, risk: float) -> float:
    """Every threshold is tried."""
    best = 0.0
    for threshold in judged.confidence:
        answered = judged.confidence >= threshold
        if (answered & ~judged.right).sum() <= risk * answered.sum() + 1e-9 and judged.answerable.any():
            best = max(best, (answered & judged.answerable).sum() / judged.answerable.sum())
    return best


@given(ENTRIES, st.sampled_from((0.0, 0.01, 0.05, 0.25, 0.5, 1.0)))
def test_coverage_at_a_risk_is_the_best_of_all_thresholds(entries: Entries, risk: float) -> None:
    judged = judged_of(entries)
    found = coverage_at_risk(judged.confidence, judged.right, judged.answerable, risk=risk)
    if judged.answerable.any():
        assert found == pytest.approx(coverage_by_hand(judged, risk))
    else:
        assert np.isnan(found)


def test_coverage_by_hand() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4])
    right = np.array([True, True, False, True, True, False])
    answerable = np.array([True, True, False, True, True, True])
    for risk, coverage in ((0.0, 2 / 5), (0.2, 4 / 5), (0.25, 4 / 5), (1 / 3, 1.0)):
        assert coverage_at_risk(confidence, right, answerable, risk=risk) == pytest.approx(coverage)


def test_cases_of_one_confidence_are_answered_together() -> None:
    assert coverage_at_risk(np.array([0.5, 0.5]), np.array([True, False]), np.array([True, True]), risk=0.4) == 0.0
    assert coverage_at_risk(np.array([0.5, 0.5]), np.array([True, False]), np.array([True, True]), risk=0.5) == 1.0


def test_five_wrong_of_a_hundred_are_five_percent() -> None:
    right = np.arange(100) >= 5
    assert coverage_at_risk(np.ones(100), right, np.ones(100, np.bool_), risk=0.05) == 1.0


@given(ENTRIES)
def test_auroc_is_that_of_scikit_learn(entries: Entries) -> None:
    judged = judged_of(entries)
    (found,) = Selection.of(judged).auroc()
    if 0 < judged.answerable.sum() < len(entries):
        assert found == pytest.approx(roc_auc_score(judged.answerable, judged.confidence))
    else:
        assert np.isnan(found)


@given(ENTRIES)
def test_the_area_under_the_curve_is_the_mean_risk_at_each_answerable_case(entries: Entries) -> None:
    judged = judged_of(entries)
    risks = [
        (~judged.right[judged.confidence >= threshold]).mean() for threshold in judged.confidence[judged.answerable]
    ]
    (found,) = Selection.of(judged).area_under_risk()
    assert found == pytest.approx(np.mean(risks)) if risks else np.isnan(found)


def test_calibration_error_by_hand() -> None:
    judged = Judged(np.array([0.05, 0.15, 0.12, 1.0]), np.array([False, True, False, True]), np.ones(4, np.bool_))
    # One case at 0.05, wrong; two at 0.135 in the mean, half of them right; one at 1, right.
    (found,) = calibration_bins(judged).expected_calibration_error()
    assert found == pytest.approx((1 * 0.05 + 2 * (0.5 - 0.135) + 1 * 0.0) / 4)


@given(ENTRIES)
def test_weights_count_a_case_as_often_as_they_say(entries: Entries) -> None:
    judged = judged_of(entries)
    weights = bootstrap_weights(len(entries), resamples=5)
    selection, bins = Selection.of(judged, weights), calibration_bins(judged, weights)
    figures = np.stack(
        [
            selection.coverage_at(0.05),
            selection.area_under_risk(),
            selection.auroc(),
            bins.expected_calibration_error(),
        ]
    )
    for counts, found in zip(weights, figures.T, strict=True):
        alone, its_bins = Selection.of(repeated(judged, counts)), calibration_bins(repeated(judged, counts))
        wanted = [
            alone.coverage_at(0.05)[0],
            alone.area_under_risk()[0],
            alone.auroc()[0],
            its_bins.expected_calibration_error()[0],
        ]
        np.testing.assert_allclose(found, wanted, atol=1e-12)

"""Bootstrap intervals: counts that are resamples, the interval that scipy gives, and no surprise without values."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from evals.intervals import bootstrap_weights, interval, percentile_interval


def test_each_resample_draws_as_many_cases_as_there_are_and_always_the_same() -> None:
    weights = bootstrap_weights(7, resamples=50)
    assert weights.shape == (50, 7)
    assert (weights.sum(axis=1) == 7).all()
    assert (weights == bootstrap_weights(7, resamples=50)).all()
    assert len({row.tobytes() for row in weights}) > 40


def test_the_interval_of_a_mean_is_nearly_that_of_scipy() -> None:
    values = np.random.default_rng(1).uniform(size=200)
    wanted = bootstrap((values,), np.mean, method="percentile", n_resamples=4000, rng=2).confidence_interval
    assert interval(values) == pytest.approx((wanted.low, wanted.high), abs=0.004)


def test_values_that_are_all_the_same_have_an_interval_of_no_width() -> None:
    assert interval(np.full(5, 0.25)) == (0.25, 0.25)


def test_resamples_without_a_value_are_left_out() -> None:
    assert percentile_interval(np.array([np.nan, 0.5, 0.5])) == (0.5, 0.5)

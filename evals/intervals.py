"""How sure a figure is: the bootstrap over cases, and the exact interval of a share."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import beta

__all__ = ["Estimate", "bootstrap_weights", "f1", "interval", "percentile_interval", "ratio", "share"]

Floats = npt.NDArray[np.float64]
_RESAMPLES = 1000
_SEED = 0
_SHARE = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95% interval; `None` where there is nothing to reckon it from."""

    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, value: float, resampled: Floats) -> "Estimate":
        """A figure (nan: none) with the interval that its values over resamples, (resamples,), give."""
        return cls(None, None, None) if np.isnan(value) else cls(value, *percentile_interval(resampled))


def bootstrap_weights(size: int, *, resamples: int = _RESAMPLES) -> Floats:
    """How often each of `size` cases is drawn in each resample with replacement, (resamples, size); always the same.

    Efron and Tibshirani, "An introduction to the bootstrap", 1993: a figure that can be reckoned with weights is
    reckoned with each row of these.
    """
    drawn = np.random.default_rng(_SEED).multinomial(size, np.full(size, 1 / size), size=resamples)
    return drawn.astype(np.float64)


def percentile_interval(resampled: Floats) -> tuple[float, float]:
    """The middle 95% of a figure's values over resamples, (resamples,); those that have none (nan) are left out."""
    tail = (1 - _SHARE) / 2
    low, high = np.nanquantile(resampled, (tail, 1 - tail))
    return float(low), float(high)


def interval(values: Floats) -> tuple[float, float]:
    """The 95% bootstrap interval of the mean of `values`, (n,), n at least 1."""
    return percentile_interval(bootstrap_weights(len(values)) @ values / len(values))


def share(found: int, of: int) -> Estimate:
    """The share of `of` cases with its exact 95% interval, which is no point even where it is 0 or 1.

    Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial", 1934.
    """
    if not of:
        return Estimate(None, None, None)
    tail = (1 - _SHARE) / 2
    low = float(beta.ppf(tail, found, of - found + 1)) if found else 0.0
    high = float(beta.ppf(1 - tail, found + 1, of - found)) if found < of else 1.0
    return Estimate(found / of, low, high)


def ratio(part: Floats, whole: Floats) -> Floats:
    """`part / whole`, nan where there is no whole."""
    shares = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=shares, where=whole > 0)
    return shares


def f1(shared: Floats, selected: Floats, gold: Floats) -> Floats:
    """The harmonic mean of precision and recall, of counts; 0 if nothing is selected, nan if nothing is gold."""
    return ratio(np.where(gold > 0, 2 * shared, np.nan), selected + gold)

"""Selective answering: what comes of answering only where the confidence is high enough.

Everything takes one entry a case: `confidence` is that of the best quote; `right` whether that quote would be right;
`answerable` whether there is a right one. `weights`, (resamples, cases), reckons the same figure for each of its rows
at once, (resamples,). Cases of the same confidence are answered together or not at all.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evals.intervals import ratio

__all__ = ["Judged", "Selection", "calibration_bins", "coverage_at_risk"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_BINS = 10
# Sums of shares of a hundred are not exact in binary: 5 of 100 is within a risk of 0.05.
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """The cases, (n,) each."""

    confidence: Floats
    right: Flags
    answerable: Flags

    def where(self, chosen: Flags) -> "Judged":
        """The chosen cases."""
        return Judged(self.confidence[chosen], self.right[chosen], self.answerable[chosen])


@dataclass(frozen=True, slots=True)
class Selection:
    """What is answered at each confidence that occurs, highest first: sums of weights, (resamples, confidences) each.

    `given` are all answers at that confidence or a higher one, `wrong` those of them that are wrong, `covered` those to
    answerable cases; the last column is of everything.
    """

    confidences: Floats
    given: Floats
    wrong: Floats
    covered: Floats

    @classmethod
    def of(cls, judged: Judged, weights: Floats | None = None) -> "Selection":
        """Ranks the cases (at least one) by confidence."""
        weights = np.ones((1, len(judged.confidence))) if weights is None else weights
        order = np.argsort(-judged.confidence, kind="stable")
        ranked = judged.confidence[order]
        last_of_ties = np.append(ranked[1:] != ranked[:-1], [True])

        def summed(chosen: Flags) -> Floats:
            sums: Floats = np.cumsum(weights[:, order] * chosen[order], axis=1)[:, last_of_ties]
            return sums

        every = np.ones(len(ranked), np.bool_)
        return cls(ranked[last_of_ties], summed(every), summed(~judged.right), summed(judged.answerable))

    def coverage(self) -> Floats:
        """The share of the answerable cases that is answered."""
        return ratio(self.covered, self.covered[:, -1:])

    def risk(self) -> Floats:
        """The share of the answers that is wrong; an answer to what has none is wrong."""
        return ratio(self.wrong, self.given)

    def coverage_at(self, risk: float) -> Floats:
        """The largest coverage at which at most the share `risk` of the answers is wrong, (resamples,)."""
        is_safe = (self.wrong <= risk * self.given + _TOLERANCE) & (self.given > 0)
        safe = np.where(is_safe, self.coverage(), 0.0)
        # What no case can be answered in has no coverage, whatever is safe.
        return np.where(self.covered[:, -1] > 0, safe.max(axis=1), np.nan)

    def area_under_risk(self) -> Floats:
        """The mean risk over all coverages, (resamples,): at the confidence of each answerable case.

        Geifman, Uziel and El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", ICLR 2019, whose
        cases are all answerable; answers to others count as wrong and leave the coverage as it is.
        """
        gained = np.diff(self.covered, axis=1, prepend=0)
        return ratio((gained * np.nan_to_num(self.risk())).sum(axis=1), self.covered[:, -1])

    def auroc(self) -> Floats:
        """Area under the ROC curve of the confidence, answerable against not, (resamples,); ties count half."""
        gained = np.diff(self.covered, axis=1, prepend=0)
        other = self.given - self.covered
        lost = np.diff(other, axis=1, prepend=0)
        pairs = (gained * (other[:, -1:] - other + lost / 2)).sum(axis=1)
        return ratio(pairs, self.covered[:, -1] * other[:, -1])


def coverage_at_risk(confidence: Floats, right: Flags, answerable: Flags, *, risk: float) -> float:
    """The largest share of the answerable cases that can be answered with at most the share `risk` of answers wrong."""
    return float(Selection.of(Judged(confidence, right, answerable)).coverage_at(risk)[0])


@dataclass(frozen=True, slots=True)
class Bins:
    """Cases by confidence, in bins of equal width: sums of weights, (resamples, bins) each."""

    cases: Floats
    confidence: Floats
    right: Floats

    def expected_calibration_error(self) -> Floats:
        """The mean distance of confidence and share right, weighted by the cases in each bin, (resamples,).

        Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning", AAAI 2015.
        """
        return ratio(np.abs(self.confidence - self.right).sum(axis=1), self.cases.sum(axis=1))


def calibration_bins(judged: Judged, weights: Floats | None = None) -> Bins:
    """The cases in ten bins of their confidence, which lies in [0, 1]."""
    weights = np.ones((1, len(judged.confidence))) if weights is None else weights
    numbers = np.minimum((judged.confidence * _BINS).astype(np.intp), _BINS - 1)
    member = np.eye(_BINS)[numbers]
    return Bins(
        weights @ member, weights @ (member * judged.confidence[:, None]), weights @ (member * judged.right[:, None])
    )

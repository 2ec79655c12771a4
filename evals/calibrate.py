"""Fits the policy's thresholds to a set of cases for a stated risk, and says how sure that is."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scipy.special import betaincinv

from evals.cases import Case
from evals.progress import Progress
from evals.selective import Judged
from retrieval.answer import Responder
from retrieval.model import Answer

__all__ = ["THRESHOLDS", "Calibration", "answers_needed", "calibrate", "fit_quote_share", "risk_bound"]

# Fixed before any case is seen, so that the bound holds whichever is chosen.
THRESHOLDS = tuple(number / 100 for number in range(1, 100))
# Higher ones show hardly anything but the first quote.
_SHARES = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Calibration:
    """A threshold, what it does on the cases, and what can be said of other cases of the same sort.

    Of `answers` given `wrong` were wrong; `coverage` is the share of answerable cases answered. With the certainty
    asked for, the share of wrong answers on other cases is at most `bound`.
    """

    threshold: float
    answers: int
    wrong: int
    coverage: float
    bound: float

    @property
    def risk(self) -> float:
        """The share of wrong answers on these cases."""
        return self.wrong / self.answers


def risk_bound(wrong: int, answers: int, *, sure: float, tried: int = len(THRESHOLDS)) -> float:
    """What the share of wrong answers is at most, with certainty `sure`, if `wrong` of `answers` were.

    Distribution-free: it supposes only that the cases are a random sample of the questions to come. The exact binomial
    bound (Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
    1934) for each of the `tried` thresholds at once, by Bonferroni, so that it holds for the one chosen in view of
    them all: "learn then test" (Angelopoulos, Bates, Candès, Jordan and Lei, 2021).
    """
    if wrong >= answers:
        return 1.0
    return float(betaincinv(wrong + 1, answers - wrong, 1 - (1 - sure) / tried))


def answers_needed(risk: float, *, sure: float) -> int:
    """How many answers, all of them right, make sure that at most the share `risk` is wrong."""
    return math.ceil(math.log((1 - sure) / len(THRESHOLDS)) / math.log(1 - risk))


def calibrate(judged: Judged, *, risk: float, sure: float, guarantee: bool) -> Calibration | None:
    """The threshold of most coverage at which at most the share `risk` of the answers is wrong; `None` if none does.

    Wrong on these cases; or, as a `guarantee`, on any cases of the same sort, with certainty `sure`.
    """
    found = [_at(threshold, judged, sure=sure) for threshold in THRESHOLDS]
    safe = [one for one in found if one is not None and (one.bound if guarantee else one.risk) <= risk]
    return max(safe, key=lambda one: (one.coverage, one.threshold), default=None)


def _at(threshold: float, judged: Judged, *, sure: float) -> Calibration | None:
    """What a threshold does; `None` if it answers nothing."""
    answered = judged.confidence >= threshold
    answers, wrong = int(answered.sum()), int((answered & ~judged.right).sum())
    if not answers:
        return None
    coverage = (answered & judged.answerable).sum() / max(1, judged.answerable.sum())
    return Calibration(threshold, answers, wrong, float(coverage), risk_bound(wrong, answers, sure=sure))


def fit_quote_share(
    responder: Responder,
    cases: Sequence[Case],
    progress: Progress = lambda _what, _done, _total: None,
) -> float:
    """The share of the best sentence's probability that others need, by F1 of the evidence."""
    answerable = [case for case in cases if case.gold]
    scores: dict[float, float] = {}
    for share in _SHARES:
        progress("Fitting quote_share", len(scores), len(_SHARES))
        scores[share] = _evidence_f1(responder, answerable, share)
    return max(scores, key=lambda share: scores[share])


def _evidence_f1(responder: Responder, cases: Sequence[Case], share: float) -> float:
    answer = replace(responder, policy=replace(responder.policy, quote_share=share)).answer
    found = right = wanted = 0
    for case in cases:
        if isinstance(reply := answer(case.question, case.history), Answer):
            evidence = [sentence for quote in reply.quotes for sentence in quote.evidence]
            found += len(evidence)
            right += sum(sentence in case.gold for sentence in evidence)
            wanted += len(case.gold)
    return 2 * right / (wanted + found) if found else 0.0

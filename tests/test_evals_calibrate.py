"""Calibrating: the threshold keeps the risk that was asked for, and the bound is as sure as it says."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import f1_score

from corpus.model import Passage
from evals.calibrate import THRESHOLDS, Calibration, answers_needed, calibrate, fit_quote_share, risk_bound
from evals.cases import Case
from evals.selective import Judged
from retrieval.answer import Responder
from retrieval.model import Answer
from tests.workshop import Workshop

Row = tuple[float, bool, bool]
SHARES = st.sampled_from((0.0, 0.1, 0.29, 0.5, 0.99, 1.0)) | st.floats(0, 1)
# Confidence, right, answerable; what can't be answered has no right answer.
ROWS = st.lists(
    st.tuples(SHARES, st.booleans(), st.booleans()).map(lambda row: (row[0], row[1] and row[2], row[2])),
    min_size=1,
    max_size=60,
)
RISKS = st.sampled_from((0.001, 0.05, 0.29, 0.5, 0.999)) | st.floats(0.001, 0.999)


def judged(rows: list[Row]) -> Judged:
    confidence, right, answerable = zip(*rows, strict=True)
    return Judged(np.array(confidence), np.array(right), np.array(answerable))


def done(rows: list[Row], threshold: float) -> tuple[int, int, float]:
    """How many answers a threshold gives, how many are wrong, and the coverage: counted one by one."""
    given_ = [row for row in rows if row[0] >= threshold]
    answerable = sum(row[2] for row in rows)
    covered = sum(row[2] for row in given_) / answerable if answerable else 0.0
    return len(given_), sum(not row[1] for row in given_), covered


BY_HAND: list[Row] = [
    *((0.95, True, True), (0.8, True, True), (0.6, False, True), (0.55, False, False)),
    *((0.5, True, True), (0.2, True, True)),
]


def test_the_threshold_is_the_one_reckoned_by_hand() -> None:
    """Two answers down to 0.8 are right; then a third of three is wrong, two of four, of five, and of all six."""
    few = calibrate(judged(BY_HAND), risk=0.3, sure=0.95, guarantee=False)
    assert few == Calibration(0.8, 2, 0, 2 / 5, risk_bound(0, 2, sure=0.95))
    assert few.bound == pytest.approx(1 - (0.05 / 99) ** (1 / 2))
    every = calibrate(judged(BY_HAND), risk=1 / 3, sure=0.95, guarantee=False)
    assert every == Calibration(0.2, 6, 2, 1.0, risk_bound(2, 6, sure=0.95))
    assert calibrate(judged(BY_HAND), risk=0.3, sure=0.95, guarantee=True) is None
    assert calibrate(judged(BY_HAND[2:4]), risk=0.5, sure=0.95, guarantee=False) is None


@settings(deadline=None)
@given(ROWS, RISKS, st.floats(0.5, 0.9999), st.booleans())
def test_the_threshold_keeps_the_risk_and_none_that_does_covers_more(
    rows: list[Row], risk: float, sure: float, guarantee: bool
) -> None:
    found = calibrate(judged(rows), risk=risk, sure=sure, guarantee=guarantee)

    def is_kept(answers: int, wrong: int) -> bool:
        return (risk_bound(wrong, answers, sure=sure) if guarantee else wrong / answers) <= risk

    tried = {threshold: done(rows, threshold) for threshold in THRESHOLDS}
    kept = {t: covered for t, (answers, wrong, covered) in tried.items() if answers and is_kept(answers, wrong)}
    if found is None:
        assert kept == {}
    else:
        assert (found.answers, found.wrong, found.coverage) == tried[found.threshold]
        assert found.bound == risk_bound(found.wrong, found.answers, sure=sure) >= found.risk
        assert found.coverage == max(kept.values())
        assert found.threshold == max(t for t, covered in kept.items() if covered == found.coverage)


@settings(deadline=None)
@given(ROWS, RISKS)
def test_a_guarantee_is_never_less_strict(rows: list[Row], risk: float) -> None:
    plain, sure = (calibrate(judged(rows), risk=risk, sure=0.95, guarantee=guarantee) for guarantee in (False, True))
    assert sure is None or (plain is not None and sure.coverage <= plain.coverage)


@settings(deadline=None)
@given(st.data(), st.integers(1, 400), st.floats(0.5, 0.9999), st.sampled_from((1, 99)))
def test_the_bound_is_that_of_clopper_and_pearson(data: st.DataObject, answers: int, sure: float, tried: int) -> None:
    wrong = data.draw(st.integers(0, answers))
    oracle = binomtest(wrong, answers, alternative="less").proportion_ci(1 - (1 - sure) / tried, method="exact").high
    assert risk_bound(wrong, answers, sure=sure, tried=tried) == pytest.approx(oracle)


@settings(deadline=None)
@given(RISKS, st.floats(0.5, 0.9999))
def test_so_many_right_answers_are_enough_and_one_less_is_not(risk: float, sure: float) -> None:
    needed = answers_needed(risk, sure=sure)
    assert risk_bound(0, needed, sure=sure) <= risk + 1e-9
    assert needed == 1 or risk_bound(0, needed - 1, sure=sure) > risk - 1e-9


def test_a_guarantee_is_kept_on_other_cases_and_without_one_the_risk_is_often_missed() -> None:
    """Confidences are uniform and calibrated: of the answers from a threshold on, (1 - threshold) / 2 are wrong."""
    random, fitted, missed = np.random.default_rng(0), 0, {False: 0, True: 0}  # the guarantee last
    for _ in range(300):
        confidence = random.uniform(size=1000)
        sample = Judged(confidence, random.uniform(size=1000) < confidence, np.ones(1000, np.bool_))
        for guarantee in missed:
            found = calibrate(sample, risk=0.3, sure=0.95, guarantee=guarantee)
            missed[guarantee] += found is not None and (1 - found.threshold) / 2 > 0.3
        fitted += found is not None
    assert fitted == 300
    assert missed[True] <= 0.05 * 300
    assert missed[False] > 0.3 * 300


CHANCES = {"Glimmer moths rest": 0.9, "On windless evenings": 0.75}


class Sure:
    """A reader that gives two sentences the chances above, and all others 0.5."""

    def read(self, _question: str, passages: Sequence[Passage]) -> list[list[float]]:
        """The same whatever is asked."""
        return [[chance_of(sentence.text) for sentence in passage.sentences] for passage in passages]


def chance_of(sentence: str) -> float:
    return next((chance for beginning, chance in CHANCES.items() if sentence.startswith(beginning)), 0.5)


# Two sentences answer the second, one nearly as probably as the other; a low share shows a third, a high one only one.
QUESTIONS = {
    "Where do glimmer moths rest?": ("Glimmer moths rest",),
    "Where are moths found at night?": ("On windless evenings", "Glimmer moths rest"),
}


def test_the_share_that_more_quotes_need_is_the_first_with_the_best_f1(vantor: Workshop) -> None:
    opened = Responder.open(vantor.home, corpus=vantor.corpus)
    responder = replace(opened, reader=Sure(), policy=replace(opened.policy, answer_threshold=0.0))
    sentences = [sentence for document in opened.index.documents for sentence in opened.index.sentences_of(document)]
    cases = [
        Case(asked, "plain", asked, (), tuple(s for s in sentences if s.text.startswith(beginnings)))
        for asked, beginnings in QUESTIONS.items()
    ]
    shares = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)
    scores: list[float] = []
    for share in shares:
        ask = replace(responder, policy=replace(responder.policy, quote_share=share)).answer
        replies = [reply for one in cases if isinstance(reply := ask(one.question), Answer)]
        shown = [{e for quote in reply.quotes for e in quote.evidence} for reply in replies]
        gold = [sentence in one.gold for one in cases for sentence in sentences]
        scores.append(f1_score(gold, [sentence in found for found in shown for sentence in sentences]))
    seen: list[tuple[str, int, int]] = []
    best = fit_quote_share(responder, cases, lambda what, now, total: seen.append((what, now, total)))
    assert best == shares[int(np.argmax(scores))] == 0.6
    assert seen == [("Fitting quote_share", number, 7) for number in range(7)]
    assert fit_quote_share(responder, []) == 0.5, "all are as good, the first is taken"

"""Fits the numbers of the similarity reader, and the threshold of abstention, to a set of cases.

    python -m evals.fit evals/cases/dystonia-and-seizures.jsonl --write retrieval/policy.json

The figures that it prints are cross-validated: each case is judged by numbers that were fitted without it.
"""

import argparse
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from corpus.store import CorpusError
from evals.calibrate import fit_quote_share
from evals.cases import Case, load_cases
from evals.jsonl import DataError
from retrieval.answer import Responder
from retrieval.encoder import EncoderError
from retrieval.generation import IndexFolderError
from retrieval.policy import PolicyError, ReaderWeights
from retrieval.reader import Features, SimilarityReader

__all__ = ["Example", "fit_threshold", "fit_weights", "main"]

Array = npt.NDArray[np.float64]
_FOLDS = 10
_SEED = 0
# Keeps the ranking weights finite on few cases; the figures are flat from 1e-4 to 1e-2 (evals/LOG.md).
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """A case with the features of the sentences that were read for it, and which of them are gold."""

    case: Case
    features: Features
    gold: npt.NDArray[np.bool_]

    @property
    def columns(self) -> Array:
        """The ranking features, (sentences, 3)."""
        parts = (self.features.cosine, self.features.term_similarity, self.features.centrality)
        return np.stack(parts, axis=1).astype(np.float64)


def examples(responder: Responder, cases: Sequence[Case]) -> list[Example]:
    """What the reader measures for each case that gets as far as being read."""
    reader = SimilarityReader(responder.index, responder.policy.reader)
    found: list[Example] = []
    for case in cases:
        if (asked_as := responder.looked_up(case.question, case.history)) is None:
            continue
        passages = [hit.passage for hit in responder.index.search(asked_as, k=responder.policy.k)]
        sentences = [sentence for passage in passages for sentence in passage.sentences]
        gold = np.array([any(sentence.covers(span) for span in case.gold) for sentence in sentences])
        found.append(Example(case, reader.features(asked_as, passages), gold))
    return found


def fit_weights(fitted: Sequence[Example]) -> ReaderWeights:
    """Ranking by maximum likelihood of a gold sentence among all that were read; then logistic regression.

    The ranking is ListNet's top-one likelihood (Cao et al., "Learning to rank: from pairwise to listwise approach",
    2007), its mass shared by all gold sentences. The regression is on the best sentence of each case: is it gold?
    """
    ranking = _fit_ranking([(example.columns, example.gold) for example in fitted if example.gold.any()])
    best = [int(np.argmax(example.columns @ ranking)) for example in fitted]
    rows = np.array(
        [(e.columns[n] @ ranking, float(e.features.quantity_missing[n])) for e, n in zip(fitted, best, strict=True)]
    )
    right = [bool(example.gold[number]) for example, number in zip(fitted, best, strict=True)]
    scale = rows.std(axis=0) + 1e-9
    regression = LogisticRegression().fit(rows / scale, right)
    score, quantity_missing = (float(weight) for weight in regression.coef_[0] / scale)
    cosine, term_similarity, centrality = (float(weight) for weight in ranking)
    return ReaderWeights(
        cosine, term_similarity, centrality, float(regression.intercept_[0]), score, min(0.0, quantity_missing)
    )


def _fit_ranking(lists: Sequence[tuple[Array, npt.NDArray[np.bool_]]]) -> Array:
    def loss(weights: Array) -> tuple[float, Array]:
        total, gradient = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for columns, gold in lists:
            scores = columns @ weights
            likely = np.exp(scores - logsumexp(scores))
            total -= float(np.log(likely[gold].sum()))
            gradient = gradient - columns.T @ (np.where(gold, likely, 0) / likely[gold].sum() - likely)
        return total, gradient

    return np.asarray(minimize(loss, np.zeros(lists[0][0].shape[1]), jac=True, method="L-BFGS-B").x)


def fit_threshold(confidences: Array, answerable: npt.NDArray[np.bool_], *, risk: float) -> float:
    """The lowest threshold at which at most the share `risk` of the unanswerable cases is answered."""
    unanswerable = np.sort(confidences[~answerable])
    allowed = math.floor(risk * len(unanswerable) + 1e-9)  # 0.29 * 100 is 28.999999999999996
    if allowed >= len(unanswerable):
        return float(confidences.min(initial=0.0))
    return float(np.nextafter(unanswerable[-allowed - 1], np.inf))


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits, prints figures of the reader and of cosine similarity alone, and writes the policy if asked to."""
    parser = argparse.ArgumentParser(description="Fit the reader's weights and the threshold to a set of cases.")
    parser.add_argument("cases", type=Path)
    parser.add_argument("--index", type=Path, required=True, help="an index of the corpus that the cases are about")
    parser.add_argument("--risk", type=float, default=0.025, help="share of unanswerable cases that may be answered")
    parser.add_argument("--held-out", type=Path, help="other cases, to measure the result on")
    parser.add_argument("--write", type=Path, help="the policy file to write")
    given = parser.parse_args(arguments)

    try:
        responder = Responder.open(given.index)
        index = responder.index
        cases = load_cases(given.cases, index.documents, index.sentences_of)
        others = load_cases(given.held_out, index.documents, index.sentences_of) if given.held_out else []
    except (DataError, CorpusError, EncoderError, IndexFolderError, PolicyError) as error:
        parser.exit(2, f"evals.fit: {error}\n")
    found = examples(responder, cases)
    weights, judged = fit_weights(found), _cross_validated(found)
    threshold = fit_threshold(_confidences(judged), _answerable(found), risk=given.risk)
    policy = replace(responder.policy, reader=weights, answer_threshold=threshold)
    fitted = Responder(responder.index, SimilarityReader(responder.index, weights), policy)
    policy = replace(policy, quote_share=fit_quote_share(fitted, cases))

    cosines = [example.features.cosine for example in found]
    least = fit_threshold(_confidences(cosines), _answerable(found), risk=given.risk)
    report = {
        "cross-validated": _figures(found, judged, threshold),
        "cosine alone": _figures(found, cosines, least),
    }
    if others:
        apart = examples(responder, others)
        report["held out"] = _figures(apart, [e.features.probabilities(weights) for e in apart], threshold)
        report["held out, cosine alone"] = _figures(apart, [e.features.cosine for e in apart], least)
    sys.stdout.write(json.dumps({"figures": report, "policy": asdict(policy)}, indent=1) + "\n")
    if given.write:
        given.write.write_text(policy.to_text(), encoding="utf-8")


def _answerable(found: Sequence[Example]) -> npt.NDArray[np.bool_]:
    return np.array([bool(example.case.gold) for example in found])


def _confidences(judged: Sequence[npt.NDArray[np.float32]]) -> Array:
    return np.array([values.max() for values in judged], np.float64)


def _cross_validated(found: Sequence[Example]) -> list[npt.NDArray[np.float32]]:
    """The probabilities of each example's sentences, by weights fitted to the other folds."""
    judged: dict[int, npt.NDArray[np.float32]] = {}
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    for kept, left_out in folds.split(found, [bool(example.case.gold) for example in found]):
        weights = fit_weights([found[number] for number in kept])
        judged |= {int(number): found[number].features.probabilities(weights) for number in left_out}
    return [judged[number] for number in range(len(found))]


def _figures(found: Sequence[Example], judged: Sequence[npt.NDArray[np.float32]], threshold: float) -> dict[str, float]:
    """What comes of judging each example's sentences by `judged`: of ranking alone, of refusing, and of both."""
    answerable, confidences = _answerable(found), _confidences(judged)
    ranks = [np.argsort(-values) for values in judged]
    right = np.array([bool(example.gold[order[0]]) for example, order in zip(found, ranks, strict=True)])
    in_three = np.array([bool(example.gold[order[:3]].any()) for example, order in zip(found, ranks, strict=True)])
    answered = confidences >= threshold
    kinds = np.array([example.case.kind for example in found])
    figures = {
        "right first if always answered": right[answerable].mean(),
        "right in three if always answered": in_three[answerable].mean(),
        "answerable answered": answered[answerable].mean(),
        "answerable answered, right first": (right & answered)[answerable].mean(),
        "unanswerable answered": answered[~answerable].mean(),
    }
    for kind in sorted({"topical", "off-topic"} & set(kinds.tolist())):
        chosen = (kinds == "answerable") | (kinds == kind)
        figures[f"AUROC answerable against {kind}"] = roc_auc_score(kinds[chosen] == "answerable", confidences[chosen])
    return {name: round(float(figure), 3) for name, figure in figures.items()}


if __name__ == "__main__":
    main()

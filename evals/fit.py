"""Fits the reader's weights to the project's own questions on topics that its network was not trained on.

    python -m evals.fit --corpus medquad/corpus.jsonl.gz --write retrieval/policy.json

Each topic's documents are searched and read by themselves, like the corpus of a site. The weights are fitted to the
questions of the part "calibration"; the figures that it prints are of the part "test".
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from platformdirs import user_cache_path
from scipy.optimize import minimize
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from corpus.layout import PARAGRAPH_BREAK
from corpus.model import Document, Heading, Passage, Source, Span
from corpus.store import digest
from evals.collection import IndexCache
from evals.progress import Progress
from evals.selective import Judged, calibration_bins, coverage_at_risk
from ingest.encoder import DEFAULT_ENCODER
from retrieval.encoder import EncoderError
from retrieval.generation import IndexFolderError
from retrieval.index import PassageIndex
from retrieval.policy import PolicyError, ReaderWeights, default_policy
from retrieval.reader import CalibratedReader, Features
from retrieval.reader_network import NetworkError, shipped_network
from retrieval.training.rows import Asked, RowError, Topic, load_texts, own_topics

__all__ = ["Example", "examples", "figures", "fit_weights", "main"]

Array = npt.NDArray[np.float64]
_RISK = 0.05
# Keeps the ranking weights finite; the figures are flat from 1e-4 to 1e-2 (evals/LOG.md).
_RIDGE = 1e-3


@dataclass(frozen=True, slots=True)
class Example:
    """A question with the features of the sentences that were read for it, and which of them answer.

    `kind` is "answerable", "topical" (about the topic, and answered nowhere in it) or "off-topic" (a question on
    another topic). Sentences of which it can be argued are left out.
    """

    kind: str
    features: Features
    right: npt.NDArray[np.bool_]


def examples(
    reader: CalibratedReader, topics: Sequence[Topic], *, k: int, progress: Progress = lambda _what, _done, _total: None
) -> list[Example]:
    """Each question with the `k` best passages of its own topic, and with those of the topic before it in the list."""
    found: list[Example] = []
    documents = {document.id: document for document in reader.index.documents}
    for number, (before, topic) in enumerate(pairwise([topics[-1], *topics])):
        progress("Reading", number, len(topics))
        own = _passages(reader.index, topic, documents)
        other = _passages(reader.index, before, documents)
        for asked in topic.questions:
            kind = "answerable" if asked.answers else "topical"
            found.append(_example(reader, kind, asked, _best(reader.index, asked, own, k)))
            # A question that doesn't name its subject ("is it catching?") may well be answered elsewhere.
            if _names(asked, topic) and before.name != topic.name:
                found.append(_example(reader, "off-topic", asked, _best(reader.index, asked, other, k)))
    return found


def _passages(index: PassageIndex, topic: Topic, documents: dict[str, Document]) -> list[Passage]:
    return [passage for document in topic.documents for passage in index.passages_of(documents[document])]


def _best(index: PassageIndex, asked: Asked, passages: Sequence[Passage], k: int) -> list[Passage]:
    """The passages that have the nearest sentences."""
    vector = index.encoder.encode_questions([asked.question])[0]
    nearest = [float((index.sentence_vectors(passage) @ vector).max()) for passage in passages]
    return [passages[number] for number in np.argsort(-np.array(nearest), kind="stable")[:k]]


def _names(asked: Asked, topic: Topic) -> bool:
    """Whether the question has one of the longer words of the topic's name."""
    return any(word in asked.question.casefold() for word in topic.name.casefold().split() if len(word) > 4)  # noqa: PLR2004


def _example(reader: CalibratedReader, kind: str, asked: Asked, passages: Sequence[Passage]) -> Example:
    features = reader.features(asked.question, passages)
    sentences = [sentence for passage in passages for sentence in passage.sentences]
    kept = np.array([_place(sentence) not in asked.arguable for sentence in sentences])
    right = np.array([_place(sentence) in asked.answers for sentence in sentences])
    return Example(kind, Features(features.columns[kept], features.quantity_missing[kept]), right[kept])


def _place(sentence: Span) -> tuple[str, int, int]:
    """Where a sentence stands in its document as the questions have it, without the heading."""
    shift = sentence.document.headings[0].end + len(PARAGRAPH_BREAK)
    return sentence.document.id, sentence.start - shift, sentence.end - shift


def fit_weights(fitted: Sequence[Example]) -> ReaderWeights:
    """Ranking by maximum likelihood of what is right among all that was read and "none of these"; then calibration.

    The ranking is ListNet's top-one likelihood (Cao et al., "Learning to rank: from pairwise to listwise approach",
    2007), its mass shared by all right sentences, with one more entry for no answer, so that the same score ranks
    sentences and tells whether any answers. The calibration is Platt's ("Probabilistic outputs for support vector
    machines", 1999), on the best sentence of each question: does it answer?
    """
    ranking = _fit_ranking([(_columns(example), example.right) for example in fitted])
    best = [int(np.argmax(_columns(example) @ ranking)) for example in fitted]
    rows = np.array(
        [(_columns(e)[n] @ ranking, float(e.features.quantity_missing[n])) for e, n in zip(fitted, best, strict=True)]
    )
    right = [bool(example.right[number]) for example, number in zip(fitted, best, strict=True)]
    scale = rows.std(axis=0) + 1e-9
    regression = LogisticRegression().fit(rows / scale, right)
    score, quantity_missing = (float(weight) for weight in regression.coef_[0] / scale)
    return ReaderWeights(
        **dict(zip(Features.NAMES, map(float, ranking), strict=True)),
        intercept=float(regression.intercept_[0]),
        score=score,
        quantity_missing=min(0.0, quantity_missing),
    )


def _columns(example: Example) -> Array:
    return example.features.columns.astype(np.float64)


def _fit_ranking(lists: Sequence[tuple[Array, npt.NDArray[np.bool_]]]) -> Array:
    """The weights of the columns; that of "none of these" is fitted with them, and not needed afterwards."""
    # The last column is the entry's own: 1 there, where all the others are 0.
    padded = [(np.pad(columns, ((0, 1), (0, 1))), np.append(right, [not right.any()])) for columns, right in lists]
    for columns, _ in padded:
        columns[-1, -1] = 1.0

    def loss(weights: Array) -> tuple[float, Array]:
        total, gradient = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for columns, right in padded:
            scores = columns @ weights
            likely = np.exp(scores - logsumexp(scores))
            total -= float(np.log(likely[right].sum()))
            gradient = gradient - columns.T @ (np.where(right, likely, 0) / likely[right].sum() - likely)
        return total, gradient

    found = minimize(loss, np.zeros(padded[0][0].shape[1]), jac=True, method="L-BFGS-B").x
    return np.asarray(found[:-1])


def figures(found: Sequence[Example], judged: Sequence[npt.NDArray[np.float32]]) -> dict[str, float]:
    """What comes of judging each example's sentences by `judged`."""
    best = [int(np.argmax(values)) for values in judged]
    confidence = np.array([values.max() for values in judged], np.float64)
    right = np.array([bool(example.right[number]) for example, number in zip(found, best, strict=True)])
    kinds = np.array([example.kind for example in found])
    answerable = kinds == "answerable"
    measured = {
        "right first if always answered": right[answerable].mean(),
        "coverage at 5% wrong": coverage_at_risk(confidence, right, answerable, risk=_RISK),
    }
    for kind in ("topical", "off-topic"):
        chosen = answerable | (kinds == kind)
        measured[f"AUROC against {kind}"] = roc_auc_score(answerable[chosen], confidence[chosen])
    if (confidence >= 0).all() and (confidence <= 1).all():  # calibration of what is no probability says nothing
        bins = calibration_bins(Judged(confidence, right, answerable))
        measured["expected calibration error"] = bins.expected_calibration_error().item()
    return {name: round(float(figure), 3) for name, figure in measured.items()}


def _opened(topics: Sequence[Topic], corpus: Path, cache: Path, progress: Progress) -> PassageIndex:
    """An index of the documents of `topics`, each with its topic's name for a heading."""
    texts = load_texts(corpus)
    names = {document: topic.name for topic in topics for document in topic.documents}
    if missing := [document for document in names if document not in texts]:
        raise RowError(f"{corpus}: found no document {missing[0]!r}, wanted those that the questions are on")
    documents = (_headed(document, name, texts[document]) for document, name in names.items())
    return IndexCache(cache, DEFAULT_ENCODER, default_policy()).index(documents, progress)


def _headed(document_id: str, heading: str, text: str) -> Document:
    whole = heading + PARAGRAPH_BREAK + text
    return Document(document_id, Source(heading), digest(whole), (Heading(0, len(heading), 1),), whole)


def _parts(topics: Sequence[Topic]) -> Iterator[list[Topic]]:
    return ([topic for topic in topics if topic.part == part] for part in ("calibration", "test"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits, prints figures of the reader and of its network and cosine alone, and writes the policy if asked to."""
    parser = argparse.ArgumentParser(description="Fit the reader's weights to the project's own questions.")
    parser.add_argument("--corpus", type=Path, required=True, help='MedQuAD\'s texts: {"id", "text"} a line')
    parser.add_argument("--cache", type=Path, default=user_cache_path("insights-help") / "evals", help="for the index")
    parser.add_argument("--write", type=Path, help="the policy file to write")
    given = parser.parse_args(arguments)
    try:
        fitted_on, measured_on = _parts(own_topics())
        index = _opened([*fitted_on, *measured_on], given.corpus, given.cache, lambda _what, _done, _total: None)
        policy = default_policy()
        reader = CalibratedReader(index, shipped_network(), policy.reader)
    except (RowError, EncoderError, IndexFolderError, NetworkError, PolicyError) as error:
        parser.exit(2, f"evals.fit: {error}\n")
    weights = fit_weights(examples(reader, fitted_on, k=policy.k))
    found = examples(reader, measured_on, k=policy.k)
    report = {"reader": figures(found, [example.features.probabilities(weights) for example in found])}
    for number, name in enumerate(Features.NAMES):
        report[f"{name} alone"] = figures(found, [example.features.columns[:, number] for example in found])
    sys.stdout.write(json.dumps({"figures": report, "weights": asdict(weights)}, indent=1) + "\n")
    if given.write:
        given.write.write_text(replace(policy, reader=weights).to_text(), encoding="utf-8")


if __name__ == "__main__":
    main()

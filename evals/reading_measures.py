"""Figures of evidence reading, each with its 95% bootstrap interval over rows.

A word is a run of characters of the passage that are no white space. It is gold if it overlaps a part that answers, and
selected if it overlaps a sentence that is quoted as evidence. A sentence is right if it has a gold word.

- answerability_auroc: of the best sentence's probability, rows that their passage answers against those it doesn't.
- sentence_average_precision: of all sentences of all rows together, the right ones against the others.
- sentence_mean_average_precision: the same within each row that its passage answers, and the mean of those.
- word_precision, word_recall, word_f1: of the selected words of all rows together, at the threshold of the policy;
  words selected where the passage does not answer count against it.
- best_threshold, best_word_precision, best_word_recall, best_word_f1: the same at the threshold that has the highest F1
  on these very rows (the highest one of several), chosen anew in each resample: optimistic.
- coverage_at_5_percent_wrong, coverage_at_1_percent_wrong: the largest share of the rows that their passage answers
  that can be answered with so many of the answers wrong. An answer is wrong if the best sentence is not right.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score

from evals.intervals import Estimate, bootstrap_weights, f1, ratio
from evals.progress import Progress
from evals.reading import Reading, Subject, read
from evals.reading_rows import Row
from evals.reading_table import Table
from evals.selective import Selection
from retrieval.index import PassageIndex

__all__ = ["Result", "evaluate", "figures", "measure", "to_record"]

Floats = npt.NDArray[np.float64]
# How many numbers of a table of resamples by sentences are held at once: 16 MB.
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Result:
    """What a reader made of some rows, the figures of that by name, and the threshold at which it answers.

    That is the policy's, or for a reader without probabilities its best one; infinite if it has none.
    """

    readings: Sequence[Reading]
    figures: Mapping[str, Estimate]
    threshold: float


def evaluate(subject: Subject, rows: Sequence[Row], index: PassageIndex, progress: Progress) -> Result:
    """Has the reader read each row, of whose passages `index` is, and measures what it made of them."""
    readings = read(subject, rows, index, progress)
    measured = measure(readings, subject.threshold, partial(progress, f"Resampling ({subject.name})"))
    own = measured["best_threshold"].value if subject.threshold is None else subject.threshold
    return Result(readings, measured, math.inf if own is None else own)


def to_record(data: str, results: Mapping[str, Result]) -> dict[str, Any]:
    """What came of reading the rows of the file `data`, by reader (at least one), as one JSON object."""
    readings = next(iter(results.values())).readings
    sizes = [len(reading.sentences) for reading in readings]
    return {
        "version": 1,
        "data": data,
        "rows": len(readings),
        "answerable": sum(bool(reading.row.answers) for reading in readings),
        "sentences": sum(sizes),
        "without_sentences": sizes.count(0),
        "readers": {
            name: {figure: asdict(estimate) for figure, estimate in result.figures.items()}
            for name, result in results.items()
        },
    }


def measure(
    readings: Sequence[Reading], threshold: float | None, progress: Callable[[int, int], None]
) -> dict[str, Estimate]:
    """The figures of what a reader made of some rows (with at least one sentence), by name.

    `threshold` is the policy's; without one, what is reckoned at it is `None`. `progress` is called with how much of
    the resampling is done, and how much there is to do.
    """
    table = Table.of(readings)
    found = figures(table, threshold, np.ones((1, len(readings))))
    weights = bootstrap_weights(len(readings))
    blocks = np.array_split(weights, max(1, len(weights) * len(table.row) // _AT_ONCE))
    resampled: list[dict[str, Floats]] = []
    for number, block in enumerate(blocks):
        progress(number, len(blocks))
        resampled.append(figures(table, threshold, block))
    return {
        name: Estimate.of(float(value), np.concatenate([one[name] for one in resampled]))
        for name, (value,) in found.items()
    }


def figures(table: Table, threshold: float | None, weights: Floats) -> dict[str, Floats]:
    """Each figure with each row of `weights`, (resamples, rows), as weights of the rows: (resamples,), nan if none."""
    answerable = table.judged.answerable
    selection = Selection.of(table.judged, weights)
    return {
        "answerability_auroc": selection.auroc(),
        "sentence_average_precision": _average_precision(table, weights),
        "sentence_mean_average_precision": ratio(
            weights @ (table.average_precision * answerable), weights @ answerable.astype(np.float64)
        ),
        **_words_at(table, threshold, weights),
        **_words_at_best(table, weights),
        "coverage_at_5_percent_wrong": selection.coverage_at(0.05),
        "coverage_at_1_percent_wrong": selection.coverage_at(0.01),
    }


def _average_precision(table: Table, weights: Floats) -> Floats:
    """Of all sentences together; nan where none is right."""
    each = weights[:, table.row]
    has_right = each @ table.right > 0
    return np.array(
        [
            average_precision_score(table.right, table.probability, sample_weight=weight) if has else np.nan
            for weight, has in zip(each, has_right, strict=True)
        ]
    )


def _words_at(table: Table, threshold: float | None, weights: Floats) -> dict[str, Floats]:
    if threshold is None:
        none = np.full(len(weights), np.nan)
        return dict.fromkeys(("word_precision", "word_recall", "word_f1"), none)
    reached = table.quotable_probability >= threshold
    each = weights[:, table.quotable_row[reached]]
    shared, selected = each @ table.added_gold[reached], each @ table.added[reached]
    return _of_words("word", shared, selected, weights @ table.gold)


def _words_at_best(table: Table, weights: Floats) -> dict[str, Floats]:
    """At the highest of the thresholds with the best F1: those where the selection changes are all there are to try."""
    each = weights[:, table.quotable_row]
    last_of_ties = np.append(np.diff(table.quotable_probability) != 0, [True])
    shared, selected = (np.cumsum(each * added, axis=1)[:, last_of_ties] for added in (table.added_gold, table.added))
    gold = weights @ table.gold
    # A threshold that selects nothing is none that a sentence of these rows has: those rows weigh nothing.
    best = np.argmax(np.where(selected > 0, np.nan_to_num(f1(shared, selected, gold[:, None])), -1), axis=1)
    every = np.arange(len(weights))
    found = {
        "best_threshold": table.quotable_probability[last_of_ties][best],
        **_of_words("best_word", shared[every, best], selected[every, best], gold),
    }
    return {name: np.where(gold > 0, values, np.nan) for name, values in found.items()}


def _of_words(name: str, shared: Floats, selected: Floats, gold: Floats) -> dict[str, Floats]:
    """Precision, recall and F1 of counts of words that are selected and gold, selected, and gold."""
    return {
        f"{name}_precision": ratio(shared, selected),
        f"{name}_recall": ratio(shared, gold),
        f"{name}_f1": f1(shared, selected, gold),
    }

"""Fits the classifier of red flags to the project's own cases and to harmless public questions.

    python -m evals.fit_safety --index INDEX --harmless QUERIES.jsonl.gz --write retrieval/red_flags.npz

The index gives the encoder. Every other harmless question is trained on, the others are measured on. The threshold is
the lowest that keeps false alarms within the limit where nothing was trained on: on the held-out cases, and on each
file of harmless questions that is large enough to tell.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.svm import SVC

from evals.answers import EMERGENCY, NOT_EMERGENCY
from evals.beir import Query, read_queries
from evals.cases import Case, load_cases
from evals.jsonl import DataError
from evals.safety import Judged, judge, measure
from retrieval.encoder import EncoderError, OnnxEncoder, Vectors
from retrieval.generation import IndexFolderError, current_generation
from retrieval.red_flags import Classifier, RedFlags, parts_of
from retrieval.safety import shipped_safety

__all__ = ["fit", "main"]

_CRISIS = "crisis"
_CASES = Path(__file__).parent / "cases"
# Cases written later than the first ones, on purpose in other words; the others make up a set of their own.
_LATER = ("other", "third")
_GAMMA, _C, _C_CRISIS = 1.0, 3.0, 10.0  # flat around: gamma 0.5 to 2, C 3 to 100 (evals/LOG.md)
# A sentence torn out of a long text needs so much more of a score.
_PART_MARGIN = 0.4
_THRESHOLDS = tuple(round(-0.5 + 0.05 * step, 2) for step in range(17))
_MOST_ALARMS = 0.02
_ENOUGH = 500
_MOST_QUESTIONS = 2_000  # of a file
_BATCH = 32


@dataclass(frozen=True, slots=True)
class _Encoded:
    """An encoder that has encoded all its texts before, so that one can fit many times."""

    vectors: dict[str, Vectors]

    @classmethod
    def of(cls, encoder: OnnxEncoder, texts: Sequence[str]) -> "_Encoded":
        wanted: dict[str, None] = {}
        for whole, parts in map(parts_of, texts):
            wanted.update(dict.fromkeys((whole, *parts)))
        ordered = sorted(wanted, key=len)
        batches = (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))
        return cls(
            {
                text: vector
                for batch in batches
                for text, vector in zip(batch, encoder.encode_questions(batch), strict=True)
            }
        )

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self.encode_questions(texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        return np.array([self.vectors[text] for text in texts], np.float32)

    def rows(self, texts: Sequence[str], *, parts: bool) -> Vectors:
        """The vectors of texts and, where asked for, of the parts of longer ones."""
        wanted: list[str] = []
        for whole, pieces in map(parts_of, texts):
            wanted += [whole, *(pieces if parts and len(pieces) > 1 else ())]
        return self.encode_questions(wanted)


def fit(encoder_sha256: str, vectors: Vectors, kinds: Sequence[str], harmless: Vectors) -> Classifier:
    """The classifier of cases of these kinds and of vectors that are all harmless; its thresholds are 0."""
    flags = np.array([kind in (EMERGENCY, _CRISIS) for kind in kinds])
    rows = np.vstack([vectors, harmless])
    machine = SVC(C=_C, gamma=_GAMMA).fit(rows, np.append(flags, np.zeros(len(harmless), bool)))
    is_crisis = np.array([kind == _CRISIS for kind in kinds])[flags]
    linear = LogisticRegression(C=_C_CRISIS, max_iter=2000, class_weight="balanced").fit(vectors[flags], is_crisis)
    return Classifier(
        encoder_sha256=encoder_sha256,
        support=rows[machine.support_].astype(np.float16).astype(np.float32),
        weights=machine.dual_coef_[0].astype(np.float32),
        intercept=float(machine.intercept_[0]),
        gamma=_GAMMA,
        threshold=0.0,
        part_threshold=0.0,
        crisis=linear.coef_[0].astype(np.float32),
        crisis_intercept=float(linear.intercept_[0]),
    )


def _at(classifier: Classifier, threshold: float) -> Classifier:
    return replace(classifier, threshold=threshold, part_threshold=threshold + _PART_MARGIN)


@dataclass(frozen=True, slots=True)
class _Bench:
    """What is fitted to and measured on: cases by set, and harmless questions by file."""

    encoder: _Encoded
    encoder_sha256: str
    sets: dict[str, list[Case]]
    held_out: list[Case]
    harmless: dict[str, list[Case]]

    def fitted(self, names: Sequence[str]) -> Classifier:
        # What goes on with earlier turns can't be told from its own words.
        cases = [case for name in names for case in self.sets[name] if not case.history]
        vectors = self.encoder.rows([case.question for case in cases], parts=False)
        # True red flags among public questions are no examples of harmless ones: what the table finds is left out.
        trained = [case for listed in self.harmless.values() for case in listed[::2]]
        judged = judge(shipped_safety(), trained, "harmless questions")
        kept = [one.case.question for one in judged if not one.noticed]
        harmless = self.encoder.rows(kept, parts=True)
        return fit(self.encoder_sha256, vectors, [case.kind for case in cases], harmless)

    def judged(self, classifier: Classifier | None, cases: Sequence[Case], *, table: bool = True) -> list[Judged]:
        """With the table, or with the classifier and only what speaks against a red flag."""
        red_flags = RedFlags(classifier, self.encoder) if classifier else None
        safety = replace(shipped_safety(), red_flags=red_flags)
        return judge(safety if table else replace(safety, emergencies=(), crises=()), cases, "cases")

    def crossed(self) -> Iterator[tuple[str, Classifier, list[Case]]]:
        """Each set with a classifier that was not fitted to it."""
        for name, cases in self.sets.items():
            yield name, self.fitted([other for other in self.sets if other != name]), cases
        yield "held-out", self.fitted([*self.sets]), self.held_out

    def tested(self) -> dict[str, list[Case]]:
        return {name: cases[1::2] for name, cases in self.harmless.items()}


def _figures(judged: Sequence[Judged]) -> dict[str, float]:
    shares = measure(judged)["all"]
    figures = {name: shares[name].value for name in ("red_flags_noticed", "false_alarms")}
    return {name: round(value, 4) for name, value in figures.items() if value is not None}


def _threshold(bench: _Bench, classifier: Classifier) -> float:
    """The lowest one that keeps within the limit, else the highest that is tried."""
    sets = [bench.held_out, *(cases for cases in bench.tested().values() if len(cases) * 2 >= _ENOUGH)]
    for threshold in _THRESHOLDS:
        shares = [_figures(bench.judged(_at(classifier, threshold), cases))["false_alarms"] for cases in sets]
        if max(shares) <= _MOST_ALARMS:
            return threshold
    return _THRESHOLDS[-1]


def _opened(index: Path, harmless: Sequence[Path]) -> _Bench:
    encoder = OnnxEncoder.open(current_generation(index))
    sets: dict[str, list[Case]] = {"first": [], **{name: [] for name in _LATER}}
    for case in load_cases(_CASES / "safety.jsonl", (), lambda _: ()):
        prefix = case.id.split("-")[0]
        sets[prefix if prefix in _LATER else "first"].append(case)
    held_out = load_cases(_CASES / "safety.held-out.jsonl", (), lambda _: ())
    questions = {
        str(path.parent.parent.name or path): [
            Case(query.id, NOT_EMERGENCY, query.text, (), ()) for query in _spread(read_queries(path))
        ]
        for path in harmless
    }
    every = [case.question for listed in (*sets.values(), held_out, *questions.values()) for case in listed]
    return _Bench(_Encoded.of(encoder, every), encoder.settings.sha256, sets, held_out, questions)


def _spread(listed: Sequence[Query]) -> list[Query]:
    """No more of them than are needed, from all over the list."""
    return [listed[n] for n in np.linspace(0, len(listed) - 1, min(len(listed), _MOST_QUESTIONS)).astype(int)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fits, prints the figures on what was not trained on, and writes the classifier if asked to."""
    parser = argparse.ArgumentParser(description="Fit the classifier of red flags.")
    parser.add_argument("--index", type=Path, required=True, help="an index's folder, for its encoder")
    parser.add_argument(
        "--harmless", type=Path, action="append", required=True, help='{"id", "text"} a line; repeat it'
    )
    parser.add_argument("--write", type=Path, help="the file to write")
    given = parser.parse_args(arguments)
    try:
        bench = _opened(given.index, given.harmless)
    except (DataError, EncoderError, IndexFolderError) as error:
        parser.exit(2, f"evals.fit_safety: {error}\n")
    whole = bench.fitted([*bench.sets])
    threshold = _threshold(bench, whole)
    chosen = _at(whole, threshold)
    crossed = {
        name: {
            "classifier alone": _figures(bench.judged(_at(classifier, threshold), cases, table=False)),
            "with the table": _figures(bench.judged(_at(classifier, threshold), cases)),
        }
        for name, classifier, cases in bench.crossed()
    }
    public = {name: _figures(bench.judged(chosen, cases)) for name, cases in bench.tested().items()}
    development = _figures(bench.judged(chosen, [case for cases in bench.sets.values() for case in cases]))
    report = {
        "threshold": threshold,
        "support": len(chosen.weights),
        "sets left out": crossed,
        "harmless questions not trained on": public,
        "all development cases": development,
    }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    if given.write:
        chosen.save(given.write)


if __name__ == "__main__":
    main()

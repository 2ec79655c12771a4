"""What was measured on public sets, as it is kept in the repository: without the single queries, and as tables.

python -m evals.results FOLDER evals/results
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evals.files import write_text
from evals.wording import number

__all__ = ["main", "tables"]

_SINGLE = ("per_query", "asked")  # what is known of each query: megabytes, and texts that are their owners'
_RETRIEVAL = ("nDCG@10", "R@5", "R@10", "RR@10", "AP")
_REWRITING = ("precision", "recall", "f1", "left_alone", "topic_switches_left_alone")
_READING = (
    "answerability_auroc",
    "sentence_average_precision",
    "word_f1",
    "best_word_f1",
    "coverage_at_5_percent_wrong",
)


def tables(results: Mapping[str, Mapping[str, Any]]) -> str:
    """The results by name, `kind-set`, as Markdown: tables for retrieval and follow-ups, for rewriting, for reading."""
    found = [
        _table(("set", "queries", "run", *_RETRIEVAL), _retrieval_rows(results)),
        _table(("set", "turns", "rewriting", *map(_plain, _REWRITING)), _rewriting_rows(results)),
        _table(("set", "rows", "reader", *map(_plain, _READING)), _reading_rows(results)),
    ]
    return "\n".join(table for table in found if table)


def _retrieval_rows(results: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    for name, result in sorted(results.items()):
        kind, _, of = name.partition("-")
        if kind == "retrieval":
            for run, figures in result["runs"].items():
                yield [of, str(result["queries"]), run, *(_value(figures[figure]) for figure in _RETRIEVAL)]
        if kind == "followups":
            beside = result["with_human_rewrite"]
            groups = {
                "": (result["queries"], result["forms"]),
                ", human rewrites": (beside["queries"], beside["forms"]),
            }
            for suffix, (queries, forms) in groups.items():
                for form, figures in forms.items():
                    values = [_value(figures[figure]) for figure in _RETRIEVAL]
                    yield [f"{of} follow-ups{suffix}", str(queries), _plain(form), *values]


def _rewriting_rows(results: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    for name, result in sorted(results.items()):
        kind, _, of = name.partition("-")
        if kind == "rewriting":
            for row, figures in result["rewritings"].items():
                yield [of, str(result["turns"]), _plain(row), *(_value(figures[figure]) for figure in _REWRITING)]


def _reading_rows(results: Mapping[str, Mapping[str, Any]]) -> Iterator[list[str]]:
    for name, result in sorted(results.items()):
        kind, _, of = name.partition("-")
        if kind == "reading":
            for reader, figures in result["readers"].items():
                yield [of, str(result["rows"]), reader, *(_value(figures[figure]) for figure in _READING)]


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _value(figure: Mapping[str, float | None]) -> str:
    return number(figure["value"])


def _table(head: Sequence[str], rows: Iterator[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |\n" for row in rows]
    return f"| {' | '.join(head)} |\n|{'---|' * len(head)}\n{''.join(lines)}" if lines else ""


def main(arguments: Sequence[str] | None = None) -> None:
    """Keeps each result that was measured, and writes the tables of all that are kept."""
    parser = argparse.ArgumentParser(description="Keep the results of evaluations on public sets.")
    parser.add_argument("measured", type=Path, help="the folder of JSON files that the evaluations wrote")
    parser.add_argument("kept", type=Path, help="the folder to keep them in, with their tables in public.md")
    given = parser.parse_args(arguments)

    measured = _results(given.measured)
    if not measured:
        parser.exit(2, f"evals.results: found no results in {given.measured}, wanted JSON files; run: make evals\n")
    for name, result in measured.items():
        kept = {key: value for key, value in result.items() if key not in _SINGLE}
        write_text(json.dumps(kept, indent=1) + "\n", given.kept / f"{name}.json")
    write_text(tables(_results(given.kept)), given.kept / "public.md")


def _results(folder: Path) -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


if __name__ == "__main__":
    main()

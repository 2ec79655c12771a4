"""The report of a run: one JSON object, and from it a page that stands alone and a Markdown text."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jinja2
import numpy as np

from corpus.model import Span
from evals.answers import VERSION, Outcome, Verdict
from evals.cases import EVERY_KIND
from evals.files import write_text
from evals.gates import Checked
from evals.measures import Figures, Table
from evals.plots import STYLE, histogram, reliability_diagram, risk_coverage_curve
from evals.selective import Selection, calibration_bins
from evals.wording import FIGURES, number

__all__ = ["Run", "to_record", "write_report"]


@dataclass(frozen=True, slots=True)
class Run:
    """A set of cases put to a bot: what both were, what came of each case, and what was measured."""

    name: str
    index: str
    policy: Mapping[str, Any]
    documents: Mapping[str, str]  # SHA-256 by id
    outcomes: Sequence[Outcome]
    table: Table
    figures: Mapping[str, Figures]
    gates: Sequence[Checked]


def to_record(run: Run) -> dict[str, Any]:
    """The run as one JSON object; its cases stand in order of their verdicts, failures first."""
    judged = run.table.judged
    selection = Selection.of(judged)
    read = run.table.was_read
    bins = calibration_bins(judged.where(read))
    verdicts = list(Verdict)
    return {
        "version": VERSION,
        "data": run.name,
        "index": run.index,
        "policy": dict(run.policy),
        "documents": dict(run.documents),
        "figures": {
            kind: {name: asdict(figure) for name, figure in figures.items()} for kind, figures in run.figures.items()
        },
        "gates": [asdict(checked.gate) | {"value": checked.value, "passed": checked.passed} for checked in run.gates],
        "risk_coverage": np.nan_to_num(np.stack([selection.coverage()[0], selection.risk()[0]], axis=1)).tolist(),
        "calibration": [
            {"cases": int(cases), "confidence": confidence / cases, "right": right / cases}
            for cases, confidence, right in zip(bins.cases[0], bins.confidence[0], bins.right[0], strict=True)
            if cases
        ],
        "cases": [_case(outcome) for outcome in sorted(run.outcomes, key=lambda o: verdicts.index(o.verdict))],
    }


def write_report(record: Mapping[str, Any], folder: Path) -> list[Path]:
    """Writes report.json, report.md and report.html into `folder`, and gives their paths."""
    texts = {
        "report.json": json.dumps(record, ensure_ascii=False, indent=1) + "\n",
        "report.md": _rendered("report.md.j2", record),
        "report.html": _rendered("report.html.j2", record),
    }
    for name, text in texts.items():
        write_text(text, folder / name)
    return [folder / name for name in texts]


def _case(outcome: Outcome) -> dict[str, Any]:
    case = outcome.case
    return {
        "id": case.id,
        "kind": case.kind,
        "question": case.question,
        "history": list(case.history),
        "gold": [_place(span) for span in case.gold],
        "verdict": str(outcome.verdict),
        "failed": outcome.verdict.failed,
        "was_read": outcome.was_read,
        "confidence": outcome.confidence,
        "right_if_answered": outcome.right_if_answered(1),
        "elapsed_ms": outcome.elapsed_ms,
        "reply": dict(outcome.shown),
    }


def _place(span: Span) -> dict[str, Any]:
    return {"document": span.document.id, "start": span.start, "end": span.end, "text": span.text}


def _rendered(template: str, record: Mapping[str, Any]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("evals"),
        autoescape=jinja2.select_autoescape(["html.j2"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "cell": lambda text: " ".join(text.split()).replace("|", "\\|")}
    environment.globals |= {"marked": _marked}
    is_page = template.endswith(".html.j2")
    return environment.get_template(template).render(
        record=record,
        wording=FIGURES,
        kinds=[kind for kind in record["figures"] if kind != EVERY_KIND],
        verdicts=[str(verdict) for verdict in Verdict],
        headline=record["figures"][EVERY_KIND],
        style=STYLE,
        plots=_plots(record) if is_page else {},
    )


def _marked(quote: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """The quote in parts, each with whether it is evidence."""
    parts: list[tuple[str, bool]] = []
    at = quote["start"]
    for start, end in quote["evidence"]:
        parts += [(quote["text"][at - quote["start"] : start - quote["start"]], False)]
        parts += [(quote["text"][start - quote["start"] : end - quote["start"]], True)]
        at = end
    return [*parts, (quote["text"][at - quote["start"] :], False)]


def _plots(record: Mapping[str, Any]) -> dict[str, str]:
    """The SVG elements of the page by their titles."""
    cases = [case for case in record["cases"] if case["was_read"]]
    confidences = {
        "answerable": [case["confidence"] for case in cases if case["gold"]],
        "unanswerable": [case["confidence"] for case in cases if not case["gold"]],
    }
    times = {"answers": [case["elapsed_ms"] for case in record["cases"]]}
    threshold = record["policy"]["answer_threshold"]
    bins = [(found["confidence"], found["right"], found["cases"]) for found in record["calibration"]]
    curve = record["risk_coverage"]
    titles = ("Wrong answers over coverage", "Reliability", "Confidence", "Time to answer")
    plots = (
        risk_coverage_curve(curve, shipped=_shipped(record), title=titles[0]),
        reliability_diagram(bins, title=titles[1]),
        histogram(confidences, x="confidence of the best quote", title=titles[2], mark=threshold),
        histogram(times, x="milliseconds", title=titles[3]),
    )
    return dict(zip(titles, plots, strict=True))


def _shipped(record: Mapping[str, Any]) -> tuple[float, float] | None:
    """Where the policy's threshold stands on the curve: its coverage and its share of wrong answers."""
    answered = [case for case in record["cases"] if case["reply"]["quotes"]]
    answerable = sum(bool(case["gold"]) for case in record["cases"])
    if not answered or not answerable:
        return None
    wrong = sum(not case["right_if_answered"] for case in answered)
    return sum(bool(case["gold"]) for case in answered) / answerable, wrong / len(answered)

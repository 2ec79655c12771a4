"""What figures are called where people read them, and how they are written."""

from collections.abc import Mapping

__all__ = ["FIGURES", "number"]

# The name of each figure, and what it says.
FIGURES: Mapping[str, tuple[str, str]] = {
    "right_first": ("Right first quote", "answerable questions whose first quote covers a sentence that answers"),
    "right_in_three": ("Right in three quotes", "the same of one of the first three quotes"),
    "right_first_always": ("Right first quote, never refusing", "the same if no confidence were too low to answer"),
    "right_in_three_always": ("Right in three quotes, never refusing", "the same of one of the first three quotes"),
    "quote_precision": ("Quote precision", "words shown that stand in sentences that answer"),
    "quote_recall": ("Quote recall", "words of the sentences that answer that are shown"),
    "answered_when_it_must_not": ("Answered when it must not", "unanswerable questions that got quotes"),
    "abstained_when_it_must_not": ("Abstained when it must not", "answerable questions that got none"),
    "coverage_at_5_percent_wrong": (
        "Coverage at 5% wrong",
        "answerable questions answered, if the threshold lets at most 5% of all answers be wrong",
    ),
    "coverage_at_1_percent_wrong": ("Coverage at 1% wrong", "the same for 1%"),
    "auroc": ("AUROC of the confidence", "how well the confidence tells answerable questions from unanswerable ones"),
    "area_under_risk_coverage": ("Area under the risk-coverage curve", "mean share of wrong answers over coverages"),
    "expected_calibration_error": (
        "Expected calibration error",
        "mean distance of the confidence from the share right",
    ),
    "follow_ups_right": ("Follow-ups right", "answerable questions after others whose first quote is right"),
    "emergency_recall": ("Emergencies noticed", "emergencies that got their notice"),
    "false_alarms": ("False alarms", "other questions that got the notice of an emergency"),
    "verbatim_violations": ("Quotes that are not verbatim", "must be none"),
    "latency_p50_ms": ("Time to answer, median", "milliseconds"),
    "latency_p95_ms": ("Time to answer, 95%", "milliseconds that 95% of the answers keep within"),
}


def number(value: float | None) -> str:
    """A figure with three digits after the point, or none if it is whole and over 1; a dash if there is none."""
    if value is None:
        return "–"
    return f"{value:.0f}" if value > 1 and value == round(value) else f"{value:.3f}"

"""Plots: SVG that stands in a page, takes its colours from it, and needs nothing from elsewhere."""

import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest

from evals.plots import STYLE, histogram, line_chart, reliability_diagram, risk_coverage_curve

PLOTS: dict[str, Callable[[], str]] = {
    "curve": lambda: risk_coverage_curve([(0.2, 0.0), (0.6, 0.1), (1.0, 0.4)], shipped=(0.6, 0.1), title="A curve"),
    "curve of nothing": lambda: risk_coverage_curve([], shipped=None, title="A curve"),
    "reliability": lambda: reliability_diagram([(0.1, 0.0, 4), (1.0, 1.0, 2)], title="A diagram"),
    "reliability of nothing": lambda: reliability_diagram([], title="A diagram"),
    "histogram": lambda: histogram({"moths": [0.1, 0.2], "reeds": [0.5]}, x="length", title="Two", mark=0.3),
    "histogram of one": lambda: histogram({"moths": [0.1, 0.2]}, x="length", title="One"),
    "histogram of nothing": lambda: histogram({"moths": [], "reeds": []}, x="length", title="None"),
    "lines": lambda: line_chart({"p50": [(1, 1), (10, 2)], "p95": [(1, 2), (10, 9)]}, x="size", y="ms", title="Cost"),
    "logarithmic lines": lambda: line_chart({"p50": [(1, 1), (1000, 2)]}, x="size", y="ms", title="Cost", log=True),
}


@pytest.mark.parametrize("name", PLOTS)
def test_a_plot_is_one_named_element_in_the_colours_of_the_page(name: str) -> None:
    svg = PLOTS[name]()
    root = ET.fromstring(svg)  # noqa: S314 - our own
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.findtext("{http://www.w3.org/2000/svg}title")
    assert "currentColor" in svg
    assert re.findall(r"(?:fill|stroke): #", svg) == []
    # The names of XML's own vocabularies are the only addresses.
    assert {*re.findall(r"https?://[^\"'<\s]+", svg)} <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_figures_give_the_same_plot(name: str) -> None:
    assert PLOTS[name]() == PLOTS[name]()


def test_labels_stay_text() -> None:
    svg = PLOTS["lines"]()
    assert [label for label in ("size", "ms", "p50", "p95") if f">{label}<" not in svg] == []


def test_two_series_differ_by_more_than_their_colour() -> None:
    assert "stroke-dasharray" in PLOTS["lines"]()
    assert "pattern" in PLOTS["histogram"]()


def _luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_series_stand_out_on_white_and_on_black() -> None:
    on_white = {*re.findall(r"var\(--series-\d, (#\w{6})\)", "".join(plot() for plot in PLOTS.values()))}
    on_black = {*re.findall(r"#\w{6}", STYLE)}
    assert min(1.05 / (_luminance(colour) + 0.05) for colour in on_white) > 4.5
    assert min((_luminance(colour) + 0.05) / (_luminance("#121212") + 0.05) for colour in on_black) > 4.5

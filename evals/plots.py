"""Plots as SVG texts that stand in a page; the only door to matplotlib.

Their colours are the page's: text and axes take the colour of its text, series take its variables `--series-1` to
`--series-3`, so that they read in light and in dark. Series also differ by dash, marker or hatch, for readers who don't
tell colours apart.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["STYLE", "histogram", "line_chart", "reliability_diagram", "risk_coverage_curve"]

# Colours that matplotlib is given, and what the page is given instead.
_TEXT = "#010101"
_SERIES = ("#020202", "#030303", "#040404")
_ON_WHITE = ("#0062a3", "#b84e00", "#00775a")
_IN_PAGE = {_TEXT: "currentColor"} | {
    given: f"var(--series-{number}, {alone})"
    for number, (given, alone) in enumerate(zip(_SERIES, _ON_WHITE, strict=True), start=1)
}
_DASHES = ("-", "--", ":")
_MARKERS = ("o", "s", "^")
_HATCHES = ("", "///", "...")
_BINS = 20
_SIZE_INCHES = (5.2, 3.4)
_UNIT = (0, 1.04)  # all of a mark at 1 is seen

# What a page that can be dark defines: Okabe and Ito's blue, vermilion and green, lighter than those on white.
STYLE = """
@media (prefers-color-scheme: dark) { :root { --series-1: #6cc0f2; --series-2: #ffa05c; --series-3: #45d6ad; } }
"""

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text: it can be read out, searched and enlarged
    "svg.hashsalt": "insights-help",  # the same figures give the same file
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.edgecolor": _TEXT,
    "axes.labelcolor": _TEXT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": _TEXT,
    "xtick.color": _TEXT,
    "ytick.color": _TEXT,
    "hatch.linewidth": 0.6,
    "legend.frameon": False,
}

Points = Sequence[tuple[float, float]]


def risk_coverage_curve(points: Points, *, shipped: tuple[float, float] | None, title: str) -> str:
    """The share of wrong answers (in [0, 1]) over the coverage, a step at each confidence; `shipped` is marked."""

    def draw(axes: Axes) -> None:
        x, y = zip(*points, strict=True) if points else ((), ())
        axes.step(x, y, where="post", color=_SERIES[0], linewidth=2)
        axes.axhline(0.05, color=_SERIES[1], linestyle=_DASHES[1], linewidth=1.5)
        axes.text(1.0, 0.06, "5% wrong", color=_SERIES[1], fontsize=9, horizontalalignment="right")
        if shipped is not None:
            axes.plot(*shipped, color=_TEXT, marker="D", linestyle="", label="as shipped")
            _legend(axes)
        axes.set(xlabel="answerable questions answered", ylabel="answers that are wrong", xlim=(0, 1), ylim=_UNIT)

    return _svg(draw, title)


def reliability_diagram(bins: Sequence[tuple[float, float, int]], *, title: str) -> str:
    """For each bin the mean confidence and the share right, in [0, 1], with its number of cases."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=_TEXT, linestyle=_DASHES[2], linewidth=1)
        axes.plot([x for x, _, _ in bins], [y for _, y, _ in bins], color=_SERIES[0], marker="o", linewidth=1.5)
        for x, y, count in bins:
            axes.annotate(str(count), (x, y), xytext=(5, -11), textcoords="offset points", fontsize=8)
        axes.set(xlabel="confidence of the best quote", ylabel="share right", xlim=_UNIT, ylim=_UNIT)

    return _svg(draw, title)


def histogram(series: Mapping[str, Sequence[float]], *, x: str, title: str, mark: float | None = None) -> str:
    """How often each value of up to three series occurs, side by side; `mark` draws a line, such as a threshold."""

    def draw(axes: Axes) -> None:
        values = [list(values) for values in series.values()]
        edges = np.histogram_bin_edges(np.concatenate([*map(np.asarray, values), [0.0]]), bins=_BINS)
        axes.hist(values, bins=edges.tolist(), label=list(series), color=list(_SERIES[: len(values)]))
        for bars, hatch in zip(axes.containers, _HATCHES, strict=False):
            for bar in bars.get_children():
                bar.set(hatch=hatch, edgecolor=_TEXT, linewidth=0.5)
        if mark is not None:
            axes.axvline(mark, color=_TEXT, linestyle=_DASHES[1], linewidth=1.5, label="threshold")
        axes.set(xlabel=x, ylabel="cases")
        if len(values) > 1 or mark is not None:
            _legend(axes)

    return _svg(draw, title)


def line_chart(series: Mapping[str, Points], *, x: str, y: str, title: str, log: bool = False) -> str:
    """Up to three series of points, with both axes logarithmic if wanted."""

    def draw(axes: Axes) -> None:
        for (name, points), colour, dash, marker in zip(series.items(), _SERIES, _DASHES, _MARKERS, strict=False):
            axes.plot(*zip(*points, strict=True), color=colour, linestyle=dash, marker=marker, label=name)
        axes.set(xlabel=x, ylabel=y)
        if log:
            axes.set(xscale="log", yscale="log")
        if len(series) > 1:
            _legend(axes)

    return _svg(draw, title)


def _legend(axes: Axes) -> None:
    """Above the plot, where it hides nothing."""
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3)


def _svg(draw: Callable[[Axes], None], title: str) -> str:
    """The SVG element of one plot, named for those who can't see it, in the colours of the page around it."""
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
        draw(figure.add_subplot())
        written = io.StringIO()
        figure.savefig(written, format="svg", transparent=True, metadata={"Date": None, "Title": title})
    svg = written.getvalue()
    svg = svg[svg.index("<svg") :]
    for colour, in_page in _IN_PAGE.items():
        svg = svg.replace(colour, in_page)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)  # names of vocabularies, which are addresses
    svg = re.sub(r'<g id="\w+">', "<g>", svg)  # the same in each plot, and nothing points to them
    return svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)

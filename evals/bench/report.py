"""What a benchmark found, for people: three tables, and cost against size as a picture."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from evals.bench.run import Bench, CorpusCosts
from evals.bench.stages import Stage
from evals.bench.worker import Level
from evals.plots import STYLE, line_chart

__all__ = ["Table", "cost_table", "level_table", "stage_table", "to_markdown", "to_svg"]

# Column names, then rows of as many cells.
Table = tuple[Sequence[str], Sequence[Sequence[str]]]

_MIB = 2**20
_SIZE = re.compile(r'width="([\d.]+)pt" height="([\d.]+)pt"')
_PX_PER_PT = 4 / 3
_DARK = "@media (prefers-color-scheme: dark) { :root { color: #e6e6e6; } }\n"
_NOTES = """\
- Cold start: a fresh process `insights ask QUESTION --json`, from start to end; opening the index is measured in
  processes of their own, without Python's start and imports. Median, lowest and highest of {starts}, with the files in
  the system's cache.
- Build: from nothing, in a fresh process that has loaded torch and the encoder. Exporting the question encoder is part
  of it and takes the same few seconds for any corpus; texts a second are those of encoding alone.
- Memory: resident set of a fresh process that only answers, without the web server: opened and not yet asked, and the
  most it ever had, be it while opening or at {most_askers} askers at a time.
- Disk: the index without the corpus; {encoder:.1f} MiB of it are the question encoder, which bytes a passage leave
  out.
- Answers: threads that share one bot, as in the server; each asks again as soon as it has its reply. Each row was
  warmed up, and ended after {most_questions:,} questions or {most_seconds:g} seconds. p50 and p95 are over all answers.
- Stages: of the answers to one asker. Encoding is that of the question, for the search and again for the reader; dense
  search compares it with every passage and sentence; words are BM25 of the passages and of their headings; reading is
  the trained network's. The rest are refusals, weighing what the search found, the other features of the sentences and
  choosing quotes. A stage is 0 ms for an answer that does without it; shares are of the whole time.
- Sampled corpora: one sentence a passage, in documents of 100 sections.
- Just before, the machine was {busy:.0f}% busy with other things.
"""
_PUBLIC = """\
- Public: the {documents:,} documents of {corpus}, {passages:,} passages; {alone[questions]:,} of the {of_queries:,}
  questions of {queries}, each asked once, however long that takes.
"""


def cost_table(result: Bench) -> Table:
    """What each corpus costs but for warm answers, a column a corpus."""
    columns = [_costs(costs) for costs in result.corpora]
    rows = [[label, *(column[label] for column in columns)] for label in columns[0]]
    return ["", *(costs.name for costs in result.corpora)], rows


def level_table(result: Bench) -> Table:
    """Warm answers of each corpus at each number of askers."""
    columns = ("corpus", "askers", "questions", "p50, ms", "p95, ms", "answers/s", "errors")
    return columns, [_level(name, level) for name, level in result.levels]


def stage_table(result: Bench) -> Table:
    """What the answers to one asker spend in each stage."""
    columns = ("corpus", "stage", "mean, ms", "p50, ms", "p95, ms", "share")
    return columns, [_stage(name, stage) for name, stage in result.stages]


def to_markdown(result: Bench) -> str:
    """The whole result as a page."""
    machine = result.machine
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    what = f"{machine.processor}, {machine.processors} processors, {machine.memory_gib} GiB, {machine.system}"
    notes = _NOTES.format(
        starts=result.starts,
        most_askers=max(level.askers for level in result.corpora[0].askers),
        encoder=result.corpora[0].encoder_bytes / _MIB,
        most_questions=result.most_questions,
        most_seconds=result.most_seconds,
        busy=result.busy_percent,
    )
    public = _PUBLIC.format_map(asdict(result.public)) if result.public else ""
    repeated = "".join(f"- {line}\n" for line in result.repeats)
    return "\n".join(
        [
            "# Benchmark\n",
            f"{what}; Python {machine.python}; {packages}.\n",
            _markdown(cost_table(result)),
            _markdown(level_table(result)),
            _markdown(stage_table(result)),
            notes + public + repeated,
        ]
    )


def to_svg(result: Bench) -> str:
    """Three charts, one above the other: milliseconds, seconds and MiB against passages, on logarithmic axes."""
    ordered = sorted(result.corpora, key=lambda costs: costs.passages)
    alone = [costs.askers[0] for costs in ordered]
    charts: dict[str, dict[str, Sequence[float | None]]] = {
        "milliseconds": {
            "answer, p50": [level.p50_ms for level in alone],
            "answer, p95": [level.p95_ms for level in alone],
        },
        "seconds": {
            "build": [costs.build.seconds for costs in ordered],
            "cold start": [costs.cold_start_s.ask.median for costs in ordered],
        },
        "MiB": {
            "memory, idle": [costs.memory_mib.idle for costs in ordered],
            "memory, peak": [costs.memory_mib.peak for costs in ordered],
            "disk": [costs.index_bytes / _MIB for costs in ordered],
        },
    }
    sizes = [costs.passages for costs in ordered]
    drawn = {unit: _points(sizes, series) for unit, series in charts.items()}
    return _stacked([_chart(unit, points) for unit, points in drawn.items() if points])


def _points(sizes: Sequence[int], series: Mapping[str, Sequence[float | None]]) -> dict[str, list[tuple[float, float]]]:
    """Value against size of each series that has a value."""
    points = {
        name: [(float(size), value) for size, value in zip(sizes, values, strict=True) if value is not None]
        for name, values in series.items()
    }
    return {name: pairs for name, pairs in points.items() if pairs}


def _chart(unit: str, points: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    return line_chart(points, x="passages", y=unit, title=f"Cost in {unit} against passages", log=True)


def _stacked(charts: Sequence[str]) -> str:
    """Charts of one size as one picture that stands alone, in the colours of whoever shows it."""
    width, height = (float(size) * _PX_PER_PT for size in _SIZE.findall(charts[0])[0])
    placed = [chart.replace("<svg ", f'<svg y="{number * height:g}" ', 1) for number, chart in enumerate(charts)]
    total = len(charts) * height
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{total:g}" '
    return "\n".join(
        [f'{opening}viewBox="0 0 {width:g} {total:g}">', f"<style>{STYLE}{_DARK}</style>", *placed, "</svg>\n"]
    )


def _costs(costs: CorpusCosts) -> dict[str, str]:
    build, cold, opening = costs.build, costs.cold_start_s.ask, costs.cold_start_s.open
    return {
        "documents": f"{costs.documents:,}",
        "passages": f"{costs.passages:,}",
        "cold start, s": f"{cold.median:.2f} ({cold.lowest:.2f} to {cold.highest:.2f})",
        "of that: opening the index, s": f"{opening.median:.2f} ({opening.lowest:.2f} to {opening.highest:.2f})",
        "build, s": f"{build.seconds:.1f}",
        "before that: loading the encoder, s": f"{build.encoder_load_s:.1f}",
        "passages built a second": f"{build.passages_per_second:.1f}",
        "texts encoded": f"{build.texts:,}",
        "texts encoded a second": f"{build.texts_per_second:.1f}",
        "memory, idle, MiB": f"{costs.memory_mib.idle:.0f}",
        "memory, peak, MiB": f"{costs.memory_mib.peak:.0f}",
        "disk, MiB": f"{costs.index_bytes / _MIB:.1f}",
        "bytes a passage": f"{costs.bytes_per_passage:,.0f}",
    }


def _level(name: str, level: Level) -> list[str]:
    p50, p95 = ("–" if value is None else f"{value:.1f}" for value in (level.p50_ms, level.p95_ms))
    return [name, str(level.askers), str(level.questions), p50, p95, f"{level.per_second:.1f}", str(level.errors)]


def _stage(name: str, stage: Stage) -> list[str]:
    times = (f"{value:.2f}" for value in (stage.mean_ms, stage.p50_ms, stage.p95_ms))
    return [name, stage.name, *times, f"{stage.share:.1%}"]


def _markdown(table: Table) -> str:
    columns, rows = table
    lines = [columns, ["---", *("---:" for _ in columns[1:])], *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)

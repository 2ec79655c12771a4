"""The page and the picture have every figure of a benchmark."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from evals.bench.build import BuildCost
from evals.bench.machine import Machine
from evals.bench.public import PublicAnswers
from evals.bench.report import to_markdown, to_svg
from evals.bench.run import Bench, ColdStart, CorpusCosts, Memory, Range
from evals.bench.stages import Stage
from evals.bench.worker import Level

BUILD = BuildCost(20.0, 4.5, 3.25, 16.25, 0.5, 250, 15.385, 5.0, "2026-11-22")
MADE = Bench(
    Machine("Vantor 9", 2, 4, 23.5, "Linux x86_64", "3.11.7", {"numpy": "2.4.6", "torch": "2.13.0"}),
    busy_percent=3.2,
    starts=5,
    most_questions=1000,
    most_seconds=30.0,
    corpora=(
        CorpusCosts(
            "sample of 1000",
            *(10, 1000, 2000, 900, 99_000_000, 91_853_849, 7146.2),
            BUILD,
            ColdStart(Range(1.5, 1.25, 2.0), Range(0.5, 0.4, 0.6)),
            Memory(300.0, 412.6),
            (Level(1, 1000, 8.04, 12.5, 120.3, 0, None), Level(8, 400, None, None, 0.0, 400, "ValueError: no reed")),
            (Stage("words", 0.25, 0.2, 0.505, 0.0251), Stage("reading", 9.75, 9.0, 12.0, 0.9749)),
        ),
        CorpusCosts(
            "own",
            *(1, 7, 34, None, 92_113_657, 91_853_849, 37115.4),
            BUILD,
            ColdStart(Range(1.4, 1.3, 1.6), Range(0.4, 0.4, 0.5)),
            Memory(299.0, 380.0),
            (Level(1, 1000, 7.0, 11.0, 130.0, 0, None), Level(8, 1000, 20.0, 41.5, 200.0, 0, None)),
            (),
        ),
    ),
    public=PublicAnswers(
        *("corpus.jsonl.gz", "queries.jsonl.gz", 8798, 16_407, 40_000, 200_000),
        Level(1, 500, 70.0, 110.0, 14.5, 1, "KeyError: 'bell'"),
        (Stage("the rest", 70.0, 69.0, 109.0, 1.0),),
    ),
)


def test_failed_questions_and_repeated_sentences_are_told_in_a_line_each() -> None:
    assert MADE.failures == [
        "sample of 1000, 8 at a time: 400 of 400 questions failed (ValueError: no reed)",
        "public, 1 at a time: 1 of 500 questions failed (KeyError: 'bell')",
    ]
    assert MADE.repeats == ["sample of 1000: there are 900 distinct sentences for its 1000 passages; they are repeated"]


def test_the_page_has_every_figure() -> None:
    page = to_markdown(MADE)
    assert page.startswith(
        "# Benchmark\n\nVantor 9, 4 processors, 23.5 GiB, Linux x86_64; Python 3.11.7; numpy 2.4.6, torch 2.13.0.\n\n"
    )
    tables = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    assert (
        tables
        == """\
|  | sample of 1000 | own |
| --- | ---: | ---: |
| documents | 10 | 1 |
| passages | 1,000 | 7 |
| cold start, s | 1.50 (1.25 to 2.00) | 1.40 (1.30 to 1.60) |
| of that: opening the index, s | 0.50 (0.40 to 0.60) | 0.40 (0.40 to 0.50) |
| build, s | 20.0 | 20.0 |
| before that: loading the encoder, s | 4.5 | 4.5 |
| passages built a second | 5.0 | 5.0 |
| texts encoded | 250 | 250 |
| texts encoded a second | 15.4 | 15.4 |
| memory, idle, MiB | 300 | 299 |
| memory, peak, MiB | 413 | 380 |
| disk, MiB | 94.4 | 87.8 |
| bytes a passage | 7,146 | 37,115 |
| corpus | askers | questions | p50, ms | p95, ms | answers/s | errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
| sample of 1000 | 1 | 1000 | 8.0 | 12.5 | 120.3 | 0 |
| sample of 1000 | 8 | 400 | – | – | 0.0 | 400 |
| own | 1 | 1000 | 7.0 | 11.0 | 130.0 | 0 |
| own | 8 | 1000 | 20.0 | 41.5 | 200.0 | 0 |
| public | 1 | 500 | 70.0 | 110.0 | 14.5 | 1 |
| corpus | stage | mean, ms | p50, ms | p95, ms | share |
| --- | ---: | ---: | ---: | ---: | ---: |
| sample of 1000 | words | 0.25 | 0.20 | 0.51 | 2.5% |
| sample of 1000 | reading | 9.75 | 9.00 | 12.00 | 97.5% |
| public | the rest | 70.00 | 69.00 | 109.00 | 100.0% |"""
    )
    assert page.endswith(
        "- Just before, the machine was 3% busy with other things.\n- Public: the 16,407 documents of corpus.jsonl.gz, "
        "40,000 passages; 500 of the 8,798\n  questions of queries.jsonl.gz, each asked once, however long that "
        "takes.\n"
        "- sample of 1000: there are 900 distinct sentences for its 1000 passages; they are repeated\n"
    )


def test_the_picture_is_one_svg_that_stands_alone_with_every_series() -> None:
    picture = to_svg(MADE)
    root = ET.fromstring(picture)  # noqa: S314 - our own text
    charts = root.findall("{http://www.w3.org/2000/svg}svg")
    assert [chart.get("aria-label") for chart in charts] == [
        f"Cost in {unit} against passages" for unit in ("milliseconds", "seconds", "MiB")
    ]
    width, height = (float(str(root.get(key))) for key in ("width", "height"))
    assert root.get("viewBox") == f"0 0 {width:g} {height:g}"
    assert [float(str(chart.get("y"))) for chart in charts] == pytest.approx([0, height / 3, 2 * height / 3])
    for name in ("answer, p50", "answer, p95", "build", "cold start", "memory, idle", "memory, peak", "disk"):
        assert f">{name}</text>" in picture
    assert "prefers-color-scheme: dark" in picture


def test_a_series_without_values_is_left_out_of_the_picture() -> None:
    (sampled, own) = MADE.corpora
    failed = replace(MADE, corpora=(replace(own, askers=sampled.askers[1:]),))
    labels = [chart.get("aria-label") for chart in ET.fromstring(to_svg(failed))]  # noqa: S314 - our own text
    assert [label for label in labels if label] == ["Cost in seconds against passages", "Cost in MiB against passages"]

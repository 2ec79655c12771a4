"""`insights eval bench`: measures what the bot costs and writes the figures, a page and a picture of them."""

import re
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from platformdirs import user_cache_path

from ui.inputs import IndexOption, Places, UsageError

if TYPE_CHECKING:
    from evals.bench.public import PublicSet
    from evals.bench.report import Table
    from evals.bench.run import Bench

__all__ = ["eval_bench"]

_MOST_PASSAGES = 1_000_000
_WIDE = 200
_BUSY_PERCENT = 10
_PROGRAM = (sys.executable, "-P", "-c", "from ui.cli import main; main()")


def eval_bench(
    *,
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR|FILE",
            help="Corpus folder; else INSIGHTS_HOME/corpus, else the project's own. Or with --queries a public corpus, "
            'to be measured besides: {"id", "title", "text"} a line.',
        ),
    ] = None,
    index: IndexOption = None,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Questions, {"question", "history"} a line; else the project\'s own cases.'),
    ] = None,
    queries: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Questions for the public corpus: {"id", "text"} a line; 500 are sampled.'),
    ] = None,
    sample: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Measure corpora sampled from this one too: {"id", "title", "text"} a line.'),
    ] = None,
    passages: Annotated[
        str | None, typer.Option(metavar="N,N,…", help="How many passages each sampled corpus has; needs --sample.")
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=0.1, help="How long each number of askers asks at most; 1,000 questions end it sooner.")
    ] = 30.0,
    cache: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where sampled corpora and the indexes are kept; else in the user's cache."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write bench.json, bench.md and bench.svg there.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
    ] = None,
) -> None:
    """Measure cold starts, warm answers, builds, memory and disk; exit 1 if a question fails.

    Let nothing else run meanwhile. Builds the corpus anew in a scratch folder, and each sampled corpus once: its build
    is measured again only if the machine, a package, the encoder or the policy is another, or with another --cache.
    100,000 passages take several minutes. Of a public corpus only warm answers are measured, each question asked once;
    its index is built once too, and is the one that the other commands for public sets use.
    """
    from evals.bench.corpus import sampled_corpora
    from evals.bench.run import Method, Place, bench
    from ui.progress import progress_bar

    sizes = _sizes(passages, sample)
    own, public = _corpora(corpus, queries)
    places = Places.of(own, index)
    name = "own" if places.corpus == Path(str(resources.files("corpus"))) else "given"
    cases = Path(str(resources.files("evals") / "cases" / "dystonia-and-seizures.jsonl"))
    kept = cache or user_cache_path("insights-help") / "evals"
    for folder in filter(None, (out, json_file and json_file.parent)):
        folder.mkdir(parents=True, exist_ok=True)  # better to fail now than in ten minutes
    with progress_bar() as progress:
        samples = sampled_corpora(sample, sizes, kept, progress) if sample else []
        result = bench(
            Place(name, places.corpus, places.index),
            samples,
            public,
            Method(_PROGRAM, questions or cases, kept, seconds),
            progress,
        )
    _write(result, out, json_file)
    for line in _warnings(result):
        typer.echo(f"insights: {line}", err=True)
    if result.failures:
        raise typer.Exit(1)


def _corpora(corpus: Path | None, queries: Path | None) -> "tuple[Path | None, PublicSet | None]":
    """The corpus folder, and the public set: `corpus` is the one or belongs to the other."""
    from evals.bench.public import PublicSet

    is_file = corpus is not None and corpus.is_file()
    if corpus is None or queries is None:
        if is_file or queries is not None:
            raise UsageError(
                "wanted the file of a public corpus and --queries together; say: --corpus CORPUS.jsonl.gz "
                "--queries QUERIES.jsonl.gz"
            )
        return corpus, None
    if corpus.is_dir():
        raise UsageError(
            f"--corpus: found the folder {corpus}, wanted a file, since there are --queries; say where your own corpus "
            "lies with INSIGHTS_HOME"
        )
    return None, PublicSet(corpus, queries)


def _sizes(passages: str | None, sample: Path | None) -> list[int]:
    """The numbers of passages wanted, each once."""
    if (passages is None) != (sample is None):
        raise UsageError("wanted --sample and --passages together; say: --sample CORPUS.jsonl.gz --passages 1000,10000")
    parts = [] if passages is None else [part.strip() for part in passages.split(",")]
    if not all(re.fullmatch("[0-9]{1,7}", part) and 1 <= int(part) <= _MOST_PASSAGES for part in parts):
        raise UsageError(
            f"--passages: found {passages!r}, wanted whole numbers from 1 to {_MOST_PASSAGES:,} with commas between; "
            "say: --passages 1000,10000"
        )
    return list(dict.fromkeys(map(int, parts)))


def _write(result: "Bench", out: Path | None, json_file: Path | None) -> None:
    from evals.bench.report import cost_table, level_table, stage_table, to_markdown, to_svg
    from evals.files import write_text
    from ui.eval_commands import write_json

    if out is not None:
        write_json(result.to_json(), out / "bench.json")
        write_text(to_markdown(result), out / "bench.md")
        write_text(to_svg(result), out / "bench.svg")
    if json_file is not None:
        write_json(result.to_json(), json_file)
    if str(json_file) != "-":
        for table in (cost_table(result), level_table(result), stage_table(result)):
            _show(table)


def _show(table: "Table") -> None:
    from rich.console import Console
    from rich.table import Column
    from rich.table import Table as RichTable

    (first, *others), rows = table
    shown = RichTable(Column(first, no_wrap=True), *(Column(name, justify="right") for name in others))
    for row in rows:
        shown.add_row(*row)
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDE
    console.print(shown)


def _warnings(result: "Bench") -> list[str]:
    busy = result.busy_percent
    other = f"the machine was {busy:.0f}% busy with other things just before; take these timings again when it is idle"
    return [*([other] if busy > _BUSY_PERCENT else []), *result.repeats, *result.failures]

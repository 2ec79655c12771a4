"""The command `insights eval load`."""

from importlib import resources
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["eval_load"]


def eval_load(
    *,
    url: Annotated[str, typer.Option(help="Where the server runs.")] = "http://127.0.0.1:7860",
    askers: Annotated[int, typer.Option(min=1, max=1000, help="How many ask at a time.")] = 32,
    seconds: Annotated[float, typer.Option(min=1, help="For how long.")] = 30.0,
    pause: Annotated[float, typer.Option(min=0, help="Seconds from a reply to the asker's next question.")] = 0.0,
    fresh: Annotated[bool, typer.Option("--fresh", help="Put no question twice: add a number to each.")] = False,
    questions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Questions, {"question", "history"} a line; else the project\'s own cases.'),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
    ] = None,
) -> None:
    """Ask a running server from many askers at once; exit 1 if a question fails.

    Start it with `insights serve --rate-limit none`, for all askers come from one address.
    """
    from dataclasses import asdict

    from evals.bench.worker import read_questions, shuffled
    from evals.load import Askers, measure_load
    from ui.eval_commands import write_json
    from ui.progress import progress_bar

    cases = Path(str(resources.files("evals") / "cases" / "dystonia-and-seizures.jsonl"))
    asked = shuffled(read_questions(questions or cases))
    with progress_bar() as progress:
        load = measure_load(url, asked, Askers(askers, seconds, pause, fresh), progress)
    if json_file:
        write_json(asdict(load), json_file)
    if str(json_file) != "-":
        typer.echo(f"answers: {load.answers}, {load.per_second} a second")
        typer.echo(f"p50 / p95 / most, ms: {load.p50_ms} / {load.p95_ms} / {load.most_ms}")
        typer.echo(f"server's memory before / after, MiB: {load.memory_before_mib} / {load.memory_after_mib}")
        for failure, times in sorted(load.failures.items()):
            typer.echo(f"failed: {times} times {failure}")
    if load.failures:
        raise typer.Exit(1)

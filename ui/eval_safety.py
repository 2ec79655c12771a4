"""The command `insights eval safety`."""

from pathlib import Path
from typing import Annotated

import typer

from ui.inputs import CorpusOption, IndexOption, Places

__all__ = ["eval_safety"]


def eval_safety(
    *,
    data: Annotated[
        list[Path], typer.Option(metavar="FILE", help="Cases, one JSON object a line; repeat it for more sets.")
    ],
    harmless: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE", help='Questions that should set off no alarm: {"id", "text", "meta": {}} a line; repeat it.'
        ),
    ] = None,
    gates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Exit 1 if a figure misses its gate in this TOML file.")
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Measure how many red flags get their notice, and how many harmless questions set off an alarm."""
    from evals.answers import NOT_EMERGENCY
    from evals.beir import read_queries
    from evals.cases import Case, load_cases
    from evals.gates import check, load_gates
    from evals.safety import FIGURES, judge, measure, to_record
    from retrieval.index import PassageIndex
    from retrieval.safety import safety_of
    from ui.eval_commands import write_json
    from ui.terminal import show_safety

    wanted = {path: load_gates(gates, _name(path), FIGURES) for path in data} if gates else {}
    places = Places.of(corpus, index)
    safety = safety_of(PassageIndex.open(places.index, corpus=places.corpus).encoder)
    if safety.red_flags is None:
        typer.echo("insights: the classifier of red flags was fitted to another encoder; measured without it", err=True)
    sets = {str(path): judge(safety, load_cases(path, (), lambda _: ()), path) for path in data}
    for path in harmless or ():
        asked = [Case(query.id, NOT_EMERGENCY, query.text, query.history, ()) for query in read_queries(path)]
        sets[str(path)] = judge(safety, asked, path)
    record = to_record(sets)
    if json_file:
        write_json(record, json_file)
    if str(json_file) != "-":
        show_safety(record["sets"])
    checked = [gate for path, listed in wanted.items() for gate in check(listed, measure(sets[str(path)]))]
    for missed in (gate for gate in checked if not gate.passed):
        typer.echo(f"insights: {missed}", err=True)
    if not all(gate.passed for gate in checked):
        raise typer.Exit(1)


def _name(path: Path) -> str:
    """What a set of cases is called: its file's name without the endings."""
    return path.name.removesuffix(".gz").removesuffix(".jsonl")

"""The commands of `insights eval`: they read what the user names, run an evaluation and print what came of it.

Part of the composition root: with `ui/cli.py` the only place that wires evaluations to the bot.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.inputs import CorpusOption, IndexOption, Places

__all__ = ["evaluation"]

evaluation = typer.Typer(
    help="Put a set of questions to the bot and measure its replies.",
    epilog="Example: insights eval answers --data evals/cases/dystonia-and-seizures.jsonl",
)

JsonOption = Annotated[
    Path | None, typer.Option("--json", metavar="FILE", help='Write the figures as one JSON object; "-" is stdout.')
]


@evaluation.command("answers", epilog="Example: insights eval answers --data evals/cases/dystonia-and-seizures.jsonl")
def eval_answers(
    *,
    data: Annotated[Path, typer.Option(metavar="FILE", help="Cases, one JSON object a line.")],
    json_file: JsonOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Show how often the bot answers, how often rightly, and how often when it must not, by kind of case."""
    from evals.answers import measure, run
    from evals.cases import load_cases
    from retrieval.answer import Responder

    places = Places.of(corpus, index)
    responder = Responder.open(places.index, corpus=places.corpus)
    cases = load_cases(data, responder.index.documents, responder.index.sentences_of)
    figures = {kind: asdict(measured) for kind, measured in measure(run(responder.answer, cases)).items()}
    if json_file:
        write_json(figures, json_file)
    else:
        from ui.terminal import show_table

        show_table(figures)


def write_json(result: Mapping[str, Any], path: Path) -> None:
    """Writes one JSON object into a file, or to stdout if that is called "-"."""
    if str(path) == "-":
        typer.echo(json.dumps(result, ensure_ascii=False))
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

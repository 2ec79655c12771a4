"""`insights eval rewriting`: measures how follow-up questions are turned into ones that stand alone."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ui.inputs import CorpusOption, IndexOption, Places, check_outputs

__all__ = ["eval_rewriting"]


def eval_rewriting(
    *,
    data: Annotated[
        Path,
        typer.Option(
            metavar="FILE", help='Conversations: {"id", "turns": [{"question", "rewrite", "history"}]} a line.'
        ),
    ],
    resolver: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Take what train-resolver left there instead of the resolver that ships."),
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help='Write {"id", "turn", "question", "asked_as", "gold", "predicted"} a turn, by stems.'
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help='Write the result as one JSON object; "-" is stdout.')
    ] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Measure which words a follow-up question takes from what was said before it, against human rewrites.

    A turn without a history of its own has the earlier questions for it, with their answers ("answer") if they are
    there. Turns that have none, and those without a rewrite, are left out.
    """
    from evals.conversations import read_conversations
    from evals.files import write_text
    from evals.rewriting import prediction_lines, rewrite_all, to_record
    from retrieval.answer import Responder
    from retrieval.resolver import Resolver
    from ui.eval_commands import write_json
    from ui.progress import progress_bar
    from ui.terminal import show_means

    conversations = read_conversations(data)
    places = Places.of(corpus, index)
    responder = Responder.open(places.index, corpus=places.corpus)
    if resolver:
        dialogue = replace(responder.dialogue, picks=Resolver.open(resolver).picks)
        responder = replace(responder, dialogue=dialogue)
    check_outputs(json_file, predictions)
    with progress_bar() as progress:
        rewritings = rewrite_all(conversations, responder.looked_up, partial(progress, "Rewriting"))
    record = to_record(data.name, conversations, rewritings) | {"index": responder.index.manifest.name}
    if predictions:
        write_text(prediction_lines(rewritings), predictions)
    if json_file:
        write_json(record, json_file)
    if str(json_file) != "-":
        show_means("Words taken from the history: figures and their 95% intervals", record["rewritings"])
        elapsed = record["milliseconds"]
        typer.echo(
            f"turns: {record['turns']} (left out, without a history or a rewrite: {record['left_out']}), "
            f"conversations: {record['conversations']}, turns that the human adds no word to: "
            f"{record['full']}, of them switches of topic: {record['topic_switches']}; refused by the bot: "
            f"{record['refused']}"
        )
        typer.echo(
            f"milliseconds a turn: {elapsed['mean']:.2f} on average, p50 {elapsed['p50']:.2f}, p95 {elapsed['p95']:.2f}"
        )

"""The commands that train the networks, the evidence reader and the resolver; part of the composition root."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["train_reader_command", "train_resolver_command"]


def train_reader_command(
    *,
    data: Annotated[Path, typer.Option(metavar="FOLDER", help="Training rows: .jsonl files, gzipped or not.")],
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the reader, checkpoints and the log go.")],
    corpus: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help='The texts that the project\'s own questions are on, MedQuAD\'s as {"id", "text"} a line; without it '
            "they are left out.",
        ),
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(min=1, help="Train no longer than this; else through all the rows.")
    ] = None,
) -> None:
    """Train the evidence reader; started again with the same folder, it goes on from its last checkpoint."""
    from corpus.model import Document, Source
    from corpus.store import digest
    from ingest.encoder import DEFAULT_ENCODER, encoder_digest, encoder_folder
    from ingest.sentences import sentences
    from retrieval.training.recipe import Materials, train_reader, training_files
    from retrieval.training.rows import load_texts, own_near_misses, own_topics
    from ui.progress import progress_bar

    def sentences_of(text: str) -> list[tuple[int, int]]:
        return [(span.start, span.end) for span in sentences(Document("", Source(""), digest(text), (), text))]

    encoder_digest(DEFAULT_ENCODER)  # only weights that are the original release's
    texts = {
        key: text
        for path in [*training_files(data), *([corpus] if corpus else [])]
        for key, text in load_texts(path).items()
    }
    topics, near_misses = (
        [topic for topic in found if all(document in texts for document in topic.documents)]
        for found in (own_topics(), own_near_misses())
    )
    left_out = len(own_topics()) - len(topics)
    if left_out:
        typer.echo(
            f"the project's own questions on {left_out} topics are left out: their texts come with --corpus", err=True
        )
    materials = Materials(data, encoder_folder(DEFAULT_ENCODER), topics, near_misses, texts, sentences_of)
    with progress_bar() as progress:
        train_reader(materials, out, minutes=minutes, progress=progress)
    typer.echo(f"the reader is in {out}: reader.onnx, tokenizer.json, reader.json; its learning curve in log.jsonl")


def train_resolver_command(
    *,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the resolver, checkpoints and the log go.")],
    data: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help="Conversations as eval rewriting reads them, gzipped or not, each follow-up with its rewrite; repeat "
            "it. The project's own are always learnt from.",
        ),
    ] = None,
    start: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Start from a trained reader, a STAGE.pt of train-reader; else from the encoder."
        ),
    ] = None,
) -> None:
    """Train the resolver, which picks the words that a follow-up leaves out; started again, it goes on where it was."""
    from evals.conversations import read_conversations
    from ingest.encoder import DEFAULT_ENCODER, encoder_digest, encoder_folder
    from retrieval.training.resolver_recipe import OWN_CONVERSATIONS, FollowUp, train_resolver
    from ui.progress import progress_bar

    encoder_digest(DEFAULT_ENCODER)  # only weights that are the original release's
    conversations = [found for path in [*(data or []), OWN_CONVERSATIONS] for found in read_conversations(path)]
    follow_ups = [
        FollowUp(turn.question, turn.history, turn.rewrite)
        for conversation in conversations
        for turn in conversation.turns
        if turn.history and turn.rewrite is not None
    ]
    with progress_bar() as progress:
        train_resolver(follow_ups, encoder_folder(DEFAULT_ENCODER), out, start=start, progress=progress)
    typer.echo(
        f"the resolver is in {out}: resolver.onnx, tokenizer.json; follow-ups learnt from: {len(follow_ups)}; "
        "its learning curve in log.jsonl"
    )

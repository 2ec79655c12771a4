"""The command line, and the composition root: here alone the parts are wired together."""

import io
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from corpus.store import CorpusError, load_corpus
from retrieval.emergency_numbers import LocaleError, Numbers, numbers_of
from retrieval.encoder import EncoderError
from retrieval.filters import Filter, FilterError
from retrieval.generation import IndexFolderError
from retrieval.policy import Policy, PolicyError, default_policy
from retrieval.reader_network import NetworkError
from ui.corpus_commands import corpus_commands
from ui.eval_commands import evaluation
from ui.ingest_commands import ingest_command
from ui.inputs import (
    CorpusOption,
    DocumentOption,
    HeadingOption,
    IndexOption,
    LocaleOption,
    Places,
    PublisherOption,
    RefuseOverdueOption,
    ReviewedSinceOption,
    UsageError,
    check_text,
    parse_day,
    read_batch,
)
from ui.serve import serve_command
from ui.stopped import StoppedError, resumable
from ui.sync import sync_command
from ui.train import train_reader_command, train_resolver_command

__all__ = ["main"]

_INTERRUPTED = 130  # Ctrl-C, by the custom of shells; the parser of the command line has it too

app = typer.Typer(
    name="insights",
    help="Answers health questions with verbatim quotes from vetted documents, or says that they don't answer.",
    epilog='Example: insights ask "What is dystonia?"',
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(evaluation, name="eval")
app.add_typer(corpus_commands, name="corpus")


@app.command("ask", epilog='Example: insights ask "What is dystonia?" --json')
def ask_question(
    question: Annotated[str | None, typer.Argument(help="The question.", show_default=False)] = None,
    *,
    history: Annotated[list[str] | None, typer.Option(help="An earlier question; repeat it, oldest first.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as one JSON object.")] = False,
    batch: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='Answer each line of a JSONL file: {"id", "question", "history": []}.'),
    ] = None,
    document: DocumentOption = None,
    publisher: PublisherOption = None,
    heading: HeadingOption = "",
    reviewed_since: ReviewedSinceOption = None,
    refuse_overdue: RefuseOverdueOption = False,
    locale: LocaleOption = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Ask one question, or a file of them, of all documents or of some."""
    if (question is None) == (batch is None):
        raise UsageError('wanted a question or --batch FILE, one of them; say: insights ask "What is dystonia?"')
    check_text([question or "", *(history or [])])
    numbers = numbers_of(locale or None)
    within = Filter(
        frozenset(document or []), frozenset(publisher or []), heading, parse_day("--reviewed-since", reviewed_since)
    )
    places = Places.of(corpus, index)
    if batch is not None:
        asked = list(read_batch(batch))
        answer = _answerer(places, within, numbers, refuse_overdue=refuse_overdue)
        for record in asked:
            typer.echo(
                json.dumps({"id": record["id"]} | answer(record["question"], record["history"]), ensure_ascii=False)
            )
        return
    reply = _answerer(places, within, numbers, refuse_overdue=refuse_overdue)(question or "", history or [])
    if as_json:
        typer.echo(json.dumps(reply, ensure_ascii=False))
    else:
        from ui.terminal import show

        show(reply)


app.command("serve", epilog="Example: insights serve --port 8000")(serve_command)


app.command("ingest", epilog="Example: insights ingest leaflets --publisher 'Vantor Moth Society'")(ingest_command)


app.command("sync", epilog="Example: insights sync leaflets --cases cases.jsonl")(sync_command)


@app.command("build", epilog="Example: insights build --corpus my-corpus --index my-index")
def build_index(
    *,
    corpus: CorpusOption = None,
    index: IndexOption = None,
    encoder: Annotated[
        str, typer.Option(metavar="NAME|DIR", help="Encoder: the default one, or a sentence-transformers folder.")
    ] = "all-MiniLM-L6-v2",
    policy: Annotated[Path | None, typer.Option(metavar="FILE", help="Policy; else the project's own.")] = None,
) -> None:
    """Build the index of the corpus; texts that are in the old one aren't encoded again."""
    from ingest.build import build
    from ui.progress import progress_bar

    places = Places.of(corpus, index)
    rules = Policy.read(policy) if policy else default_policy()
    with progress_bar() as progress, resumable(progress) as encoded:
        progress("Cutting passages", 0, 0)
        built = build(load_corpus(places.corpus), places.index, rules, encoder=encoder, progress=encoded)
    what = f"documents: {built.documents}, passages: {built.passages}, texts encoded: {built.encoded}"
    typer.echo(f"index {built.name} {'built' if built.changed else 'is up to date'} in {places.index}; {what}")


@app.command("verify", epilog="Example: insights verify --corpus my-corpus --index my-index")
def verify_all(*, corpus: CorpusOption = None, index: IndexOption = None) -> None:
    """Check every digest and every stored range of the corpus and its index; exit 1 if one is wrong."""
    from retrieval.verify import verify_index

    places = Places.of(corpus, index)
    try:
        documents = load_corpus(places.corpus).documents
        wrong = verify_index(places.index, corpus=places.corpus)
    except (CorpusError, IndexFolderError, EncoderError, NetworkError, PolicyError) as error:
        wrong = [str(error)]
    for line in wrong:
        typer.echo(f"insights: {line}", err=True)
    if wrong:
        raise typer.Exit(1)
    typer.echo(f"as vetted and built: {places.corpus} (documents: {len(documents)}) and its index in {places.index}")


app.command(
    "train-reader", epilog="Example: insights train-reader --data train --corpus medquad/corpus.jsonl.gz --out reader"
)(train_reader_command)
app.command(
    "train-resolver",
    epilog="Example: insights train-resolver --data canard/conversations.jsonl.gz --start reader/own.pt --out resolver",
)(train_resolver_command)


def main() -> None:
    """Runs the command line; a user's mistake is one line on stderr and exit code 2."""
    from evals.jsonl import DataError
    from ingest.raw import IngestError
    from retrieval.training.rows import RowError

    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # what JSON is written in, and what holds every letter of a quote
    try:
        code = app(prog_name="insights", standalone_mode=False)
        if code == _INTERRUPTED:
            _failed("stopped", code)
        sys.stdout.flush()
    except (
        CorpusError,
        FilterError,
        IndexFolderError,
        EncoderError,
        NetworkError,
        PolicyError,
        IngestError,
        LocaleError,
        DataError,
        RowError,
    ) as error:
        code = _failed(str(error), 2)
    except typer.exceptions.TyperException as error:
        code = _failed(error.format_message().rstrip(".") + _see_help(error), error.exit_code)
    except (KeyboardInterrupt, StoppedError, typer.Abort) as error:
        code = _failed(str(error) or "stopped", _INTERRUPTED)
    except BrokenPipeError:
        # Whoever read the output has enough of it; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except OSError as error:
        code = _failed(f"{error}; make room or name another place, then try again", 2)
    sys.exit(code)


def _failed(message: str, code: int) -> int:
    if message:
        sys.stderr.write(f"insights: {' '.join(message.split())}\n")
    return code


def _see_help(error: typer.exceptions.TyperException) -> str:
    """The remedy for what the parser of the command line refuses; our own messages have theirs."""
    if isinstance(error, UsageError):
        return ""
    context = getattr(error, "ctx", None)
    return f"; see: {context.command_path if context else 'insights'} --help"


def _answerer(
    places: Places, within: Filter, numbers: Numbers, *, refuse_overdue: bool
) -> Callable[[str, Sequence[str]], dict[str, Any]]:
    """Question and history in, the object of the contract out."""
    from retrieval.answer import Responder
    from ui.wire import to_json

    opened = Responder.open(places.index, corpus=places.corpus)
    responder = replace(opened, numbers=numbers, refuses_overdue=refuse_overdue)

    def answer(question: str, history: Sequence[str]) -> dict[str, Any]:
        began = time.perf_counter()
        reply = responder.answer(question, history, within=within)
        elapsed_ms = 1000 * (time.perf_counter() - began)
        return to_json(reply, index=responder.index.manifest.name, elapsed_ms=elapsed_ms, today=date.today())

    return answer

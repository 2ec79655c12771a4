"""The command `insights sync`: documents as they are now, in the corpus and the index, and what that changes."""

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.model import Source
from ui.inputs import CorpusOption, IndexOption, Places, UsageError, parse_day
from ui.stopped import StoppedError, resumable

if TYPE_CHECKING:
    from ingest.build import Staged
    from ingest.plan import Plan, Synced
    from ingest.sync import Choices
    from retrieval.policy import Policy
    from ui.sync_answers import Questions

__all__ = ["sync_command"]

_STOPPED = "stopped; corpus and index are as they were; run the same command again to go on"


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for, checked."""

    sources: tuple[str, ...]
    places: Places
    everywhere: Source
    encoder: str | None
    policy: "Policy | None"
    questions: "Questions | None"
    dry_run: bool
    yes: bool
    allow_empty: bool
    explain: bool
    refresh: bool
    contact: str | None


def sync_command(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="A folder, a .zip, a .jsonl, a page, a sitemap, or a .txt list of addresses.",
            show_default=False,
        ),
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")] = False,
    cases: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Cases: show which answers would change, before it is done.")
    ] = None,
    gates: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --cases: change nothing if a figure misses its gate.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask, though answers change.")] = False,
    allow_empty: Annotated[bool, typer.Option("--allow-empty", help="Remove even the last document of it.")] = False,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show every row, what was left out of each file, and who states its source."),
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask for each page of a site anew, changed or not.")
    ] = False,
    contact: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Whom a site's owner can turn to; sent with each request.")
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published all of them.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under what licence they all are.")] = None,
    reviewed: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="When all were last reviewed.")] = None,
    review_due: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="When all have to be reviewed again.")
    ] = None,
    encoder: Annotated[str | None, typer.Option(metavar="NAME|DIR", help="Encoder; else that of the index.")] = None,
    policy: Annotated[Path | None, typer.Option(metavar="FILE", help="Policy; else that of the index.")] = None,
    corpus: CorpusOption = None,
    index: IndexOption = None,
) -> None:
    """Add, replace and remove what has changed since the last time, and nothing else; then build and serve the index.

    Only documents that came from the same folder, site or list are removed. Stopped at any moment, corpus and index are
    as before or as after; earlier versions of documents are kept, so that old citations still show the same words.
    """
    from evals.gates import load_gates
    from evals.jsonl import read_records
    from retrieval.policy import Policy
    from ui.sync_answers import Questions

    if gates and not cases:
        raise UsageError("--gates needs --cases FILE, whose figures it checks; name both")
    questions = None
    if cases:
        name = cases.name.removesuffix(".gz").removesuffix(".jsonl")
        list(read_records(cases, "cases"))  # a slip in it is no reason to have waited for the rest
        questions = Questions(cases, name, load_gates(gates, name) if gates else ())
    everywhere = Source(
        "", None, publisher, licence, parse_day("--reviewed", reviewed), parse_day("--review-due", review_due)
    )
    order = _Order(
        tuple(sources),
        Places.of(corpus, index),
        everywhere,
        encoder,
        Policy.read(policy) if policy else None,
        questions,
        dry_run=dry_run,
        yes=yes,
        allow_empty=allow_empty,
        explain=explain,
        refresh=refresh,
        contact=contact,
    )
    try:
        _synchronise(order)
    except KeyboardInterrupt:
        raise StoppedError(_STOPPED) from None


def _synchronise(order: _Order) -> None:
    from ingest.publish import settle, writing
    from ingest.raw import IngestError
    from ingest.sync import index_choices, is_served
    from ui.sync_table import show_plan

    with nullcontext() if order.dry_run else writing(order.places.corpus, patience_s=1):
        planned = _planned(order)
        show_plan(planned, all_rows=order.explain)
        if not planned.after:
            raise IngestError(f"{', '.join(order.sources)}: found no document that can be taken in; name another place")
        choices = index_choices(order.places.index, encoder=order.encoder, policy=order.policy)
        if not planned.writes and is_served(planned.after, order.places.index, choices):
            if not order.dry_run:
                settle(order.places.corpus, planned.after)
            typer.echo(f"nothing has changed: {order.places.corpus} and its index are as they were")
        elif order.dry_run and order.questions is None:
            typer.echo("nothing was done (--dry-run)")
        else:
            _build_and_publish(order, planned, choices)
    if planned.refused:
        raise typer.Exit(1)


def _planned(order: _Order) -> "Plan":
    from ingest.gather import Gathering
    from ingest.merge import documents_of
    from ingest.plan import Before, Plan, plan
    from ingest.web.model import Limits
    from ui.progress import progress_bar

    root = order.places.corpus
    limits = Limits(contact=order.contact)
    gatherings = [Gathering.of(name, root, order.everywhere, limits, refresh=order.refresh) for name in order.sources]
    for line in dict.fromkeys(line for one in gatherings for line in one.provenance.warnings):
        typer.echo(f"insights: {line}", err=True)
    documents = documents_of(root)
    planned = Plan(documents, documents)
    with progress_bar() as progress:
        for one in gatherings:
            before = Before.of(planned.after, one.root, root, within=one.within)
            found = one.synced(before, progress)
            if order.explain:
                found = _explaining(found)
            planned = planned.then(plan(before, found, stated_id=one.provenance.id_of, allow_empty=order.allow_empty))
    return planned


def _explaining(found: "Iterable[Synced]") -> "Iterator[Synced]":
    """Passes on what is found, and says of what is read who states its source and what was left out."""
    from ingest.prepare import Prepared
    from ui.explained import explained, shown

    for one in found:
        if isinstance(one, Prepared):
            typer.echo(f"{shown(one.path)}: {one.id}")
            typer.echo("\n".join(explained(one.source, one.findings, one.dropped)))
        yield one


def _build_and_publish(order: _Order, planned: "Plan", choices: "Choices") -> None:
    from corpus.store import Corpus
    from ingest.build import stage
    from ingest.sync import commit
    from ui.progress import progress_bar

    root, home = order.places.corpus, order.places.index
    with ExitStack() as stack:
        where = stack.enter_context(_beside(home)) if order.dry_run else home
        with progress_bar() as progress, resumable(progress) as encoded:
            progress("Cutting passages", 0, 0)
            to_come = Corpus(root, planned.after)
            staged = stack.enter_context(
                stage(to_come, where, choices.policy, encoder=choices.encoder, progress=encoded)
            )
        if order.questions is not None:
            _weigh(order, order.questions, planned, staged)
        if order.dry_run:
            typer.echo("nothing was done (--dry-run)")
            return
        with _uninterrupted():
            commit(planned, root, staged)
    built = staged.built
    typer.echo(
        f"published: {root} and its index {built.name} in {home}; documents: {built.documents:,}, passages: "
        f"{built.passages:,}, texts encoded: {built.encoded:,}"
    )


def _weigh(order: _Order, questions: "Questions", planned: "Plan", staged: "Staged") -> None:
    """Shows which answers change, and ends the command here if that is not wanted."""
    from corpus.store import Corpus
    from retrieval.index import PassageIndex
    from ui.progress import progress_bar
    from ui.sync_answers import answered, compared, index_of_now
    from ui.terminal import show_comparison

    root = order.places.corpus
    now = index_of_now(order.places.index, Corpus(root, planned.before))
    with progress_bar() as progress:
        before = answered(questions, now, progress) if now else None
        del now
        to_come = PassageIndex.at(staged.folder, Corpus(root, planned.after))
        after = answered(questions, to_come, progress)
    changes = 0
    if before is None:
        typer.echo("there is no index of the corpus as it was to compare the answers with")
    else:
        comparison = compared(before, after)
        changes = len(comparison.changes)
        show_comparison(asdict(comparison))
    for line in [*after.missed, *([] if after.gates else after.lost.values())]:
        typer.echo(f"insights: {line}", err=True)
    if after.missed:
        typer.echo("a gate was missed: nothing was changed", err=True)
        raise typer.Exit(1)
    is_asked = sys.stdin.isatty() and sys.stdout.isatty() and not (order.yes or order.dry_run)
    if changes and is_asked and not typer.confirm("Publish?"):
        typer.echo("nothing was changed")
        raise typer.Exit(1)


@contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """A place to build in that goes again, which has the index of `home` to take vectors from."""
    from retrieval.generation import CURRENT, IndexFolderError, current_generation

    with TemporaryDirectory(prefix="insights-") as name:
        folder = Path(name)
        with suppress(IndexFolderError):
            current = current_generation(home)
            (folder / current.name).symlink_to(current.resolve(), target_is_directory=True)
            (folder / CURRENT).write_text(f"{current.name}\n", encoding="utf-8")
        yield folder


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Lets a Ctrl-C wait: publishing takes a moment, and who stops in it could not be told what is published."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

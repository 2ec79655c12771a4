"""The command `insights ingest`: a file, or folders, archives and records, into the corpus."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpus.model import Source
from ui.explained import explained, shown
from ui.inputs import CorpusOption, Places, UsageError, parse_day
from ui.stopped import StoppedError

if TYPE_CHECKING:
    from ingest.intake import Intake, Manner

__all__ = ["ingest_command"]

_MEGABYTE = 10**6
_OF_ONE = ("--id", "--title", "--url")
# Where in the line of a refusal what is about one file alone begins.
_ABOUT_ONE = re.compile(r"[;:(]|,(?!\d)")
_NUMBER = re.compile(r"\d[\d,]{2,}(?! MB)")


def ingest_command(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files, folders, .zip, .jsonl.", show_default=False)
    ],
    *,
    document_id: Annotated[
        str | None, typer.Option("--id", help="The document's id; else from the file's name.")
    ] = None,
    title: Annotated[str, typer.Option(help="Its title; else its first heading.", show_default=False)] = "",
    url: Annotated[str | None, typer.Option(help="Where it is published.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published it, or all of them.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under what licence.")] = None,
    reviewed: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="When it was last reviewed.")] = None,
    review_due: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="When it has to be reviewed again.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace documents of the same id.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what was left out of each file, and who states its source.")
    ] = False,
    max_size: Annotated[float, typer.Option(metavar="MB", help="The largest file that is read.", min=0.001)] = 100,
    max_seconds: Annotated[float, typer.Option(metavar="S", help="The longest that one file takes.", min=0.1)] = 60,
    corpus: CorpusOption = None,
) -> None:
    """Vet documents into the corpus; what isn't stated is recorded as "not stated".

    Many are taken in all at once, at the end. One that can't be is said in a line, and makes the exit code 1.
    """
    source = Source(
        title, url, publisher, licence, parse_day("--reviewed", reviewed), parse_day("--review-due", review_due)
    )
    root = Places.of(corpus, None).corpus
    try:
        manner = _manner(source, replace_existing=replace, max_size=max_size, max_seconds=max_seconds)
        if _is_one_document(paths):
            _ingest_one(paths[0], root, manner, document_id=document_id, explain=explain)
            return
        _refuse_options_of_one(document_id, title, url)
        _ingest_many(paths, root, manner, explain=explain)
    except KeyboardInterrupt:
        raise StoppedError("stopped; nothing was changed: run the same command again to go on") from None


def _manner(source: Source, *, replace_existing: bool, max_size: float, max_seconds: float) -> "Manner":
    from ingest.intake import Manner
    from ingest.sizes import Sizes
    from ingest.worker import Limits

    sizes = Sizes(file_bytes=round(max_size * _MEGABYTE))
    return Manner(source, replace_existing, sizes, Limits(seconds=max_seconds))


def _is_one_document(paths: Sequence[Path]) -> bool:
    from ingest.names import is_archive, is_records

    return len(paths) == 1 and not paths[0].is_dir() and not is_archive(paths[0].name) and not is_records(paths[0].name)


def _refuse_options_of_one(*values: str | None) -> None:
    used = [option for option, value in zip(_OF_ONE, values, strict=True) if value]
    if used:
        raise UsageError(f"{used[0]} is of one document, found many; state it in corpus.toml beside them")


def _ingest_one(path: Path, root: Path, manner: "Manner", *, document_id: str | None, explain: bool) -> None:
    from ingest.prepare import read_apart
    from ingest.vet import Wanted, vet_with

    wanted = Wanted(manner.everywhere, document_id, manner.replace_existing)
    vetted = vet_with(lambda item: read_apart(item, manner.limits), path, root, wanted, manner.sizes)
    document = vetted.document
    if explain:
        typer.echo("\n".join(explained(document.source, vetted.findings, vetted.dropped)))
    typer.echo(
        f"{document.id}: {len(document.text)} characters, SHA-256 {document.sha256[:12]}…, vetted into {root}; "
        "now run: insights build"
    )


def _ingest_many(paths: Sequence[Path], root: Path, manner: "Manner", *, explain: bool) -> None:
    from ingest.intake import collect, given
    from ingest.merge import publish_changes
    from ui.progress import progress_bar

    with progress_bar() as progress:
        intake = collect(given(paths), root, manner, progress)
        _say_what_is_wrong(intake)
        is_changed = bool(intake.changes.new or intake.changes.removed)
        if is_changed:
            progress("Writing the corpus", 0, 0)
            try:
                publish_changes(root, intake.changes)
            except KeyboardInterrupt:
                raise StoppedError(
                    f"stopped while {root} was written: it is as before or with everything; run the same command again"
                ) from None
    if explain:
        for prepared in (*intake.new, *intake.replaced):
            typer.echo(f"{shown(prepared.path)}: {prepared.id}")
            typer.echo("\n".join(explained(prepared.source, prepared.findings, prepared.dropped)))
    typer.echo("\n".join([*_summary(intake), _last_line(root, is_changed=is_changed)]))
    if intake.refused:
        raise typer.Exit(1)


def _say_what_is_wrong(intake: "Intake") -> None:
    for line in intake.warnings:
        typer.echo(f"insights: {shown(line)}", err=True)
    for refused in intake.refused:
        typer.echo(f"insights: {shown(refused.path)}: {shown(refused.why)}", err=True)


def _summary(intake: "Intake") -> list[str]:
    """A line for each way in which files ended."""
    new, replaced, unchanged = len(intake.new), len(intake.replaced), len(intake.unchanged)
    lines = [f"taken in: {new + replaced} (new: {new}, replaced: {replaced}); unchanged: {unchanged}"]
    if intake.skipped:
        lines.append(f"skipped: {len(intake.skipped)} ({_counted(one.why for one in intake.skipped)})")
    if intake.refused:
        lines.append(f"refused: {len(intake.refused)} ({_counted(one.why for one in intake.refused)})")
    return lines


def _counted(reasons: Iterable[str]) -> str:
    """How often each reason was given, the most frequent first; what follows the first sign is about one file."""
    counts = Counter(shown(_NUMBER.sub("…", _ABOUT_ONE.split(why, maxsplit=1)[0].strip())) for why in reasons)
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return "; ".join(f"{why}: {count}" for why, count in ordered)


def _last_line(root: Path, *, is_changed: bool) -> str:
    return f"vetted into {root}; now run: insights build" if is_changed else f"{root} is as it was"

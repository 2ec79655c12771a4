"""The commands of `insights corpus`: what is in a corpus, its reviews, and ways to move it."""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.corpus_check import check_corpus
from ui.inputs import CorpusOption, Places, PrintJsonOption, UsageError, parse_day

if TYPE_CHECKING:
    from corpus.model import Document

__all__ = ["corpus_commands"]

corpus_commands = typer.Typer(
    help="List, review, remove, export and check the documents of a corpus.",
    epilog="Example: insights corpus list --overdue",
)

IdsArgument = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of documents.", show_default=False)]
AllOption = Annotated[bool, typer.Option("--all", help="All the documents.")]
OfPublisherOption = Annotated[
    str | None, typer.Option("--of-publisher", metavar="PUBLISHER", help="All the documents of this publisher.")
]


class SortBy(StrEnum):
    """What a list of documents is ordered by."""

    ID = "id"
    TITLE = "title"
    PUBLISHER = "publisher"
    REVIEWED = "reviewed"
    REVIEW_DUE = "review-due"
    SIZE = "size"


@corpus_commands.command("list", epilog="Example: insights corpus list --overdue --sort review-due")
def list_documents(
    *,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only those whose next review is overdue.")] = False,
    publisher: Annotated[str | None, typer.Option(help="Only those of this publisher, in any case.")] = None,
    sort: Annotated[SortBy, typer.Option(help="What they are ordered by; dates that nobody stated come first.")] = (
        SortBy.ID
    ),
    as_json: PrintJsonOption = False,
    corpus: CorpusOption = None,
) -> None:
    """List the documents: a table on a terminal, a line each with tabs in a pipe."""
    from corpus.store import load_corpus
    from ui.corpus_views import record_of, show_list

    today = date.today()
    root = Places.of(corpus, None).corpus
    listed = [
        document
        for document in load_corpus(root).documents.values()
        if (not overdue or document.source.overdue(today))
        and (publisher is None or (document.source.publisher or "").casefold() == publisher.casefold())
    ]
    listed.sort(key=_key(sort))
    if as_json:
        records = [record_of(document, today) for document in listed]
        typer.echo(json.dumps({"corpus": str(root), "documents": records}, ensure_ascii=False))
    else:
        show_list(listed, today)


def _key(sort: SortBy) -> "Callable[[Document], tuple[object, str]]":
    def key(document: "Document") -> tuple[object, str]:
        source = document.source
        values: dict[SortBy, object] = {
            SortBy.ID: "",
            SortBy.TITLE: source.title.casefold(),
            SortBy.PUBLISHER: (source.publisher or "").casefold(),
            SortBy.REVIEWED: source.reviewed or date.min,
            SortBy.REVIEW_DUE: source.review_due or date.min,
            SortBy.SIZE: -len(document.text),
        }
        return values[sort], document.id

    return key


@corpus_commands.command("show", epilog="Example: insights corpus show glimmer-moths --text")
def show_document(
    document_id: Annotated[str, typer.Argument(metavar="ID", help="The document's id.", show_default=False)],
    *,
    text: Annotated[bool, typer.Option("--text", help="Print its text and nothing else.")] = False,
    as_json: PrintJsonOption = False,
    corpus: CorpusOption = None,
) -> None:
    """Show where a document comes from, its headings, its pages, and its earlier versions."""
    from corpus.store import load_corpus
    from ingest.upkeep import chosen
    from ui.corpus_views import details_of, show_details

    root = Places.of(corpus, None).corpus
    (document,) = chosen(load_corpus(root).documents, [document_id], root)
    if text:
        typer.echo(document.text)
    elif as_json:
        typer.echo(json.dumps(details_of(document, root, date.today()), ensure_ascii=False))
    else:
        show_details(details_of(document, root, date.today()))


@corpus_commands.command(
    "review", epilog="Example: insights corpus review glimmer-moths --reviewed 2026-11-01 --review-due 2027-11-01"
)
def review_documents(
    ids: IdsArgument = None,
    *,
    all_documents: AllOption = False,
    of_publisher: OfPublisherOption = None,
    reviewed: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="When they were reviewed.")] = None,
    review_due: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="When they have to be reviewed again.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The title, of one document.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who published them.")] = None,
    licence: Annotated[str | None, typer.Option(help="Under what licence.")] = None,
    url: Annotated[str | None, typer.Option(help="Where it is published, of one document.")] = None,
    corpus: CorpusOption = None,
) -> None:
    """Record a review: dates and provenance change, the text and the index stay.

    What is recorded stays until a synchronised file changes, or what corpus.toml says of it. The text of an option that
    is "not stated" takes that away.
    """
    from ingest.upkeep import Review, record_review

    root = Places.of(corpus, None).corpus
    day = parse_day("--reviewed", reviewed)
    if day is not None and day > date.today():
        raise UsageError(f"--reviewed: found {day}, which is yet to come, wanted the day it was done; correct it")
    review = Review(day, parse_day("--review-due", review_due), title, url, publisher, licence)
    if review == Review():
        raise UsageError("found nothing to record; give --reviewed YYYY-MM-DD, --review-due, or what else is known")
    chosen_ids = list(_chosen(root, ids, all_documents=all_documents, of_publisher=of_publisher))
    if len(chosen_ids) > 1 and (title is not None or url is not None):
        raise UsageError(f"found {len(chosen_ids)} documents, wanted one for --title and --url; name its id")
    for old, new in record_review(root, chosen_ids, review):
        before, after = old.source, new.source
        typer.echo(
            f"{new.id}: reviewed {after.reviewed or 'not stated'} (before: {before.reviewed or 'not stated'}), "
            f"next review {after.review_due or 'not stated'} (before: {before.review_due or 'not stated'})"
        )
    typer.echo(
        f"documents reviewed: {len(chosen_ids)}; the index stays valid, a running server shows it when it is started "
        "again",
        err=True,
    )


@corpus_commands.command("remove", epilog="Example: insights corpus remove glimmer-moths --yes")
def remove_documents(
    ids: IdsArgument = None,
    *,
    all_documents: AllOption = False,
    of_publisher: OfPublisherOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    corpus: CorpusOption = None,
) -> None:
    """Remove documents; each is kept as an earlier version, so that what was cited of it can still be looked up."""
    from ingest.upkeep import remove

    root = Places.of(corpus, None).corpus
    chosen_ids = list(_chosen(root, ids, all_documents=all_documents, of_publisher=of_publisher))
    shown = ", ".join(chosen_ids[:3]) + (" …" if len(chosen_ids) > 3 else "")  # noqa: PLR2004
    if not yes and sys.stdin.isatty() and sys.stderr.isatty():
        typer.confirm(f"Remove {shown} (documents: {len(chosen_ids)}) from {root}?", abort=True, err=True)
    removed = remove(root, chosen_ids)
    for document in removed:
        typer.echo(f"{document.id}: removed, kept as {document.id}@{document.sha256[:12]}")
    if synchronised := [document for document in removed if document.origin]:
        origin = synchronised[0].origin
        assert origin is not None  # noqa: S101 - what the line above chose
        typer.echo(
            f"insights: {len(synchronised)} of them came from {origin.root}: the next sync adds what is still there; "
            "remove it there too",
            err=True,
        )
    typer.echo("now run: insights build", err=True)


def _chosen(root: Path, ids: list[str] | None, *, all_documents: bool, of_publisher: str | None) -> Iterator[str]:
    """The ids that a command is about, said in exactly one way."""
    from corpus.store import load_corpus
    from ingest.upkeep import chosen

    if bool(ids) + all_documents + (of_publisher is not None) != 1:
        raise UsageError("wanted ids, --all or --of-publisher PUBLISHER, one of them; see: insights corpus list")
    documents = load_corpus(root).documents
    if ids:
        found = chosen(documents, ids, root)
    else:
        publisher = (of_publisher or "").casefold()
        found = [
            document
            for document in documents.values()
            if all_documents or (document.source.publisher or "").casefold() == publisher
        ]
    if not found:
        raise UsageError(f"found no document of {of_publisher!r} in {root}; see: insights corpus list")
    return (document.id for document in found)


@corpus_commands.command("export", epilog="Example: insights corpus export my-corpus.zip")
def export_corpus(
    target: Annotated[
        Path,
        typer.Argument(metavar="FILE|FOLDER", help="A .zip, a .jsonl, or a new folder.", show_default=False),
    ],
    *,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="corpus|jsonl|txt",
            help="All of it with its manifest and earlier versions, a JSON object a document, or the texts alone; else "
            "by the name of the file.",
        ),
    ] = None,
    corpus: CorpusOption = None,
) -> None:
    """Write the corpus out to move or archive it; the same corpus gives the same bytes.

    A corpus in a folder is used with --corpus as it is; JSON lines are taken by insights ingest.
    """
    from corpus.store import load_corpus
    from ingest.export import Format, export, format_of

    if form is not None and form not in set(Format):
        raise UsageError(f"--format: found {form!r}, wanted one of {', '.join(Format)}; correct it")
    loaded = load_corpus(Places.of(corpus, None).corpus)
    chosen_form = Format(form) if form else format_of(target)
    count = export(loaded, target, chosen_form)
    what = "lines" if chosen_form is Format.JSONL else "files"
    typer.echo(f"{target}: documents: {len(loaded.documents)}, {what}: {count}")


corpus_commands.command("check", epilog="Example: insights corpus check --cases my-cases.jsonl")(check_corpus)

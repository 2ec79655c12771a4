"""What `insights corpus` shows: documents, one document, findings; as tables, as plain lines, and as JSON objects."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from corpus.model import Document
from corpus.store import NOT_STATED
from corpus.versions import earlier_versions, version_paths
from ingest.findings import Finding, Severity

__all__ = ["details_of", "finding_record", "record_of", "show_details", "show_findings", "show_list"]

_COLUMNS = ("id", "title", "publisher", "reviewed", "review due", "characters", "origin")
_SHOWN = 40  # headings and pages of a document on a terminal
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTICE: "dim"}


def record_of(document: Document, today: date) -> dict[str, Any]:
    """A document's line of a list as a JSON object; `None` is what nobody stated."""
    source = {key: _plain(value) for key, value in asdict(document.source).items()}
    return {
        "id": document.id,
        **source,
        "overdue": document.source.overdue(today),
        "characters": len(document.text),
        "sha256": document.sha256,
        "origin": asdict(document.origin) if document.origin else None,
    }


def details_of(document: Document, root: Path, today: date) -> dict[str, Any]:
    """All that is known of a document but its text, as a JSON object."""
    versions = []
    for version in earlier_versions(root, document.id):
        kept = version_paths(root, version.id, version.sha256)[0].stat().st_mtime
        day = datetime.fromtimestamp(kept, UTC).date().isoformat()
        versions.append({"version": f"{version.id}@{version.sha256}", "kept": day, "characters": len(version.text)})
    headings = [
        {"start": heading.start, "end": heading.end, "level": heading.level}
        | {"text": document.text[heading.start : heading.end]}
        for heading in document.headings
    ]
    places = [asdict(place) for place in document.places]
    return record_of(document, today) | {"headings": headings, "places": places, "versions": versions}


def finding_record(finding: Finding) -> dict[str, Any]:
    """A finding as a JSON object."""
    return {
        "severity": str(finding.severity),
        "kind": str(finding.kind),
        "documents": list(finding.documents),
        "message": finding.message,
        "places": [
            {"document": span.document.id, "start": span.start, "end": span.end, "text": span.text}
            for span in finding.places
        ],
    }


def show_list(documents: Sequence[Document], today: date) -> None:
    """Prints a table on a terminal, and lines with tabs in a pipe, the names of the columns first."""
    rows = [_row(document, today) for document in documents]
    if not sys.stdout.isatty():
        sys.stdout.write("".join("\t".join(map(_field, row)) + "\n" for row in (_COLUMNS, *rows)))
        return
    columns = [Column(name, overflow="fold") for name in _COLUMNS]
    columns[_COLUMNS.index("characters")].justify = "right"
    table = Table(*columns)
    for document, row in zip(documents, rows, strict=True):
        style = "bold red" if document.source.overdue(today) else ""
        table.add_row(
            *(Text(cell, style if number == _COLUMNS.index("review due") else "") for number, cell in enumerate(row))
        )
    overdue = sum(document.source.overdue(today) for document in documents)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"documents: {len(documents)}, review overdue: {overdue}")


def show_details(details: Mapping[str, Any]) -> None:
    """Prints what `details_of` gives, a line each."""
    console = Console(highlight=False, soft_wrap=True)
    facts = ("id", "title", "publisher", "url", "licence", "reviewed", "review_due", "characters", "sha256")
    for name in facts:
        overdue = " (overdue)" if name == "review_due" and details["overdue"] else ""
        console.print(Text(f"{name.replace('_', ' ')}: {_field(details[name])}{overdue}"))
    origin = details["origin"]
    console.print(Text(f"origin: {_origin(origin['root'], origin['path']) if origin else NOT_STATED}"))
    for what in ("headings", "places"):
        listed = details[what]
        console.print(Text(f"{what}: {len(listed)}"))
        for one in listed[:_SHOWN]:
            console.print(Text(f"  {_heading(one) if what == 'headings' else _place(one)}"))
        if len(listed) > _SHOWN:
            console.print(Text(f"  and {len(listed) - _SHOWN} more; see them all with --json"))
    console.print(Text(f"earlier versions: {len(details['versions'])}"))
    for version in details["versions"]:
        console.print(Text(f"  {version['version']}, kept on {version['kept']}, characters: {version['characters']}"))


def show_findings(findings: Sequence[Finding]) -> None:
    """Prints a line for each finding, then how many there are."""
    console = Console(highlight=False, soft_wrap=True)
    for one in findings:
        said = Text(f"{one.severity}: ", style=_STYLES[one.severity])
        console.print(said.append(f"{one.kind}: ", style="bold").append(" ".join(one.message.split()), style="default"))
    counts = (f"{severity}s: {sum(one.severity is severity for one in findings)}" for severity in Severity)
    console.print(", ".join(counts))


def _row(document: Document, today: date) -> tuple[str, ...]:
    source, origin = document.source, document.origin
    due = "" if source.review_due is None else f"{source.review_due}{' overdue' if source.overdue(today) else ''}"
    return (
        document.id,
        source.title,
        source.publisher or "",
        str(source.reviewed or ""),
        due,
        str(len(document.text)),
        _origin(origin.root, origin.path) if origin else "",
    )


def _origin(root: str, path: str) -> str:
    """What a document was read from; the path of a page is its address, with its site in it."""
    return path if "://" in path or not root else f"{root.rstrip('/')}/{path}"


def _heading(heading: Mapping[str, Any]) -> str:
    return f"{'  ' * (heading['level'] - 1)}{' '.join(heading['text'].split())} ({heading['start']}-{heading['end']})"


def _place(place: Mapping[str, Any]) -> str:
    page = f"page {place['page']}" if place["page"] else "no page"
    return f"from character {place['start']}: {page}" + (f", #{place['fragment']}" if place["fragment"] else "")


def _field(value: object) -> str:
    """A value on one line without tabs."""
    return NOT_STATED if value is None else " ".join(str(value).split())


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value

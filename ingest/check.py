"""Looks a corpus through: provenance, reviews, copies, and copies that contradict each other."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from corpus.model import Document, Source, Span
from corpus.store import CorpusError
from corpus.versions import earlier_versions, version_paths
from ingest.contradictions import Contradiction, contradictions
from ingest.findings import Finding, Kind, Severity
from ingest.likeness import copies, grouped, near_duplicates

__all__ = ["check_copies", "check_provenance", "check_versions"]

Progress = Callable[[str, int, int], None]

_WANTED = ("url", "publisher", "licence", "reviewed", "review_due")
_NAMED = 5  # documents that a finding names in its line; all of them are in the object


def check_provenance(documents: Sequence[Document], *, today: date, soon_days: int) -> Iterator[Finding]:
    """Which documents lack a part of their provenance, and whose next review is overdue or due in so many days."""
    for document in documents:
        yield from _dates(document, today, soon_days)
        missing = [field.replace("_", " ") for field in _WANTED if getattr(document.source, field) is None]
        if missing:
            line = f"{document.id}: not stated: {', '.join(missing)}"
            yield Finding(Severity.WARNING, Kind.PROVENANCE, (document.id,), line)


def _dates(document: Document, today: date, soon_days: int) -> Iterator[Finding]:
    source: Source = document.source
    if source.review_due is None:
        return
    if source.overdue(today):
        days = (today - source.review_due).days
        line = f"{document.id}: its review was due on {source.review_due}, {_days(days)} ago"
        yield Finding(Severity.WARNING, Kind.OVERDUE, (document.id,), line)
    elif source.review_due <= today + timedelta(soon_days):
        line = f"{document.id}: its review is due on {source.review_due}, in {_days((source.review_due - today).days)}"
        yield Finding(Severity.NOTICE, Kind.SOON_DUE, (document.id,), line)


def check_versions(root: Path) -> Iterator[Finding]:
    """Which earlier versions are not as they were kept, so that what was cited of them can't be shown any more."""
    kept = version_paths(root, "any", "")[0].parent.glob("*@*.json")
    for document_id in sorted({path.name.partition("@")[0] for path in kept}):
        try:
            earlier_versions(root, document_id)
        except CorpusError as error:
            line = f"{document_id}: an earlier version: {error}"
            yield Finding(Severity.ERROR, Kind.DEAD_RANGE, (document_id,), line)


def check_copies(documents: Sequence[Document], progress: Progress) -> Iterator[Finding]:
    """Which documents are copies of each other, exactly or nearly, and what they say against each other."""
    for group in copies(documents):
        yield _group(group, Kind.COPY, "the same text")
    pairs = near_duplicates(documents, lambda done, total: progress("Comparing documents", done, total))
    groups = grouped(pairs)
    group_of = {document.id: number for number, group in enumerate(groups) for document in group}
    least = dict.fromkeys(range(len(groups)), 1.0)
    for pair in pairs:
        least[group_of[pair.first.id]] = min(least[group_of[pair.first.id]], pair.jaccard)
    for number, group in enumerate(groups):
        alike = f"nearly the same text (pairs have {least[number]:.0%} or more of their runs of five words in common)"
        yield _group(group, Kind.NEAR_DUPLICATE, alike)
    for one in contradictions(documents, groups, lambda done, total: progress("Comparing sentences", done, total)):
        yield _contradiction(one)


def _group(group: Sequence[Document], kind: Kind, what: str) -> Finding:
    names = [document.id for document in group]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return Finding(Severity.WARNING, kind, tuple(names), f"{', '.join(names[:_NAMED])}{more}: {what}")


def _contradiction(found: Contradiction) -> Finding:
    first, second = (words or "nothing" for words in found.differing)
    line = (
        f"{_said(found.first)} and {_said(found.second)} say the same but for “{first}” and “{second}”: "
        f"“{_one_line(found.first)}” / “{_one_line(found.second)}”"
    )
    documents = (found.first.document.id, found.second.document.id)
    return Finding(Severity.WARNING, Kind.CONTRADICTION, documents, line, (found.first, found.second))


def _said(span: Span) -> str:
    place = span.document.place_at(span.start)
    page = f"page {place.page}, " if place and place.page else ""
    return f"{span.document.id} ({page}characters {span.start}-{span.end})"


def _one_line(span: Span) -> str:
    return " ".join(span.text.split())


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"

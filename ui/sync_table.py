"""What a synchronisation changes, as a table: set out on a terminal, a line each in a pipe."""

from collections.abc import Iterator, Sequence
from dataclasses import fields

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.model import Document
from ingest.plan import Plan, Replaced
from ingest.words import words_changed

__all__ = ["show_plan"]

_MOST_ROWS = 50  # of a kind; the first synchronisation of a large folder adds thousands
_HEADS = ("change", "document", "what", "from")

Row = tuple[str, str, str, str]


def show_plan(planned: Plan, *, all_rows: bool = False) -> None:
    """Prints a row for each document that changes and each file that was refused, then how many of each there are."""
    rows: list[Row] = []
    for listed in (_added(planned), _replaced(planned), _removed(planned), _refused(planned)):
        of_kind = list(listed)
        shown = of_kind if all_rows else of_kind[:_MOST_ROWS]
        rows += shown
        if len(of_kind) > len(shown):
            rows.append((of_kind[0][0], f"and {len(of_kind) - len(shown):,} more", "say --explain to see all", ""))
    console = Console(highlight=False)
    if rows and console.is_terminal:
        table = Table(*_HEADS)
        for row in rows:
            table.add_row(*map(Text, row))
        console.print(table)
    elif rows:
        console.file.write(_aligned(rows))
    for line in _notes(planned):
        console.file.write(f"{line}\n")
    console.file.write(f"{_counts(planned)}\n")


def _added(planned: Plan) -> Iterator[Row]:
    for one in planned.added:
        yield "added", one.id, _words(one), _path(one)


def _replaced(planned: Plan) -> Iterator[Row]:
    for one in planned.replaced:
        yield "replaced", one.new.id, "; ".join(_differences(one)), _path(one.new)


def _removed(planned: Plan) -> Iterator[Row]:
    for one in planned.removed:
        yield "removed", one.id, _words(one), _path(one)


def _refused(planned: Plan) -> Iterator[Row]:
    by_path = {one.origin.path: one.id for one in planned.after.values() if one.origin}
    for one in planned.refused:
        stays = "; the document stays as it was" if one.path in planned.kept else ""
        document = by_path.get(one.path, "") if stays else ""
        yield "refused", document, f"{_line(one.why)}{stays}", _line(one.path)


def _differences(one: Replaced) -> Iterator[str]:
    """What is different, in the order in which it matters."""
    if one.old.sha256 != one.new.sha256:
        went, came = words_changed(one.old.text, one.new.text)
        yield f"words: {came:,} new, {went:,} gone" if went or came else "the same words, set otherwise"
    elif (one.old.headings, one.old.places) != (one.new.headings, one.new.places):
        yield "the same words, headings or pages set otherwise"
    names = [field.name for field in fields(one.old.source)]
    stated = [name for name in names if getattr(one.old.source, name) != getattr(one.new.source, name)]
    if stated:
        yield f"source: {', '.join(stated).replace('_', ' ')}"
    if _path(one.old) != _path(one.new):
        yield f"moved from {_path(one.old)}"


def _notes(planned: Plan) -> Iterator[str]:
    for partial in planned.partial:
        yield f"{_line(partial.path)}: {_line(partial.why)}; so nothing was removed for not being listed"
    beyond = len(planned.kept - {one.path for one in planned.refused})
    if beyond:
        yield f"{beyond:,} documents that lie in what was refused, or may be listed still, stay as they were"
    if planned.left:
        roots = sorted({one.origin.root for one in planned.left if one.origin})
        yield (
            f"{len(planned.left):,} documents are of {', '.join(map(_line, roots))}, which isn't there any more; "
            "they stay: remove them with insights corpus remove"
        )
    twins = {one.sha256: one.id for one in planned.before.values()}
    for one in planned.added:
        if twins.setdefault(one.sha256, one.id) != one.id and twins[one.sha256] in planned.after:
            yield f"{one.id} has the same text as {twins[one.sha256]}; both are kept"


def _counts(planned: Plan) -> str:
    counts = {
        "added": len(planned.added),
        "replaced": len(planned.replaced),
        "removed": len(planned.removed),
        "refused": len(planned.refused),
        "unchanged": planned.unchanged,
    }
    return ", ".join(f"{name}: {count:,}" for name, count in counts.items())


def _aligned(rows: Sequence[Row]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS) - 1)]
    lines = ("  ".join([*map(str.ljust, row, widths), row[-1]]).rstrip() for row in rows)
    return "".join(f"{line}\n" for line in lines)


def _words(document: Document) -> str:
    return f"{len(document.text.split()):,} words"


def _path(document: Document) -> str:
    return _line(document.origin.path) if document.origin else ""


def _line(text: str) -> str:
    """A text in one line of a terminal, with nothing that the terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)

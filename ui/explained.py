"""What --explain says of a document that is taken in: who states what of its source, and what was left out."""

from collections import Counter
from collections.abc import Sequence

from corpus.model import Source
from ingest.provenance import Finding
from ingest.raw import Dropped, DroppedKind

__all__ = ["explained", "shown"]

_LONGEST_SHOWN = 60


def explained(source: Source, findings: Sequence[Finding], dropped: Sequence[Dropped]) -> list[str]:
    """Lines about a document: who states what of its source, and what was left out of its text.

    What was left out with the same words is a line, and so are all the numbers of pages.
    """
    lines = []
    for name in ("title", "url", "publisher", "licence", "reviewed", "review_due"):
        value = getattr(source, name)
        where = next((one.where for one in findings if getattr(one.source, name)), None)
        if value is None:
            lines.append(f"  {name}: not stated")
        else:
            lines.append(f"  {name}: {shown(str(value))} ({where or 'its first heading or its name'})")
    numbers = [one for one in dropped if one.kind is DroppedKind.PAGE_NUMBER]
    named = f"{numbers[0].text} … {numbers[-1].text}" if len(numbers) > 1 else ""
    texts = [(one.kind, named if named and one.kind is DroppedKind.PAGE_NUMBER else one.text) for one in dropped]
    counts = Counter(texts)
    pages = dict(zip(reversed(texts), (one.page for one in reversed(dropped)), strict=True))
    for (kind, text), count in counts.items():
        page = pages[kind, text]
        times = f"{count} times" if count > 1 else "once"
        where = f", first on page {page}" if page else ""
        lines.append(f"  left out, {kind}: {shown(text, _LONGEST_SHOWN)!r} ({times}{where})")
    return lines


def shown(text: str, longest: int | None = None) -> str:
    """A text in one line of a terminal, with nothing that the terminal would obey."""
    line = "".join(sign if sign.isprintable() else " " for sign in text)
    return line if longest is None or len(line) <= longest else f"{line[: longest - 1]}…"

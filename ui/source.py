"""A document as a page of its own, whose script marks the range that a link names."""

from collections.abc import Iterator

from corpus.model import Document
from ui import texts
from ui.render import escape, fact, long_date, outward_link, prose, stated

__all__ = ["missing_page", "to_page"]

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="../assets/icon.svg">
<link rel="stylesheet" href="../assets/base.css">
<link rel="stylesheet" href="../assets/source.css">
<script src="../assets/source.js" defer></script>
</head>
<body>
{body}
</body>
</html>
"""


def _provenance(document: Document) -> str:
    source = document.source
    original = outward_link(source.url, source.url) if source.url else escape(texts.NOT_STATED)
    rows = [
        fact(texts.TITLE, escape(source.title)),
        fact(texts.PUBLISHER, escape(stated(source.publisher))),
        fact(texts.REVIEWED, escape(long_date(source.reviewed))),
        fact(texts.REVIEW_DUE, escape(long_date(source.review_due))),
        fact(texts.LICENCE, escape(stated(source.licence))),
        fact(texts.ORIGINAL, original),
        fact(texts.DOCUMENT, escape(document.id)),
        fact(texts.DIGEST, f'<span class="digest">{escape(document.sha256)}</span>'),
    ]
    return f'<dl class="facts">{"".join(rows)}</dl>'


def _headings(document: Document) -> Iterator[tuple[int, int, int]]:
    """Start, end and depth of the headings that do not overlap; depth leaves out none, whatever the levels do.

    A heading that runs into its paragraph takes the space after it along, so that no line opens with one.
    """
    path: list[int] = []
    end = 0
    for heading in document.headings:
        if heading.start < end:
            continue
        while path and path[-1] >= heading.level:
            path.pop()
        path.append(heading.level)
        end = heading.end + document.text.startswith(" ", heading.end)
        yield heading.start, end, len(path)


def _text(document: Document) -> str:
    pieces: list[str] = []
    done = 0
    for start, end, depth in _headings(document):
        tag = f"h{min(depth + 1, 6)}"
        pieces.append(prose(document.text[done:start]))
        pieces.append(f"<{tag}>{escape(document.text[start:end])}</{tag}>")
        done = end
    return "".join([*pieces, prose(document.text[done:])])


def to_page(document: Document) -> str:
    """The whole document as a standalone page.

    The text content of the element with the id `text` is the document's text exactly, so that offsets count there too.
    """
    place = (
        f'<p id="place" role="status" data-found="{escape(texts.PLACE)}"'
        f' data-not-found="{escape(texts.PLACE_NOT_FOUND)}"></p>'
    )
    header = f"<header><h1>{escape(texts.SOURCE_PAGE)}</h1>{_provenance(document)}{place}</header>"
    title = escape(f"{document.source.title} - {texts.SOURCE_PAGE}")
    return _PAGE.format(title=title, body=f'{header}\n<main id="text">{_text(document)}</main>')


def missing_page() -> str:
    """The page that says in one line that there is no such document."""
    line = escape(texts.NO_SUCH_DOCUMENT)
    body = f'<main><h1>{line}</h1><p><a href="../chat/">{escape(texts.TO_THE_CHAT)}</a></p></main>'
    return _PAGE.format(title=line, body=body)

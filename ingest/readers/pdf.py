"""PDF: the words that a reader of the pages would see, in the order of reading them, with the page of each."""

import re
from collections import Counter
from collections.abc import Iterable

from ingest.raw import IngestError, RawDocument
from ingest.readers.pdf_blocks import Typography, drafts_of
from ingest.readers.pdf_columns import columns_of
from ingest.readers.pdf_flow import blocks_of, joined
from ingest.readers.pdf_lines import PageLines
from ingest.readers.pdf_pages import opened, pages_of, stated_title
from ingest.readers.pdf_properties import stated_source
from ingest.readers.pdf_repeats import repeats

__all__ = ["read_pdf"]

_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff]")
_MOST_UNREADABLE = 0.3


def read_pdf(data: bytes) -> RawDocument:
    """Reads a PDF. The page of a block is the label that the PDF gives it, or else its number; "page=1" is the first.

    Left out and listed are what runs along the pages' edges, hyphens that only a line end put into a word, text that
    nobody sees, and pages that hold pictures only.

    Raises:
        IngestError: if the file is no PDF, is damaged, cut off, encrypted, too large, or has no text on any page.
    """
    with opened(data) as document:
        pages = [PageLines.of(page) for page in pages_of(document)]
        source = stated_source(stated_title(document), data)
    if not any(page.lines for page in pages):
        where = f"any of its {len(pages)} pages" if len(pages) > 1 else "its only page"
        raise IngestError(f"found no text on {where}, it seems scanned; run OCR first (for instance ocrmypdf)")
    _refuse_unreadable(pages)
    edges = repeats(pages, _usual_size(pages))
    ordered = columns_of([edge.lines for edge in edges])
    columns = [column for page, edge in zip(ordered, edges, strict=True) for column in (*page, *edge.asides)]
    typography = Typography.of(columns)
    drafts = joined(drafts_of(columns, typography))
    blocks, hyphens = blocks_of(drafts, {page.number: page.label for page in pages})
    left_out = [dropped for edge in edges for dropped in edge.dropped]
    return RawDocument(tuple(blocks), source, (*left_out, *hyphens))


def _usual_size(pages: Iterable[PageLines]) -> float:
    """The size of most letters."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: sizes[size])


def _refuse_unreadable(pages: Iterable[PageLines]) -> None:
    texts = [line.text for page in pages for line in page.lines]
    share = sum(len(_UNREADABLE.findall(text)) for text in texts) / max(1, sum(map(len, texts)))
    if share > _MOST_UNREADABLE:
        raise IngestError(
            f"found no meaning of {share:.0%} of its characters, its fonts don't say what they stand for; "
            "run OCR first (for instance ocrmypdf --force-ocr)"
        )

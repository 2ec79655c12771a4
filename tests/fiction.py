"""Fictional texts for the tests: Vantor, its lake and its glimmer moths exist nowhere."""

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Final

from corpus.model import Document, Heading, Source
from corpus.store import digest
from ingest.canonical import canonicalise
from ingest.readers.text import parse_text

MOTHS: Final = """The glimmer moths of Vantor

Where they live

Glimmer moths rest on the silver reeds of Lake Vantor. They choose reeds that lean towards the north, and they share \
a reed with two others at most. On windless evenings they move to the lantern stones.

What keepers bring

A keeper who counts the moths brings:
- a lantern with a blue glass
- two sheets of ruled paper, one for each bank
- a bell, unless the reeds are in flower

When they shine

Glimmer moths shine for nine minutes after sunset. The light is pale green on calm evenings. It turns to amber when a \
storm is near.
"""
REEDS: Final = """The silver reeds of Vantor

Silver reeds grow a hand's breadth in a season. Their roots hold the bank of the lake together. In the ledgers of \
Vantor, a reed of forty seasons is called a mast.

Year | Reeds | Masts
1 | 400 | 12
2 | 380 | 15
"""
SOURCE: Final = Source(
    title="The glimmer moths of Vantor",
    url="https://vantor.example/moths",
    publisher="Vantor Moth Society",
    licence="CC BY 4.0",
    reviewed=date(2025, 3, 12),
    review_due=date(2031, 3, 12),
)


def document_of(text: str, *, document_id: str = "moths", source: Source = SOURCE) -> Document:
    """The document that `text` becomes when it is vetted as plain text."""
    canonical = canonicalise(parse_text(text))
    return Document(document_id, source, digest(canonical.text), canonical.headings, canonical.text)


def plain_document(text: str, *headings: tuple[int, int, int]) -> Document:
    """A document of just this text, nothing of it changed; headings are (start, end, level)."""
    return Document("moths", SOURCE, digest(text), tuple(Heading(*heading) for heading in headings), text)


def words_of(text: str) -> list[str]:
    """The runs of letters and digits of `text`, in order and in NFC: what no step may change.

    An oracle of its own: invisible characters are left out in its own way.
    """
    shown = re.sub("[\u00ad\u200b\u2060\ufeff]|(?!\\s)[\x00-\x1f\x7f-\x9f]", "", text)
    return [word for word in re.split(r"[\W_]+", unicodedata.normalize("NFC", shown)) if word]


def write(path: Path, text: str) -> Path:
    """Writes `text` as it stands, line ends too, and gives its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path

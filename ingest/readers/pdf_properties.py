"""What a PDF states about itself: its title, and in its XMP metadata its publisher and its rights.

The author of a PDF's properties is the account that saved it, and its dates are those of the file: neither is a source.
"""

import html
import re

from corpus.model import Source

__all__ = ["stated_source"]

_JUNK = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel|office\b).*|untitled.*|no title|title|document\s*\d*|slide\s*\d+"
    r"|presentation\s*\d*|powerpoint presentation|\(?anonymous\)?|unspecified|print|draft\d*|layout\s*\d*|about:blank"
    r"|\S+\.(?:docx?|pdf|rtf|odt|indd|pptx?|xlsx?|qxd|p65|pmd|tex|dvi|fm|wpd|html?|txt|ps|eps)|[\d\W_]*)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_TITLE = 300
_LONGEST_PACKET = 200_000
_PACKET = re.compile(rb"<x:xmpmeta\b(.*?)</x:xmpmeta>", re.DOTALL)
_LONGEST = 500


def stated_source(title: str, data: bytes) -> Source:
    """The source as far as the file says it; a title that only names a file or a program is none."""
    packet = _packet(data)
    return Source(
        _title(title) or _title(_xmp(packet, "title") or ""),
        publisher=_xmp(packet, "publisher"),
        licence=_xmp(packet, "rights"),
    )


def _title(text: str) -> str:
    shown = " ".join("".join(character for character in text if character.isprintable() or character.isspace()).split())
    return "" if _JUNK.fullmatch(shown) or len(shown) > _LONGEST_TITLE else shown


def _packet(data: bytes) -> str:
    """The XMP packet of the document: the last one, others are of pictures in it or of earlier states."""
    start = data.rfind(b"<x:xmpmeta")
    found = _PACKET.match(data[start : start + _LONGEST_PACKET]) if start >= 0 else None
    return found[1].decode("utf-8", "replace") if found else ""


def _xmp(packet: str, name: str) -> str | None:
    """The first value of a Dublin Core property."""
    found = re.search(rf"<dc:{name}\b[^>]*>(.{{0,2000}}?)</dc:{name}>", packet, re.DOTALL)
    value = re.search(r"<rdf:li\b[^>]*>([^<]*)</rdf:li>", found[1]) if found else None
    text = " ".join(html.unescape(value[1]).split())[:_LONGEST] if value else ""
    return text or None

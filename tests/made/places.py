"""Looks up where sentences stand in the original, as a quote of them would."""

from collections.abc import Sequence

from corpus.model import Place
from ingest.canonical import CanonicalText

__all__ = ["places_of"]


def places_of(canonical: CanonicalText, sentences: Sequence[str]) -> dict[str, Place]:
    """The place of each sentence's beginning; each stands in the text just once."""
    found: dict[str, Place] = {}
    for sentence in sentences:
        start = canonical.text.index(sentence)
        before = [place for place in canonical.places if place.start <= start]
        found[sentence] = before[-1] if before else Place(0)
    return found

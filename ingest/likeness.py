"""Documents that are copies of each other, or nearly; the only door to datasketch.

Candidates come from MinHash signatures of runs of five words, in a table of locality-sensitive hashes (Broder 1997;
Indyk and Motwani 1998); what is reported of each is exact.
"""

import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from datasketch import MinHash, MinHashLSH

from corpus.model import Document
from retrieval.sameness import folded

__all__ = ["NEAR", "Likeness", "copies", "grouped", "near_duplicates", "shingles"]

Progress = Callable[[int, int], None]
Shingles = npt.NDArray[np.uint64]  # sorted, none twice

NEAR = 0.8  # from which share on two documents count as near duplicates
_CONTAINED = 0.95
_CANDIDATES = 0.6  # what the table looks for: below NEAR, since it only estimates
_WORDS = 5
_SIGNATURE = 128
_SEED = 1


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much two documents have in common, of their distinct runs of five words.

    `jaccard` is the share of all runs that both have, `containment` the share of the shorter one's. `first` comes
    before `second` in the corpus.
    """

    first: Document
    second: Document
    jaccard: float
    containment: float


def copies(documents: Iterable[Document]) -> list[list[Document]]:
    """The documents that have exactly the same text, two and more together."""
    found: dict[str, list[Document]] = {}
    for document in documents:
        found.setdefault(document.sha256, []).append(document)
    return [group for group in found.values() if len(group) > 1]


def near_duplicates(documents: Sequence[Document], progress: Progress) -> list[Likeness]:
    """The pairs of documents of different texts of which nearly all is the same, the likest first.

    Their likeness is `NEAR` or more, or all but a twentieth of the shorter one is in the longer one.

    Of documents with the same text only the first is looked at; see `copies`.
    """
    distinct = list({document.sha256: document for document in reversed(documents)}.values())[::-1]
    table = MinHashLSH(threshold=_CANDIDATES, num_perm=_SIGNATURE)
    runs: list[Shingles] = []
    found: list[Likeness] = []
    # The permutations are drawn once: drawing them is most of what a signature costs.
    blank = MinHash(num_perm=_SIGNATURE, seed=_SEED, hashfunc=int)
    for number, document in enumerate(distinct):
        progress(number, len(distinct))
        runs.append(shingles(document.text))
        signature = blank.copy()
        signature.update_batch(runs[number] & np.uint64(0xFFFFFFFF))
        for other in sorted(table.query(signature)):
            likeness = _likeness((distinct[other], runs[other]), (document, runs[number]))
            if likeness.jaccard >= NEAR or likeness.containment >= _CONTAINED:
                found.append(likeness)
        table.insert(number, signature, check_duplication=False)
    return sorted(found, key=lambda one: (-one.jaccard, one.first.id, one.second.id))


def grouped(pairs: Iterable[Likeness]) -> list[list[Document]]:
    """The documents of the pairs, those together that are joined by a chain of pairs; each group in order of ids."""
    group_of: dict[str, list[Document]] = {}
    for pair in pairs:
        first, second = (group_of.setdefault(one.id, [one]) for one in (pair.first, pair.second))
        if first is not second:
            shorter, longer = sorted((first, second), key=len)
            longer += shorter
            group_of |= dict.fromkeys((one.id for one in shorter), longer)
    groups = {id(group): group for group in group_of.values()}.values()
    return sorted((sorted(group, key=lambda one: one.id) for group in groups), key=lambda group: group[0].id)


def shingles(text: str) -> Shingles:
    """The distinct runs of five words of a text, each as a number of 64 bits; of a shorter text, the one it is."""
    words = folded(text).split()
    hashes = np.array([zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint64)
    length = max(min(_WORDS, len(words)), 1)
    if not len(hashes):
        return hashes
    runs = np.zeros(len(hashes) - length + 1, np.uint64)
    with np.errstate(over="ignore"):
        for place in range(length):
            runs = (runs ^ hashes[place : len(hashes) - length + 1 + place]) * np.uint64(0x9E3779B97F4A7C15)
            runs ^= runs >> np.uint64(29)
    return np.unique(runs)


def _likeness(first: tuple[Document, Shingles], second: tuple[Document, Shingles]) -> Likeness:
    shared = len(np.intersect1d(first[1], second[1], assume_unique=True))
    sizes = len(first[1]), len(second[1])
    return Likeness(first[0], second[0], shared / (sum(sizes) - shared or 1), shared / (min(sizes) or 1))

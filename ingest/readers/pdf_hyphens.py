"""Words that a line end parts, with the hyphen that is theirs, or without one that only the line end put there.

The rule, first what is certain: a soft hyphen (U+00AD) goes. A hyphen stays before a capital ("Oskar-Mirs"; not in
words of capitals only) and between figures ("2020-2021"), and with a space before a word that joins two ("pre- and
post-"). Then the rest of the document decides: if it has the whole word more often it goes together, if the hyphened
one, it keeps its hyphen. At last a word that English has goes together. In doubt the hyphen stays: "quil-zem" can be
read if "quilzem" was meant, the other way round two words would be lost.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from retrieval.spelling import is_english

__all__ = ["Hyphens", "ends_parted"]

_HYPHENS = "-\u00ad\u2010\u2011"
_SOFT = "\u00ad"
_JOINING = {"and", "or", "to", "nor", "versus", "but", "und", "oder", "et", "y"}
_WORD = re.compile(rf"[^\W\d_]+(?:[{_HYPHENS}][^\W\d_]+)*")
_PARTED = re.compile(rf"([^\W_]+(?:[{_HYPHENS}][^\W_]+)*)[{_HYPHENS}]$")
_FIRST = re.compile(rf"[^\W_]+(?:[{_HYPHENS}](?=[^\W_])[^\W_]+)*")


def ends_parted(text: str) -> bool:
    """Whether the last word may go on in the next line: it ends with a hyphen."""
    return text[-1:] in _HYPHENS and text != "" and _parted(text) is not None


def _parted(text: str) -> re.Match[str] | None:
    """The last word of `text` if it ends with a hyphen."""
    return _PARTED.search(text, text.rfind(" ") + 1)


class Hyphens:
    """Joins lines of a document whose words it has counted."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Counts the words of `lines` but for those at their ends that may be parted."""
        self._counts: Counter[str] = Counter()
        for before, line in pairwise(["", *lines]):
            words = [_plain(match.group()) for match in _WORD.finditer(line)]
            first = 1 if ends_parted(before) else 0
            self._counts.update(words[first:-1] if ends_parted(line) else words[first:])

    def join(self, text: str, following: str) -> tuple[str, str | None]:
        """The two as one, and the word as it was parted if a hyphen went."""
        left = _parted(text) if text[-1] in _HYPHENS else None
        right = _FIRST.match(following)
        if left is None or right is None or right.group().casefold() in _JOINING:
            return f"{text} {following}", None
        if self._is_whole(left[1], text[-1], right.group()):
            return text[:-1] + following, f"{left.group()} {right.group()}"
        return text + following, None

    def _is_whole(self, left: str, hyphen: str, right: str) -> bool:
        if hyphen == _SOFT:
            return True
        if not (right[0].islower() or (left + right).isupper()) or left[-1].isdigit():
            return False
        whole, hyphened = _plain(left + right), _plain(f"{left}-{right}")
        if self._counts[whole] != self._counts[hyphened]:
            return self._counts[whole] > self._counts[hyphened]
        return not self._counts[whole] and is_english(whole)


def _plain(word: str) -> str:
    return re.sub(f"[{_HYPHENS}]", "-", word.replace(_SOFT, "")).casefold()

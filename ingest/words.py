"""How many words of a text are others than before."""

from collections import Counter
from difflib import SequenceMatcher

__all__ = ["words_changed"]


def words_changed(old: str, new: str) -> tuple[int, int]:
    """How many words went and how many came; of a paragraph that was moved, all of them."""
    before, after = ([line for line in text.split("\n") if line] for text in (old, new))
    went, came = 0, 0
    for kind, first, last, new_first, new_last in SequenceMatcher(None, before, after).get_opcodes():
        if kind != "equal":
            was = Counter(word for line in before[first:last] for word in line.split())
            now = Counter(word for line in after[new_first:new_last] for word in line.split())
            went, came = went + (was - now).total(), came + (now - was).total()
    return went, came

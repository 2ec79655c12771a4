"""What a sentence needs around it to stand alone: what it leans on, its list, the rest of a sentence that was cut."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from corpus.layout import CELL_SEPARATOR, ITEM_MARK, PARAGRAPH_BREAK
from corpus.model import Span

__all__ = ["leans", "standing_range"]

_LEANING = re.compile(
    r"(it|its|they|them|their|theirs|he|she|his|her|this|that|these|those|such|both|others|another|the (former|latter)"
    r"|however|conversely|moreover|furthermore|additionally|also|besides|therefore|thus|hence|consequently|accordingly"
    r"|otherwise|instead|nevertheless|nonetheless|similarly|likewise|meanwhile|then|afterwards|finally|yet|but|and|or|so"
    r"|even so|if (so|not)|as a result|because of (this|that)|for (example|instance|this|that|these)|in addition"
    r"|(in|by) contrast|on the (other hand|contrary)|in other words"
    r"|(in|at|after|despite|with) (this|that|these|those|such)"
    r"|in (\w+ ){1,2}(cases|instances|situations))\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?…:;][\"'”’)\]]*$")


def leans(sentence: Span) -> bool:
    """Whether the sentence opens with a pronoun or a connective, and so needs what comes before it."""
    return _LEANING.match(sentence.text) is not None


def standing_range(sentence: Span, sentences: Sequence[Span]) -> Span:
    """The smallest run of whole sentences around `sentence` that can stand alone.

    It doesn't begin with a sentence that leans on the one before; a list comes whole and with its stem, a table with
    its header, and a sentence that was cut into pieces comes whole.
    """
    first = last = _position(sentence, sentences)
    while True:
        before = (first, last)
        if _goes_on(sentences, first) and (leans(sentences[first]) or _is_cut(sentences, first - 1)):
            first -= 1
        if last + 1 < len(sentences) and _is_cut(sentences, last):
            last += 1
        first = _list_start(sentences, first)
        last = _list_end(sentences, last)
        if (first, last) == before:
            return Span(sentence.document, sentences[first].start, sentences[last].end)


def _position(sentence: Span, sentences: Sequence[Span]) -> int:
    return bisect_left(sentences, sentence.start, key=lambda span: span.start)


def _gap(sentences: Sequence[Span], number: int) -> str:
    """The text between a sentence and the next."""
    return sentences[number].document.text[sentences[number].end : sentences[number + 1].start]


def _goes_on(sentences: Sequence[Span], number: int) -> bool:
    """Whether the sentence before stands in the same section."""
    if number == 0:
        return False
    document = sentences[number].document
    return document.headings_at(sentences[number - 1].start) == document.headings_at(sentences[number].start)


def _is_cut(sentences: Sequence[Span], number: int) -> bool:
    """Whether the sentence ends in mid-line without an end mark: it was too long for one passage."""
    return "\n" not in _gap(sentences, number) and _ENDS.search(sentences[number].text) is None


def _in_list(sentence: Span) -> bool:
    """Whether the sentence stands in a list item or a table row."""
    text = sentence.document.text
    start = text.rfind("\n", 0, sentence.start) + 1
    end = text.find("\n", sentence.end)
    return ITEM_MARK.match(text, start) is not None or CELL_SEPARATOR in text[start : end if end >= 0 else len(text)]


def _list_start(sentences: Sequence[Span], number: int) -> int:
    """The number of the list's stem, or of its first sentence; `number` itself outside lists."""
    if not _in_list(sentences[number]):
        return number
    while _goes_on(sentences, number) and PARAGRAPH_BREAK not in _gap(sentences, number - 1):
        number -= 1
    is_stem = _goes_on(sentences, number) and sentences[number - 1].text.endswith(":")
    return number - 1 if is_stem else number


def _list_end(sentences: Sequence[Span], number: int) -> int:
    """The number of the last sentence of the list that `number` stands in or introduces."""
    introduces = (
        number + 1 < len(sentences) and sentences[number].text.endswith(":") and _in_list(sentences[number + 1])
    )
    if introduces:
        number += 1
    if not _in_list(sentences[number]):
        return number
    while number + 1 < len(sentences) and PARAGRAPH_BREAK not in _gap(sentences, number):
        number += 1
    return number

"""What a sentence needs around it to stand alone: what it leans on, its list, the rest of a sentence that was cut."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from corpus.layout import CELL_SEPARATOR, ITEM_MARK, PARAGRAPH_BREAK
from corpus.model import Span

__all__ = ["leans", "standing_range"]

_LEANING = re.compile(
    r"\W*((it|its|they|them|their|theirs|he|she|his|her|this|that|these|those|such|both|others|another|neither|nor"
    r"|the (former|latter)|however|conversely|moreover|furthermore|additionally|also|besides|therefore|thus|hence"
    r"|consequently|accordingly|otherwise|instead|nevertheless|nonetheless|similarly|likewise|meanwhile|then|afterwards"
    r"|subsequently|alternatively|finally|lastly|secondly|thirdly|still|yet|but|and|or|so|even so|if (so|not)"
    r"|as a result|for (example|instance)|in addition|(in|by) contrast|on the (other hand|contrary)|in other words"
    r"|to do so|in (\w+ ){1,2}(cases|instances|situations)"
    r"|(after|although|as|at|because|because of|before|by|despite|during|for|from|if|in|like|once|since|unless|unlike"
    r"|until|when|while|with|without|(all|any|both|each|either|few|half|many|most|much|neither|none|one|several|some"
    r"|two) of) (it|they|them|he|him|she|this|that|these|those|such))\b|(yes|no)\s*[,.:;!—–-])",
    re.IGNORECASE,
)
# A question that titles a section is what its "Yes" or "No" answers.
_REPLY = re.compile(r"\W*(yes|no)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.!?][\"'”’)\]]*$")
_ANNOUNCES = re.compile(r"\b(following|follows|below|this|these)[\W]*$|\bthe following\b|(\.\.\.|…)$", re.IGNORECASE)


def leans(sentence: Span) -> bool:
    """Whether the sentence opens with a pronoun or a connective, and so needs what comes before it."""
    return _LEANING.match(sentence.text) is not None


def standing_range(sentence: Span, sentences: Sequence[Span]) -> Span:
    """The smallest run of whole sentences around `sentence` that can stand alone.

    It doesn't begin with a sentence that leans on the one before; a list comes whole and with its stem (the heading,
    if that is what introduces it), a table with its header, and a sentence that was cut into pieces comes whole.
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
            return Span(sentence.document, _start(sentences, first), sentences[last].end)


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
    """Whether the sentence goes on in the next one: it was too long for one passage, and was cut in mid-line."""
    if "\n" in _gap(sentences, number):
        return False
    text = sentences[number].text
    return _ENDS.search(text) is None or (text.endswith(".") and sentences[number + 1].text[0].islower())


def _is_stem(sentences: Sequence[Span], number: int) -> bool:
    """Whether the sentence introduces the list or table after it: "Do not:", "Call if", "Take the following."."""
    if number + 1 >= len(sentences) or not _goes_on(sentences, number + 1) or not _in_list(sentences[number + 1]):
        return False
    text = sentences[number].text
    if text.endswith(":"):
        return True
    return not _in_list(sentences[number]) and (_ENDS.search(text) is None or _ANNOUNCES.search(text) is not None)


def _start(sentences: Sequence[Span], number: int) -> int:
    """Where a quote that `number` opens begins: at the heading right above, if that is the stem of a list, or there."""
    opening = sentences[number]
    headings = opening.document.headings_at(opening.start)
    if _goes_on(sentences, number) or not headings:
        return opening.start
    title, text = headings[-1], opening.document.text
    if not text.startswith(PARAGRAPH_BREAK, title.end):
        return opening.start
    below = title.end + len(PARAGRAPH_BREAK)
    mark = ITEM_MARK.match(text, below)
    is_item = mark is not None and mark.end() == opening.start
    is_reply = below == opening.start and title.text.endswith("?") and _REPLY.match(opening.text) is not None
    return title.start if is_item or is_reply else opening.start


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
    number = _block_start(sentences, number)
    if not _goes_on(sentences, number):
        return number
    if _is_stem(sentences, number - 1):
        return number - 1
    # A list without a stem goes on with an earlier one if only a paragraph parts the two: it is that of an item.
    between = number if _in_list(sentences[number - 1]) else _block_start(sentences, number - 1)
    is_parted = between < number and _goes_on(sentences, between) and _in_list(sentences[between - 1])
    return _list_start(sentences, between - 1) if is_parted else number


def _block_start(sentences: Sequence[Span], number: int) -> int:
    """The number of the first sentence of the paragraph, list or table that `number` stands in."""
    while _goes_on(sentences, number) and PARAGRAPH_BREAK not in _gap(sentences, number - 1):
        number -= 1
    return number


def _list_end(sentences: Sequence[Span], number: int) -> int:
    """The number of the last sentence of the list that `number` stands in or introduces."""
    if _is_stem(sentences, number):
        number += 1
    if not _in_list(sentences[number]):
        return number
    while number + 1 < len(sentences) and PARAGRAPH_BREAK not in _gap(sentences, number):
        number += 1
    return number

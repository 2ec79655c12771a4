"""What the resolver is given: a follow-up and the turns before it as token numbers, with a mark at each word of these.

Training and answering share it. The door to tokenizers is shared with `reader_input.py`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Encoding, Tokenizer

from retrieval.lexical import stems
from retrieval.reader_input import Window, bert_tokenizer

__all__ = ["ResolverInput", "Word"]

_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_MAX_TOKENS = 160
_MAX_QUESTION_TOKENS = 48
_MAX_FIRST_TOKENS = 40
# No window holds more turns than these, the first aside (each takes two tokens at least), or more of a turn: what a
# long history has beyond that need not be cut into tokens.
_MAX_LATEST_TURNS = _MAX_TOKENS // 2
_MAX_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class Word:
    """A word of an earlier turn, as it stands there; `turn` counts from the oldest, 0."""

    turn: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ResolverInput:
    """Turns a conversation into `[CLS] question [SEP] MARK turn MARK turn … [SEP]`, turns in order.

    What is too long loses its middle: the first turn stays, since it names the subject, and then the latest ones.
    """

    _tokenizer: Tokenizer
    _start: int
    _separator: int
    _mark: int

    @classmethod
    def open(cls, path: Path) -> "ResolverInput":
        """Over the BERT tokenizer in the file `path`.

        Raises:
            ValueError: if the file holds no tokenizer with BERT's tokens.
        """
        return cls(*bert_tokenizer(path))

    def window(self, question: str, history: Sequence[str]) -> tuple[Window, list[Word]]:
        """The window over a conversation, and the words of `history`, oldest first, that its marks stand at."""
        numbers = [*range(len(history))[:1], *range(max(1, len(history) - _MAX_LATEST_TURNS), len(history))]
        texts = [_text(history[number][:_MAX_CHARACTERS]) for number in numbers]
        asked, *turns = self._tokenizer.encode_batch([_text(question), *texts], add_special_tokens=False)
        head = [self._start, *asked.ids[-_MAX_QUESTION_TOKENS:], self._separator]
        token_ids, marks, words = list(head), [], []
        known = set(stems(question))
        for turn, length in _kept([len(turn.ids) for turn in turns], _MAX_TOKENS - len(head) - 1):
            token_ids.append(self._mark)
            for word, place in _words(numbers[turn], texts[turn], turns[turn], length):
                if not known.issuperset(stems(word.text)):
                    marks.append(len(token_ids) + place)
                    words.append(word)
            token_ids += turns[turn].ids[:length]
        token_ids.append(self._separator)
        type_ids = (0,) * len(head) + (1,) * (len(token_ids) - len(head))
        return Window(tuple(token_ids), type_ids, tuple(marks), 0), words


def _text(text: str) -> str:
    """The text, of the same length, with "?" for each half of a character, which the tokenizer doesn't take."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _kept(lengths: Sequence[int], room: int) -> list[tuple[int, int]]:
    """Which turns there is room for, and how many of their tokens: the first, and the latest that have any."""
    if not lengths:
        return []
    first = min(lengths[0], _MAX_FIRST_TOKENS)
    room -= first + 1
    latest = []
    for turn in range(len(lengths) - 1, 0, -1):
        length = min(lengths[turn], room - 1)
        if length > 0:
            latest.append((turn, length))
            room -= length + 1
    return [(0, first), *reversed(latest)]


def _words(turn: int, text: str, encoding: Encoding, length: int) -> list[tuple[Word, int]]:
    """The words of a turn that lie in its first `length` tokens and mean something, each with its first token."""
    places = {start: place for place, (start, _) in reversed(list(enumerate(encoding.offsets[:length])))}
    return [
        (Word(turn, match.start(), match.end(), match.group()), places[match.start()])
        for match in _WORD.finditer(text)
        if match.start() in places and stems(match.group())
    ]

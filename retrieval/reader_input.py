"""What the trained reader is given: token numbers of a question, headings and sentences, with a mark before each one.

Training and answering share it, so that the network reads in the one what it learnt in the other. A door to tokenizers.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

__all__ = ["MARK", "ReaderInput", "Window", "bert_tokenizer"]

# A token that the vocabulary of BERT keeps free; training gives it its meaning: "here a sentence begins".
MARK = "[unused0]"
_MAX_TOKENS = 320
_MAX_HEADING_TOKENS = 32
# Of a longer question, its beginning and its end: life stories put what is asked in one of the two.
_QUESTION_BEGINNING = 32
_QUESTION_END = 64


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of whole sentences with the question before it.

    `token_ids` and `type_ids` (0 for the question, 1 for what is read) are as long as each other; `marks` are the
    places of the marks among them, one a sentence, the first of them the passage's sentence number `first`.
    """

    token_ids: tuple[int, ...]
    type_ids: tuple[int, ...]
    marks: tuple[int, ...]
    first: int


@dataclass(frozen=True, slots=True)
class ReaderInput:
    """Turns texts into windows: `[CLS] question [SEP] headings [SEP] MARK sentence MARK sentence … [SEP]`."""

    _tokenizer: Tokenizer
    _start: int
    _separator: int
    _mark: int

    @classmethod
    def open(cls, path: Path) -> "ReaderInput":
        """Over the BERT tokenizer in the file `path`.

        Raises:
            ValueError: if the file holds no tokenizer with BERT's tokens.
        """
        return cls(*bert_tokenizer(path))

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The token numbers of each text, without special tokens."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def windows(
        self, question: Sequence[int], heading: Sequence[int], sentences: Sequence[Sequence[int]]
    ) -> Iterator[Window]:
        """The windows over a passage, from token numbers.

        Each sentence has its mark in one window; the one before the first comes along where there is room. A sentence
        that no window holds is cut at its end. No sentences, no window.
        """
        if len(question) > _QUESTION_BEGINNING + _QUESTION_END:
            question = [*question[:_QUESTION_BEGINNING], *question[-_QUESTION_END:]]
        asked = [self._start, *question, self._separator]
        headed = [*asked, *heading[:_MAX_HEADING_TOKENS], self._separator]
        room = _MAX_TOKENS - len(headed) - 1
        cut = [[self._mark, *sentence][:room] for sentence in sentences]
        first = 0
        while first < len(cut):
            end, used = first, 0
            while end < len(cut) and used + len(cut[end]) <= room:
                used += len(cut[end])
                end += 1
            # What went before is context, if there is room for it.
            lead = cut[first - 1] if first and used + len(cut[first - 1]) <= room else []
            token_ids = [*headed, *lead]
            marks = []
            for sentence in cut[first:end]:
                marks.append(len(token_ids))
                token_ids += sentence
            token_ids.append(self._separator)
            type_ids = (0,) * len(asked) + (1,) * (len(token_ids) - len(asked))
            yield Window(tuple(token_ids), type_ids, tuple(marks), first)
            first = end


def bert_tokenizer(path: Path) -> tuple[Tokenizer, int, int, int]:
    """The tokenizer in the file `path`, and its numbers of the start, the separator and the mark.

    Raises:
        ValueError: if the file holds no tokenizer with BERT's tokens.
    """
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more precise
        raise ValueError(f"{path} is no tokenizer ({error})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    start, separator, mark = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]", MARK))
    if start is None or separator is None or mark is None:
        raise ValueError(f"{path}: found no token [CLS], [SEP] or {MARK}, wanted the tokenizer of a BERT model")
    return tokenizer, start, separator, mark

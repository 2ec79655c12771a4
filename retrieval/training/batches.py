"""Rows as batches of tensors: windows of like lengths together, as many as fit a number of tokens."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import torch

from retrieval.reader_input import ReaderInput, Window
from retrieval.training.rows import Label, Row, in_short

__all__ = ["Batch", "Sample", "batches", "samples"]

_MULTIPLE = 16
# Lengths are sorted within this many samples, and no further, so that each batch is of all sources.
_POOL = 4096


@dataclass(frozen=True, slots=True)
class Sample:
    """A window, the labels at its marks, and that of what it shows of the passage."""

    window: Window
    labels: tuple[Label, ...]
    answerable: Label


@dataclass(frozen=True, slots=True)
class Batch:
    """Token and type numbers, int64, and `is_token`, bool, of (rows, length); `marks`, int64, of (rows, marks).

    Labels are float32, (rows, marks), those of `answerable` (rows,): 1, 0, or nan where nothing is known or no mark is.
    """

    token_ids: torch.Tensor
    type_ids: torch.Tensor
    is_token: torch.Tensor
    marks: torch.Tensor
    labels: torch.Tensor
    answerable: torch.Tensor

    @classmethod
    def of(cls, found: Sequence[Sample]) -> "Batch":
        """The samples as tensors, padded to the longest."""
        shape = len(found), _padded(max(len(sample.window.token_ids) for sample in found))
        token_ids, type_ids = torch.zeros(shape, dtype=torch.int64), torch.zeros(shape, dtype=torch.int64)
        is_token = torch.zeros(shape, dtype=torch.bool)
        most_marks = max(len(sample.window.marks) for sample in found)
        marks = torch.zeros((len(found), most_marks), dtype=torch.int64)
        labels = torch.full((len(found), most_marks), float("nan"))
        for row, sample in enumerate(found):
            window = sample.window
            length = len(window.token_ids)
            token_ids[row, :length] = torch.tensor(window.token_ids)
            type_ids[row, :length] = torch.tensor(window.type_ids)
            is_token[row, :length] = True
            marks[row, : len(window.marks)] = torch.tensor(window.marks)
            labels[row, : len(window.marks)] = _numbers(sample.labels)
        return cls(token_ids, type_ids, is_token, marks, labels, _numbers([sample.answerable for sample in found]))

    def to(self, device: torch.device) -> "Batch":
        """The same on `device`."""
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))


def samples(rows: Sequence[Row], reader_input: ReaderInput) -> Iterator[Sample]:
    """The windows of each row, in order; texts that come again are cut into tokens once."""
    texts = list(dict.fromkeys(text for row in rows for text in (row.question, row.title, *row.sentences)))
    tokens = dict(zip(texts, reader_input.tokens(texts), strict=True))
    for row in rows:
        cut = [tokens[sentence] for sentence in row.sentences]
        windows = list(reader_input.windows(tokens[row.question], tokens[row.title], cut))
        for window in windows:
            labels = row.labels[window.first : window.first + len(window.marks)]
            answerable = row.answerable if len(windows) == 1 else in_short(labels)
            yield Sample(window, labels, answerable)


def batches(found: Sequence[Sample], tokens: int, rng: random.Random) -> list[list[Sample]]:
    """All samples once, shuffled by `rng`, in batches of at most `tokens` tokens with padding, or of one sample."""
    order = rng.sample(range(len(found)), len(found))
    made: list[list[Sample]] = []
    for start in range(0, len(order), _POOL):
        pool = sorted(order[start : start + _POOL], key=lambda number: len(found[number].window.token_ids))
        cut: list[list[Sample]] = [[]]
        for number in pool:
            length = _padded(len(found[number].window.token_ids))
            if cut[-1] and (len(cut[-1]) + 1) * length > tokens:
                cut.append([])
            cut[-1].append(found[number])
        rng.shuffle(cut)
        made += cut
    return made


def _numbers(labels: Sequence[Label]) -> torch.Tensor:
    return torch.tensor([float("nan") if label is None else float(label) for label in labels])


def _padded(length: int) -> int:
    return -(-length // _MULTIPLE) * _MULTIPLE

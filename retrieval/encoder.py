"""Text to unit vectors: the seam every encoder fills, and the ONNX encoder that an index carries.

A door to tokenizers.
"""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from cachetools import LRUCache
from tokenizers import Tokenizer

from retrieval.session import Session, open_session

__all__ = ["ENCODER_FILES", "Encoder", "EncoderError", "EncoderSettings", "OnnxEncoder", "Vectors"]

Vectors = npt.NDArray[np.float32]  # (n, dim) float32, unit rows

_NETWORK = "encoder.onnx"
_TOKENIZER = "tokenizer.json"
_SETTINGS = "encoder.json"
ENCODER_FILES = (_NETWORK, _TOKENIZER, _SETTINGS)
_BATCH = 32
# Questions and words whose vectors are kept in memory: searching and reading ask for the same ones.
_REMEMBERED = 1024


class EncoderError(Exception):
    """An encoder that can't be loaded or trusted; the message says what, found, wanted and the remedy."""


class Encoder(Protocol):
    """Texts in, unit vectors out; questions and passages may be treated differently."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, (len(texts), dim) float32."""
        ...

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, (len(texts), dim) float32."""
        ...


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What an exported encoder needs beside its network: `sha256` names the weights it was exported from."""

    name: str
    sha256: str
    dim: int
    max_tokens: int
    question_prompt: str
    passage_prompt: str


@dataclass(frozen=True, slots=True)
class OnnxEncoder:
    """An exported encoder on the CPU; safe to share between threads."""

    settings: EncoderSettings
    _session: Session
    _tokenizer: Tokenizer
    _remembered: LRUCache[str, Vectors] = field(
        default_factory=lambda: LRUCache(_REMEMBERED), repr=False, compare=False
    )
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @classmethod
    def open(cls, folder: Path) -> "OnnxEncoder":
        """Loads the network, tokenizer and settings that `folder` holds.

        Raises:
            EncoderError: if a file is missing or broken.
        """
        try:
            settings = EncoderSettings(**json.loads((folder / _SETTINGS).read_text(encoding="utf-8")))
            tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
            session = open_session(folder / _NETWORK)
        except Exception as error:  # onnxruntime and tokenizers have their own
            raise EncoderError(f"the encoder in {folder} can't be loaded ({error}); build the index again") from error
        tokenizer.enable_truncation(settings.max_tokens)
        tokenizer.enable_padding()
        return cls(settings, session, tokenizer)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, (len(texts), dim) float32."""
        return self._encode([self.settings.passage_prompt + text for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, (len(texts), dim) float32."""
        with self._lock:
            found = {text: self._remembered[text] for text in texts if text in self._remembered}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        found |= zip(missing, self._encode([self.settings.question_prompt + text for text in missing]), strict=True)
        with self._lock:
            self._remembered.update((text, found[text]) for text in missing)
        return np.array([found[text] for text in texts], np.float32).reshape(len(texts), self.settings.dim)

    def word_pieces(self, text: str) -> list[str]:
        """The pieces that the tokenizer cuts `text` into, without its special tokens."""
        return [str(piece) for piece in self._tokenizer.encode(text, add_special_tokens=False).tokens]

    def fit(self, texts: Sequence[str]) -> list[bool]:
        """Whether passages of these texts lie within the encoder's window."""
        prompt = self.settings.passage_prompt
        return [not one.overflowing for one in self._tokenizer.encode_batch_fast([prompt + text for text in texts])]

    def _encode(self, texts: list[str]) -> Vectors:
        batches = [self._encode_batch(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        return np.concatenate(batches) if batches else np.zeros((0, self.settings.dim), np.float32)

    def _encode_batch(self, texts: list[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(texts)
        inputs = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        wanted = {node.name for node in self._session.get_inputs()}
        feed = {name: np.array(rows, np.int64) for name, rows in inputs.items() if name in wanted}
        (vectors,) = self._session.run(["vector"], feed)
        return np.asarray(vectors, np.float32)

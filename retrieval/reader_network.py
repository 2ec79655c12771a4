"""The trained network that reads a passage with a question in mind, run as int8 ONNX."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.model import Passage
from retrieval.reader_input import ReaderInput, Window
from retrieval.session import Session, open_session
from retrieval.workers import on_all_cores

__all__ = ["Logits", "NetworkError", "ReaderNetwork", "shipped_network", "shipped_sha256"]

_NETWORK, _TOKENIZER, _SETTINGS = "reader.onnx", "tokenizer.json", "reader.json"
_SHIPPED = Path(str(resources.files("retrieval") / "network"))


class NetworkError(Exception):
    """The reader's network, or the resolver's, can't be loaded; the message says what, found, wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class Logits:
    """What the network makes of a passage: of each sentence (sentences,), and of the passage; log odds."""

    sentences: npt.NDArray[np.float32]
    passage: float


@dataclass(frozen=True, slots=True)
class ReaderNetwork:
    """A trained network on the CPU; safe to share between threads. `sha256` names the ONNX file."""

    sha256: str
    _session: Session
    _input: ReaderInput

    @classmethod
    def open(cls, folder: Path) -> "ReaderNetwork":
        """Loads the network, tokenizer and settings that `folder` holds.

        Raises:
            NetworkError: if a file is missing or broken.
        """
        try:
            # One window a thread: on small windows that is faster than many threads on one, and needs no padding.
            session = open_session(folder / _NETWORK, threads=1)
            reader_input = ReaderInput.open(folder / _TOKENIZER)
        except Exception as error:  # onnxruntime has several of its own
            raise NetworkError(
                f"the reader in {folder} can't be loaded ({error}); install insights-help anew"
            ) from error
        return cls(_sha256(folder), session, reader_input)

    def read(self, question: str, passages: Sequence[Passage]) -> list[Logits]:
        """The logits of each passage, which has one sentence at least."""
        texts = [_texts(passage) for passage in passages]
        tokens = iter(self._input.tokens([question, *(text for of_one in texts for text in of_one)]))
        asked = next(tokens)
        cut = [[next(tokens) for _ in of_one] for of_one in texts]
        windows = [list(self._input.windows(asked, heading, sentences)) for heading, *sentences in cut]
        logits = on_all_cores(self._run, [window for of_one in windows for window in of_one])
        return [_joined([next(logits) for _ in of_one]) for of_one in windows]

    def _run(self, window: Window) -> Logits:
        feed = {name: np.array([getattr(window, name)]) for name in ("token_ids", "type_ids", "marks")}
        at_marks, passage = self._session.run(["at_marks", "passage"], feed)
        return Logits(at_marks[0], float(passage[0]))


def _texts(passage: Passage) -> list[str]:
    """The headings of a passage as one text, then its sentences."""
    headings = " ".join(heading.text for heading in passage.headings)
    return [headings, *(sentence.text for sentence in passage.sentences)]


def _joined(parts: Sequence[Logits]) -> Logits:
    """The logits of a passage from those of its windows: it answers if one of them does."""
    return Logits(np.concatenate([part.sentences for part in parts]), max(part.passage for part in parts))


@functools.cache
def shipped_network() -> ReaderNetwork:
    """The network that comes with the project, loaded once.

    Raises:
        NetworkError: if it can't be loaded.
    """
    return ReaderNetwork.open(_SHIPPED)


def shipped_sha256() -> str:
    """What names the network that comes with the project, without loading it.

    Raises:
        NetworkError: if its settings are missing or broken.
    """
    return _sha256(_SHIPPED)


def _sha256(folder: Path) -> str:
    path = folder / _SETTINGS
    try:
        found = json.loads(path.read_text(encoding="utf-8"))["sha256"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NetworkError(f"{path} names no reader ({error!r}); install insights-help anew") from error
    return str(found)

"""Which words of the earlier turns a follow-up leaves out: a trained network picks them."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import numpy.typing as npt

from retrieval.reader_network import NetworkError
from retrieval.resolver_input import ResolverInput, Word
from retrieval.session import Session, open_session

__all__ = ["Pick", "Picks", "Resolver", "shipped_resolver"]

_NETWORK, _TOKENIZER = "resolver.onnx", "tokenizer.json"
_SHIPPED = Path(str(resources.files("retrieval") / "network"))


@dataclass(frozen=True, slots=True)
class Pick:
    """A word of an earlier turn, and how probable it is that the follow-up needs it, in [0, 1]."""

    word: Word
    probability: float


@dataclass(frozen=True, slots=True)
class Picks:
    """How probable it is that a follow-up needs any words of the earlier turns, and which."""

    needed: float
    words: tuple[Pick, ...] = ()


@dataclass(frozen=True, slots=True)
class Resolver:
    """A trained network on the CPU; safe to share between threads.

    It chooses terms and writes nothing, after Voskarides et al., "Query resolution for conversational search with
    limited supervision" (QuReTeC), SIGIR 2020.
    """

    _session: Session
    _input: ResolverInput

    @classmethod
    def open(cls, folder: Path) -> "Resolver":
        """Loads the network and the tokenizer that `folder` holds.

        Raises:
            NetworkError: if a file is missing or broken.
        """
        try:
            session = open_session(folder / _NETWORK)
            resolver_input = ResolverInput.open(folder / _TOKENIZER)
        except Exception as error:  # onnxruntime has several of its own
            raise NetworkError(
                f"the resolver in {folder} can't be loaded ({error}); install insights-help anew"
            ) from error
        return cls(session, resolver_input)

    def picks(self, question: str, history: Sequence[str]) -> Picks:
        """Of `history`, the earlier turns, oldest first, the content words that the question hasn't got, in order.

        Of a long history the first turn and the latest are looked at.
        """
        window, words = self._input.window(question, history)
        if not words:
            return Picks(0.0)
        feed = {name: np.array([getattr(window, name)]) for name in ("token_ids", "type_ids", "marks")}
        at_marks, any_word = self._session.run(["at_marks", "passage"], feed)
        needed, *each = _logistic(np.concatenate([any_word, at_marks[0]])).tolist()
        return Picks(needed, tuple(Pick(word, probability) for word, probability in zip(words, each, strict=True)))


def _logistic(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-logits.astype(np.float64))), np.float64)


@functools.cache
def shipped_resolver() -> Resolver:
    """The network that comes with the project, loaded once.

    Raises:
        NetworkError: if it can't be loaded.
    """
    return Resolver.open(_SHIPPED)

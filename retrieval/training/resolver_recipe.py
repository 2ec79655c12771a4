"""The recipe of the shipped resolver: which conversations it learns from, and at what rate."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import torch

from retrieval.lexical import stems
from retrieval.reader_network import NetworkError
from retrieval.resolver_input import ResolverInput
from retrieval.training.batches import Sample
from retrieval.training.export_reader import export_network
from retrieval.training.loop import Progress, Stage, train
from retrieval.training.network import ReaderNetwork, load_encoder_weights

__all__ = ["OWN_CONVERSATIONS", "FollowUp", "resolver_samples", "train_resolver"]

# The project's own, as `insights eval rewriting` reads them.
OWN_CONVERSATIONS = Path(str(resources.files("retrieval.training"))) / "conversations.jsonl"
_LAYERS = 4
_TOKENS = 4096  # a batch, with padding
_RATE = 1e-4
# Each goes through the conversations in another order while the rate falls; the resolver is their mean.
_ENDINGS = ("first", "second", "third")
_SEED = 1
_WARM_UP = 50


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question, what was said before it, oldest first, and a human's rewrite that stands alone."""

    question: str
    history: tuple[str, ...]
    rewrite: str


def resolver_samples(follow_ups: Iterable[FollowUp], resolver_input: ResolverInput) -> Iterator[Sample]:
    """Windows over what was said, a word's label being whether the rewrite has it and the question hasn't."""
    for follow_up in follow_ups:
        window, words = resolver_input.window(follow_up.question, follow_up.history)
        if words:
            added = {*stems(follow_up.rewrite)} - {*stems(follow_up.question)}
            labels = tuple(not added.isdisjoint(stems(word.text)) for word in words)
            yield Sample(window, labels, any(labels))


def train_resolver(
    follow_ups: Sequence[FollowUp], encoder: Path, out: Path, *, start: Path | None, progress: Progress
) -> None:
    """Trains a resolver and writes resolver.onnx and tokenizer.json into `out`; stopped, it goes on where it was.

    `encoder` is the folder of the MiniLM to start from; or its weights are `start`, those of a trained reader (a
    STAGE.pt that train_reader left).

    Raises:
        NetworkError: if `start` holds no such weights.
    """
    tokenizer = encoder / "tokenizer.json"
    torch.manual_seed(_SEED)
    network = ReaderNetwork(layers=_LAYERS)
    if start is None:
        load_encoder_weights(network, encoder / "model.safetensors")
    else:
        _load_lower_layers(network, start)
    found = list(resolver_samples(follow_ups, ResolverInput.open(tokenizer)))
    stages = [Stage("together", found, _RATE, falls=False, tokens=_TOKENS, seed=_SEED, warm_up_steps=_WARM_UP)]
    endings = [
        Stage(name, found, _RATE, falls=True, tokens=_TOKENS, seed=_SEED + number, warm_up_steps=1)
        for number, name in enumerate(_ENDINGS, start=1)
    ]
    train(network, stages, endings, out, progress)
    export_network(network, out / "resolver.onnx")
    (out / "tokenizer.json").write_bytes(tokenizer.read_bytes())


def _load_lower_layers(network: ReaderNetwork, start: Path) -> None:
    try:
        # Trained on a GPU, they may be needed where there is none.
        stored = torch.load(start, weights_only=True, map_location="cpu")
        network.load_state_dict({name: stored[name] for name in network.state_dict()})
    except Exception as error:  # torch has several of its own
        raise NetworkError(
            f"{start}: found no weights of a trained reader ({type(error).__name__}), wanted a STAGE.pt that "
            "insights train-reader left; name one, or leave --start out"
        ) from error

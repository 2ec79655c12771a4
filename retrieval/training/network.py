"""The reader's network: MiniLM with a logit at each sentence's mark and one at the start token for the passage.

Written out rather than taken from transformers: with the three projections of attention in one, no dropout and all
numbers in bfloat16 it trains 2.8 times as fast on two cores (evals/LOG.md), and without a padding mask it exports to a
network that reads one window at a time.
"""

from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn.functional import gelu, linear

__all__ = ["ReaderNetwork", "load_encoder_weights"]

_VOCABULARY, _POSITIONS, _TYPES = 30_522, 512, 2
_WIDTH, _INNER, _HEADS = 384, 1536, 12
_EPSILON = 1e-12


class _Layer(nn.Module):
    """A transformer's layer as in BERT: attention, then two dense maps, each added to its input and normalised."""

    def __init__(self) -> None:
        super().__init__()
        self.attention_in = nn.Linear(_WIDTH, 3 * _WIDTH)
        self.attention_out = nn.Linear(_WIDTH, _WIDTH)
        self.attention_norm = nn.LayerNorm(_WIDTH, eps=_EPSILON)
        self.dense_in = nn.Linear(_WIDTH, _INNER)
        self.dense_out = nn.Linear(_INNER, _WIDTH)
        self.dense_norm = nn.LayerNorm(_WIDTH, eps=_EPSILON)

    def forward(self, states: torch.Tensor, padding: torch.Tensor | None) -> torch.Tensor:
        """The next states of all tokens."""
        query, key, value = _heads(self.attention_in(states), 3)
        return self._attended(states, query, key, value, padding)

    def forward_at(self, places: torch.Tensor, states: torch.Tensor, padding: torch.Tensor | None) -> torch.Tensor:
        """The next states at `places` (rows, places) alone."""
        shown = states.gather(1, places[..., None].expand(-1, -1, _WIDTH))
        weight, bias = self.attention_in.weight, self.attention_in.bias
        (query,) = _heads(linear(shown, weight[:_WIDTH], bias[:_WIDTH]), 1)
        key, value = _heads(linear(states, weight[_WIDTH:], bias[_WIDTH:]), 2)
        return self._attended(shown, query, key, value, padding)

    def _attended(
        self,
        states: torch.Tensor,
        query: torch.Tensor,
        key: torch.Tensor,
        value: torch.Tensor,
        padding: torch.Tensor | None,
    ) -> torch.Tensor:
        logits = (query * (_WIDTH // _HEADS) ** -0.5) @ key.transpose(-1, -2)
        if padding is not None:
            logits = logits + padding
        mixed = (torch.softmax(logits, dim=-1) @ value).transpose(1, 2).reshape(states.shape)
        states = self.attention_norm(states + self.attention_out(mixed))
        normed: torch.Tensor = self.dense_norm(states + self.dense_out(gelu(self.dense_in(states))))
        return normed


def _heads(projected: torch.Tensor, count: int) -> tuple[torch.Tensor, ...]:
    """`count` projections side by side, (rows, length, count x width), as so many of (rows, heads, length, size)."""
    rows, length, _ = projected.shape
    return projected.view(rows, length, count, _HEADS, _WIDTH // _HEADS).permute(2, 0, 3, 1, 4).unbind(0)


class ReaderNetwork(nn.Module):
    """Token numbers to logits."""

    def __init__(self, *, layers: int) -> None:
        """`layers`: how many transformer layers, from the bottom."""
        super().__init__()
        self.words = nn.Embedding(_VOCABULARY, _WIDTH)
        self.positions = nn.Embedding(_POSITIONS, _WIDTH)
        self.types = nn.Embedding(_TYPES, _WIDTH)
        self.norm = nn.LayerNorm(_WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(_Layer() for _ in range(layers))
        self.sentence_head = nn.Linear(_WIDTH, 1)
        self.passage_head = nn.Linear(_WIDTH, 1)

    def forward(
        self,
        token_ids: torch.Tensor,
        type_ids: torch.Tensor,
        marks: torch.Tensor,
        padding: torch.Tensor | None = None,
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The logit at each mark (rows, marks), and that of each row's passage (rows,).

        `token_ids` and `type_ids` are (rows, length), `marks`, places among them, (rows, marks), all int64; `padding`
        is (rows, 1, 1, length), 0 at tokens and very negative where there are none, or `None` if there is no padding.
        """
        places = self.positions.weight[: token_ids.shape[1]]
        states = self.norm(self.words(token_ids) + places + self.types(type_ids))
        *layers, last = cast("list[_Layer]", list(self.layers))
        for layer in layers:
            states = layer(states, padding)
        # Of the last layer nothing else is looked at.
        start = torch.zeros_like(token_ids[:, :1])
        states = last.forward_at(torch.cat([start, marks], dim=1), states, padding)
        return self.sentence_head(states[:, 1:])[..., 0], self.passage_head(states[:, 0])[..., 0]


def load_encoder_weights(network: ReaderNetwork, weights: Path) -> None:
    """Gives `network` the weights of a BERT encoder of its width in a safetensors file, as Hugging Face names them.

    Raises:
        KeyError, RuntimeError: if the file lacks one of them, or it has another shape.
    """
    stored = load_file(str(weights))
    state = {
        "words.weight": stored["embeddings.word_embeddings.weight"],
        "positions.weight": stored["embeddings.position_embeddings.weight"],
        "types.weight": stored["embeddings.token_type_embeddings.weight"],
        "norm.weight": stored["embeddings.LayerNorm.weight"],
        "norm.bias": stored["embeddings.LayerNorm.bias"],
    }
    names = {
        "attention_out": "attention.output.dense",
        "attention_norm": "attention.output.LayerNorm",
        "dense_in": "intermediate.dense",
        "dense_out": "output.dense",
        "dense_norm": "output.LayerNorm",
    }
    for number in range(len(network.layers)):
        theirs, ours = f"encoder.layer.{number}", f"layers.{number}"
        for kind in ("weight", "bias"):
            parts = [stored[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            state[f"{ours}.attention_in.{kind}"] = torch.cat(parts)
            for name, stored_name in names.items():
                state[f"{ours}.{name}.{kind}"] = stored[f"{theirs}.{stored_name}.{kind}"]
    missing, _ = network.load_state_dict(state, strict=False)
    if wrong := [name for name in missing if "head" not in name]:
        raise KeyError(f"{weights} lacks {wrong[0]}")

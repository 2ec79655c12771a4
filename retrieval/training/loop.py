"""Trains the reader's network in stages and several endings; stopped anywhere, it goes on from its last checkpoint."""

import json
import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from retrieval.training.batches import Batch, Sample, batches
from retrieval.training.network import ReaderNetwork

__all__ = ["CHECKPOINT", "LOG", "Progress", "Stage", "loss_of", "train"]

Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much

CHECKPOINT, LOG = "checkpoint.pt", "log.jsonl"
_LOWEST_SHARE = 0.02  # of the highest rate, at the end
_WEIGHT_DECAY = 0.01
_MOST_GRADIENT = 1.0
_LISTWISE = 0.3
_OF_PASSAGES = 0.5
_CHECKPOINT_S = 120.0
_LOG_STEPS = 50
_NEVER = -1e4  # a logit that leaves nothing of a softmax, in half precision too


@dataclass(frozen=True, slots=True)
class Stage:
    """Samples to go through once, at a learning rate that stays as it is or falls to nearly nothing along a cosine.

    With `minutes` it ends then at the latest, its rate fallen by then; `tokens` is the size of a batch with padding.
    The rate comes up to its height in `warm_up_steps`.
    """

    name: str
    samples: Sequence[Sample]
    rate: float
    falls: bool
    tokens: int
    seed: int
    minutes: float | None = None
    warm_up_steps: int = 300

    def batches(self) -> Sequence[Sequence[Sample]]:
        """The samples in batches, the same at every call."""
        return batches(self.samples, self.tokens, random.Random(self.seed))  # noqa: S311 - an order, no secret

    def share_done(self, step: int, steps: int, spent_s: float) -> float:
        """How much of the stage is over, by steps or by time, whichever is more."""
        return max(step / steps, spent_s / (60 * self.minutes) if self.minutes else 0.0)

    def rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when the share `done` of the stage is over."""
        warm = min(1.0, (step + 1) / self.warm_up_steps)
        share = _LOWEST_SHARE + (1 - _LOWEST_SHARE) * 0.5 * (1 + math.cos(math.pi * done)) if self.falls else 1.0
        return self.rate * warm * share


def loss_of(network: nn.Module, batch: Batch) -> torch.Tensor:
    """The cross-entropy of sentences and of passages, and of the sentences of a passage against each other.

    The last is -log of the share that the sentences that answer have of the softmax over all that are known, where a
    passage has both kinds.
    """
    padding = torch.zeros_like(batch.is_token, dtype=next(network.parameters()).dtype)
    padding = padding.masked_fill(~batch.is_token, _NEVER)[:, None, None, :]
    inputs = batch.token_ids, batch.type_ids, batch.marks, padding
    at_marks, of_passages = (logits.float() for logits in network(*inputs))
    loss = _known_mean(at_marks, batch.labels) + _OF_PASSAGES * _known_mean(of_passages, batch.answerable)
    known, right = ~torch.isnan(batch.labels), batch.labels == 1
    both = right.any(dim=1) & (known & ~right).any(dim=1)
    if both.any():
        shown = at_marks[both].masked_fill(~known[both], _NEVER)
        loss = loss + _LISTWISE * (shown.logsumexp(1) - shown.masked_fill(~right[both], _NEVER).logsumexp(1)).mean()
    return loss


def _known_mean(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The mean cross-entropy where labels aren't nan; 0 if all are."""
    known = ~torch.isnan(labels)
    losses = binary_cross_entropy_with_logits(logits, labels.nan_to_num(0.0), reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


def train(
    network: ReaderNetwork, stages: Sequence[Stage], endings: Sequence[Stage], folder: Path, progress: Progress
) -> None:
    """Trains `network` (float32, on the CPU) in place, on a GPU if there is one.

    First stage by stage; then each of the `endings` (at least one) goes on from what the last stage came to, and the
    network becomes the mean of what they come to: several that learnt the last of it from other rows are better
    together than the best of them (Wortsman et al., "Model soups", 2022).

    Into `folder` go a checkpoint every two minutes, the network after each stage (STAGE.pt), and the learning curve
    (log.jsonl). A stage whose network is there is not trained again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for stage in stages:
        _ensure_trained(network, stage, folder, progress)
    before = {name: weights.clone() for name, weights in network.state_dict().items()}
    ends: list[dict[str, torch.Tensor]] = []
    for ending in endings:
        network.load_state_dict(before)
        _ensure_trained(network, ending, folder, progress)
        ends.append({name: weights.clone() for name, weights in network.state_dict().items()})
    network.load_state_dict({name: torch.stack([end[name] for end in ends]).mean(dim=0) for name in before})


def _ensure_trained(network: ReaderNetwork, stage: Stage, folder: Path, progress: Progress) -> None:
    done = folder / f"{stage.name}.pt"
    if not done.exists():
        _train_stage(network, stage, folder, progress)
        _save(network.state_dict(), done)
        (folder / CHECKPOINT).unlink(missing_ok=True)
    network.load_state_dict(torch.load(done, weights_only=True))


def _train_stage(network: ReaderNetwork, stage: Stage, folder: Path, progress: Progress) -> None:
    trainer = _Trainer(network, stage.rate)
    first, spent_s = trainer.restored(folder / CHECKPOINT, stage.name)
    cut = stage.batches()
    began = saved_at = time.monotonic()
    losses: list[float] = []
    for step in range(first, len(cut)):
        used_s = spent_s + time.monotonic() - began
        done = stage.share_done(step, len(cut), used_s)
        if done >= 1:
            break
        losses.append(trainer.step(Batch.of(cut[step]), stage.rate_at(step, done)))
        progress(f"Training ({stage.name})", round(1000 * done), 1000)
        if len(losses) == _LOG_STEPS:
            _log(folder / LOG, stage.name, step + 1, used_s, losses)
            losses = []
        if time.monotonic() - saved_at > _CHECKPOINT_S:
            _save({"stage": stage.name, "step": step + 1, "spent_s": used_s, **trainer.state()}, folder / CHECKPOINT)
            saved_at = time.monotonic()
    network.load_state_dict(trainer.network.state_dict())


class _Trainer:
    """The network in full precision with its optimizer, and the copy that is run.

    The copy is in bfloat16 where that is fast: gradients are taken of it and applied to the original.
    """

    def __init__(self, network: ReaderNetwork, rate: float) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = network.to(self.device)
        is_fast = self.device.type == "cuda" or bool(torch.cpu.get_capabilities().get("amx_bf16", False))
        self.working = ReaderNetwork(layers=len(network.layers)).to(
            self.device, torch.bfloat16 if is_fast else torch.float32
        )
        self.parameters = dict(self.network.named_parameters())
        decayed = [parameter for parameter in self.parameters.values() if parameter.dim() > 1]
        others = [parameter for parameter in self.parameters.values() if parameter.dim() <= 1]
        groups = [{"params": decayed, "weight_decay": _WEIGHT_DECAY}, {"params": others, "weight_decay": 0.0}]
        self.optimizer = torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), eps=1e-6, fused=True)

    def state(self) -> dict[str, Any]:
        return {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}

    def restored(self, checkpoint: Path, stage: str) -> tuple[int, float]:
        """Takes up the checkpoint of a stage, if there is one; the step that comes next, and the seconds spent."""
        if not checkpoint.exists():
            return 0, 0.0
        kept = torch.load(checkpoint, weights_only=True, map_location=self.device)
        if kept["stage"] != stage:
            return 0, 0.0
        self.network.load_state_dict(kept["network"])
        self.optimizer.load_state_dict(kept["optimizer"])
        return kept["step"], kept["spent_s"]

    def step(self, batch: Batch, rate: float) -> float:
        """Learns from a batch; gives the loss before."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        with torch.no_grad():
            for name, parameter in self.working.named_parameters():
                parameter.copy_(self.parameters[name])
                parameter.grad = None
        loss = loss_of(self.working, batch.to(self.device))
        loss.backward()  # type: ignore[no-untyped-call]
        for name, parameter in self.working.named_parameters():
            self.parameters[name].grad = None if parameter.grad is None else parameter.grad.float()
        nn.utils.clip_grad_norm_(self.parameters.values(), _MOST_GRADIENT)
        self.optimizer.step()
        return float(loss.item())


def _log(path: Path, stage: str, step: int, spent_s: float, losses: Sequence[float]) -> None:
    line = {"stage": stage, "step": step, "seconds": round(spent_s), "loss": round(sum(losses) / len(losses), 4)}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _save(state: object, path: Path) -> None:
    staged = path.with_suffix(".part")
    torch.save(state, staged)
    staged.replace(path)

"""Training: the loss by hand, the same network after a stop as without one, and the export that gives its logits."""

import json
import math
import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

from retrieval.reader_input import ReaderInput
from retrieval.training import loop
from retrieval.training.batches import Batch, batches, samples
from retrieval.training.export_reader import export_reader
from retrieval.training.loop import Stage, loss_of, train
from retrieval.training.network import ReaderNetwork
from retrieval.training.rows import Row

TOKENIZER = Path("retrieval/network/tokenizer.json")
INPUT = ReaderInput.open(TOKENIZER)
ROWS = [
    Row(f"who counts reed {n}?", "Vantor", ("Wardens count.", f"Reed {n} grows.", "Bells ring."), labels, label, "v")
    for n, (labels, label) in enumerate(
        [((True, False, None), True), ((False, False, False), False), ((None, None, None), None)] * 4
    )
]
SAMPLES = list(samples(ROWS, INPUT))


class Fixed(torch.nn.Module):
    """A network that gives what it is told to."""

    def __init__(self, at_marks: torch.Tensor, passages: torch.Tensor) -> None:
        super().__init__()
        self.at_marks, self.passages = torch.nn.Parameter(at_marks), passages

    def forward(self, *_: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The same whatever is asked."""
        return self.at_marks, self.passages


def entropy(logit: float, label: int) -> float:
    return math.log1p(math.exp(-logit if label else logit))


def test_the_loss_is_the_sum_of_its_three_parts_and_knows_nothing_of_what_is_open() -> None:
    batch = Batch.of(SAMPLES[:3])
    at_marks = torch.tensor([[2.0, 0.5, 9.0], [-1.0, 0.0, 0.0], [3.0, 3.0, 3.0]])
    found = loss_of(Fixed(at_marks, torch.tensor([1.0, -2.0, 7.0])), batch).item()
    of_sentences = (entropy(2, 1) + entropy(0.5, 0) + entropy(-1, 0) + 2 * entropy(0, 0)) / 5
    of_passages = (entropy(1, 1) + entropy(-2, 0)) / 2
    against = math.log(math.exp(2) + math.exp(0.5)) - 2
    assert found == pytest.approx(of_sentences + 0.5 * of_passages + 0.3 * against, rel=1e-5)


def test_a_batch_of_which_nothing_is_known_teaches_nothing() -> None:
    batch = Batch.of([SAMPLES[2]])
    assert loss_of(Fixed(torch.ones(batch.labels.shape), torch.ones(1)), batch).item() == 0.0


def test_batches_have_every_sample_once_and_the_size_that_was_asked_for() -> None:
    cut = batches(SAMPLES, 128, random.Random(3))
    assert sorted(map(id, (sample for part in cut for sample in part))) == sorted(map(id, SAMPLES))
    assert all(Batch.of(part).token_ids.numel() <= 128 or len(part) == 1 for part in cut)
    assert cut == batches(SAMPLES, 128, random.Random(3))


def network() -> ReaderNetwork:
    torch.manual_seed(5)
    return ReaderNetwork(layers=1)


def stages(minutes: float | None = None) -> list[Stage]:
    return [
        Stage("general", SAMPLES, 1e-3, False, 64, 1, minutes),
        Stage("medical", SAMPLES[:6], 1e-3, True, 64, 2, minutes),
    ]


def endings() -> list[Stage]:
    return [Stage(name, SAMPLES[n : n + 4], 1e-3, True, 64, 3, None) for n, name in enumerate(("early", "late"))]


def quiet(_what: str, _done: int, _total: int) -> None:
    pass


def stopping(after: int) -> Callable[[str, int, int], None]:
    calls = 0

    def progress(_what: str, _done: int, _total: int) -> None:
        nonlocal calls
        calls += 1
        if calls > after:
            raise KeyboardInterrupt

    return progress


@pytest.mark.slow
@pytest.mark.parametrize("after", [3, 7, 10])
def test_a_run_that_was_stopped_ends_where_one_that_was_not_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(loop, "_CHECKPOINT_S", 0.0)
    whole, stopped = network(), network()
    train(whole, stages(), endings(), tmp_path / "a", quiet)
    with pytest.raises(KeyboardInterrupt):
        train(stopped, stages(), endings(), tmp_path / "b", stopping(after))
    resumed = network()
    train(resumed, stages(), endings(), tmp_path / "b", quiet)
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        assert torch.equal(one, other)
    assert not any(
        torch.equal(one, other) for one, other in zip(network().parameters(), whole.parameters(), strict=True)
    )
    assert not (tmp_path / "b" / loop.CHECKPOINT).exists()


def test_the_network_becomes_the_mean_of_what_the_endings_come_to_each_by_itself(tmp_path: Path) -> None:
    averaged = network()
    train(averaged, stages(), endings(), tmp_path / "both", quiet)
    alone = []
    for ending in endings():
        single = network()
        train(single, stages(), [ending], tmp_path / ending.name, quiet)
        alone.append(single)
    for mean, one, other in zip(averaged.parameters(), *(single.parameters() for single in alone), strict=True):
        assert not torch.equal(one, other)
        assert torch.allclose(mean, (one + other) / 2, atol=1e-7)


def test_a_stage_ends_when_its_minutes_are_over(tmp_path: Path) -> None:
    done: list[int] = []
    train(network(), [], stages(minutes=1e-9)[:1], tmp_path, lambda _what, share, _total: done.append(share))
    assert done == []


def test_the_rate_warms_up_and_falls_to_nearly_nothing() -> None:
    first, second = stages()
    assert first.rate_at(0, 0.0) == pytest.approx(1e-3 / 300)
    assert first.rate_at(400, 0.99) == pytest.approx(1e-3)
    assert second.rate_at(400, 0.5) == pytest.approx(1e-3 * 0.51)
    assert second.rate_at(400, 1.0) == pytest.approx(2e-5)
    assert first.share_done(5, 10, 30.0) == 0.5
    assert stages(minutes=1.0)[0].share_done(5, 10, 45.0) == 0.75


def test_the_learning_curve_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_LOG_STEPS", 2)
    train(network(), [], stages()[1:], tmp_path, quiet)
    lines = [json.loads(line) for line in (tmp_path / loop.LOG).read_text(encoding="utf-8").splitlines()]
    assert [(line["stage"], line["step"]) for line in lines] == [("medical", 2 * n + 2) for n in range(len(lines))]
    assert lines
    assert all(line["loss"] > 0 for line in lines)


def test_logits_at_marks_are_those_of_all_tokens_there_whatever_else_is_in_the_batch() -> None:
    trained = network().eval()
    (marks,) = {sample.window.marks for sample in SAMPLES[:1]}
    token_ids, type_ids = (torch.tensor([getattr(SAMPLES[0].window, name)]) for name in ("token_ids", "type_ids"))
    with torch.no_grad():
        everywhere, passage = trained(token_ids, type_ids, torch.arange(token_ids.shape[1])[None])
        batch = Batch.of([SAMPLES[0], *sorted(SAMPLES, key=lambda sample: -len(sample.window.token_ids))[:1]])
        padding = torch.zeros(batch.is_token.shape).masked_fill(~batch.is_token, -1e4)[:, None, None, :]
        at_marks, passages = trained(batch.token_ids, batch.type_ids, batch.marks, padding)
    assert torch.allclose(everywhere[0, list(marks)], at_marks[0, : len(marks)], atol=1e-5)
    assert torch.allclose(passage[0], passages[0], atol=1e-5)


@pytest.mark.parametrize("quantized", [False, True])
def test_the_export_gives_the_networks_logits(tmp_path: Path, *, quantized: bool) -> None:
    trained = network().eval()
    export_reader(trained, TOKENIZER, tmp_path, quantized=quantized)
    session = onnxruntime.InferenceSession(tmp_path / "reader.onnx")
    window = SAMPLES[0].window
    feed = {name: np.array([getattr(window, name)]) for name in ("token_ids", "type_ids", "marks")}
    at_marks, passage = session.run(["at_marks", "passage"], feed)
    with torch.no_grad():
        logits, of_passage = trained(*map(torch.tensor, feed.values()))
    near = 0.15 if quantized else 1e-4
    assert at_marks == pytest.approx(logits.numpy(), abs=near)
    assert passage == pytest.approx(of_passage.numpy(), abs=near)
    assert (tmp_path / "reader.onnx").stat().st_size < (25e6 if quantized else 1e8)
    assert b".py" not in (tmp_path / "reader.onnx").read_bytes(), "paths of the machine that trained"
    assert (tmp_path / "tokenizer.json").read_bytes() == TOKENIZER.read_bytes()

"""The recipe of the shipped reader: which rows it learns from, in which order, and at what rate."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer

from retrieval.reader_input import ReaderInput
from retrieval.training.batches import samples
from retrieval.training.export_reader import export_reader
from retrieval.training.loop import Progress, Stage, train
from retrieval.training.network import ReaderNetwork, load_encoder_weights
from retrieval.training.rows import Row, RowError, SentencesOf, Topic, in_short, load_rows, topic_rows, unrelated
from retrieval.training.typos import misspelt

__all__ = ["Materials", "train_reader", "training_files"]

_SEED = 1
_LAYERS = 6
_TOKENS = 6144  # a batch, with padding
_RATE = 1e-4
_UNRELATED = 0.09  # as a share of the other rows
# Rows from this number on are kept out, to measure on articles that were never seen (Islamism, Imperialism, Warsaw).
_KEPT_OUT_FROM = {"squad2": 2972}
# Of a topic's passages, as many that answer a question, and as many of the likest others, are read with it.
_MOST_RIGHT, _MOST_WRONG_BESIDE, _MOST_WRONG_ALONE = 4, 2, 3
_REMOVED = 0.3  # the share of answered questions that are also put to their passage without its answers


@dataclass(frozen=True, slots=True)
class _Mix:
    """What a stage reads: the share of each source's rows (`others` of one that isn't named), and of the own questions.

    With `slips` a share of the questions has a slip or two; `minutes` is the stage's share of the time that there is.
    """

    sources: Mapping[str, float]
    others: float = 0.0
    own: float = 0.0
    near_misses: float = 0.0
    slips: bool = False
    minutes: float = 0.0


# Less of what is easy by word overlap alone, or far from patients' questions.
_GENERAL = {
    "conditionalqa": 0.7,
    "fairytaleqa": 0.75,
    "qamr": 0.7,
    "selqa": 0.8,
    "squadshifts_amazon_reviews": 0.55,
}
# What people asked or judged unanswerable, and a little of the rest.
_JUDGED = {
    "bioasq": 0.15,
    "evidence_inference": 0.15,
    "fairytaleqa": 0.05,
    "medquad_types": 0.3,
    "medquad_wrongfocus": 0.3,
    "nq_oracle": 1.0,
    "pubmedqa": 0.3,
    "qed": 1.0,
    "selqa": 0.15,
    "squad2": 1.0,
    "squadshifts_amazon_reviews": 0.05,
    "squadshifts_new_wiki": 0.15,
}
# Of all sorts; then the own questions, beside what is near to them; then all of it again.
_STAGES = {
    "general": _Mix(_GENERAL, others=1.0, minutes=0.22),
    "medical": _Mix({"medquad_types": 0.3}, own=1.0, minutes=0.14),
    "all": _Mix(
        {
            "bioasq": 1.0,
            "conditionalqa": 0.2,
            "evidence_inference": 0.5,
            "fairytaleqa": 0.3,
            "medquad_types": 0.3,
            "medquad_wrongfocus": 0.3,
            "nq_oracle": 1.0,
            "pubmedqa": 1.0,
            "qamr": 0.15,
            "qed": 1.0,
            "selqa": 0.4,
            "squad2": 1.0,
            "squadshifts_amazon_reviews": 0.2,
            "squadshifts_new_wiki": 0.5,
        },
        own=1.0,
        near_misses=1.0,
        slips=True,
        minutes=0.16,
    ),
}
# Each of these goes on from there while the rate falls; the reader is the mean of what they come to.
_ENDINGS = {
    "balanced": _Mix(_JUDGED, own=0.35, near_misses=0.5, slips=True, minutes=0.12),
    "own": _Mix(_JUDGED, own=1.0, near_misses=1.0, slips=True, minutes=0.24),
    "wide": _Mix(
        {name: 0.3 * share for name, share in _GENERAL.items()}
        | {"bioasq": 0.5, "conditionalqa": 0.1, "nq_oracle": 1.0, "pubmedqa": 0.5, "qed": 1.0, "squad2": 1.0}
        | {"squadshifts_amazon_reviews": 0.12},
        others=0.3,
        own=0.2,
        near_misses=0.25,
        slips=True,
        minutes=0.12,
    ),
}
_MISSPELT = 0.12  # the share of questions that have a slip, where there are slips


@dataclass(frozen=True, slots=True)
class Materials:
    """What a reader is made of.

    `data` is a folder of training files, `encoder` that of the MiniLM to start from; `topics` are the project's own
    questions on medical texts and `near_misses` those on passages of the training files; `texts` are what all of them
    are on, by id.
    """

    data: Path
    encoder: Path
    topics: Sequence[Topic]
    near_misses: Sequence[Topic]
    texts: Mapping[str, str]
    sentences_of: SentencesOf


def train_reader(materials: Materials, out: Path, *, minutes: float | None, progress: Progress) -> None:
    """Trains a reader and writes the artefact into `out`; run again after a stop, it goes on where it was.

    With `minutes`, each stage ends when its share of them is over, its learning rate fallen by then.

    Raises:
        RowError: if the training data can't be used.
    """
    tokenizer = materials.encoder / "tokenizer.json"
    reader_input = ReaderInput.open(tokenizer)
    rng = random.Random(_SEED)  # noqa: S311 - chooses rows, no secrets
    sources = _sources(materials, progress)
    own = _own_rows(materials.topics, materials, rng)
    near_misses = _own_rows(materials.near_misses, materials, rng)

    def stage(name: str, mix: _Mix, *, falls: bool) -> Stage:
        found = list(samples(_mixed(mix, sources, own, near_misses, rng), reader_input))
        limit = None if minutes is None else minutes * mix.minutes
        return Stage(name, found, _RATE, falls, _TOKENS, _SEED, limit)

    stages = [stage(name, mix, falls=False) for name, mix in _STAGES.items()]
    endings = [stage(name, mix, falls=True) for name, mix in _ENDINGS.items()]
    torch.manual_seed(_SEED)
    network = ReaderNetwork(layers=_LAYERS)
    load_encoder_weights(network, materials.encoder / "model.safetensors")
    train(network, stages, endings, out, progress)
    export_reader(network, tokenizer, out)


def _mixed(
    mix: _Mix, sources: Mapping[str, Sequence[Row]], own: Sequence[Row], near_misses: Sequence[Row], rng: random.Random
) -> list[Row]:
    """The rows of a stage."""
    shares = [(found, mix.sources.get(name, mix.others)) for name, found in sources.items()]
    shares += [(own, mix.own), (near_misses, mix.near_misses)]
    rows = [row for found, share in shares for row in found if rng.random() < share]
    rows += unrelated(rows, int(_UNRELATED * len(rows)), rng)
    return [_with_slip(row, rng) if mix.slips and rng.random() < _MISSPELT else row for row in rows]


def _with_slip(row: Row, rng: random.Random) -> Row:
    """The row with its question misspelt."""
    return replace(row, question=misspelt(row.question, rng.choice((1, 1, 2)), rng))


def training_files(folder: Path) -> list[Path]:
    """The files of training rows in a folder.

    Raises:
        RowError: if there are none.
    """
    if paths := sorted([*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz")]):
        return paths
    raise RowError(f"{folder}: found no .jsonl or .jsonl.gz file, wanted the folder of the training rows")


def _sources(materials: Materials, progress: Progress) -> dict[str, list[Row]]:
    paths = training_files(materials.data)
    found = {}
    for number, path in enumerate(paths):
        progress("Reading rows", number, len(paths))
        name = path.name.split(".")[0]
        found[name] = load_rows(path, materials.sentences_of, before=_KEPT_OUT_FROM.get(name))
    return found


def _own_rows(topics: Sequence[Topic], materials: Materials, rng: random.Random) -> list[Row]:
    """Each question with the passages of its topic that answer it, and with those that look most as if they did."""
    found: list[Row] = []
    asked = (
        rows
        for topic in topics
        if topic.part == "train"
        for rows in topic_rows(topic, materials.texts, materials.sentences_of)
    )
    for rows in asked:
        right = [row for row in rows if row.answerable]
        wrong = _likest([row for row in rows if not row.answerable], rng)
        found += rng.sample(right, min(len(right), _MOST_RIGHT))
        found += wrong[: _MOST_WRONG_BESIDE if right else _MOST_WRONG_ALONE]
        if right and rng.random() < _REMOVED:
            found += _without_answers(rng.choice(right))
    return found


def _likest(rows: list[Row], rng: random.Random) -> list[Row]:
    """Rows of one question, the passages that share most of its words, weighted by rarity, first."""
    rng.shuffle(rows)
    passages = [" ".join(row.sentences) for row in rows]
    if not rows:
        return []
    weights = TfidfVectorizer(sublinear_tf=True).fit_transform([rows[0].question, *passages])
    likeness = (weights[1:] @ weights[0].T).toarray()[:, 0]
    return [rows[number] for number in np.argsort(-likeness, kind="stable")]


def _without_answers(row: Row) -> list[Row]:
    """The row less the sentences that answer, if any others are left: nothing answers then."""
    kept = [number for number, label in enumerate(row.labels) if not label]
    labels = tuple(row.labels[number] for number in kept)
    sentences = tuple(row.sentences[number] for number in kept)
    return [replace(row, sentences=sentences, labels=labels, answerable=in_short(labels))] if kept else []

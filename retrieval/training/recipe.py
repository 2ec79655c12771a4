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
# The share of each source's rows that a stage reads. First all sorts, less of what is easy by word overlap alone or far
# from patients' questions; a source that isn't named is read whole.
_GENERAL = {
    "conditionalqa": 0.7,
    "fairytaleqa": 0.75,
    "qamr": 0.7,
    "selqa": 0.8,
    "squadshifts_amazon_reviews": 0.55,
}
# Then, beside the project's own questions, what is near to them; a source that isn't named is left out from here on.
_MEDICAL = {"medquad_types": 0.3}
# Then all of it again, less of what is general.
_ALL = {
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
}
# At last, while the rate falls, the project's own questions once more, with what people asked or judged unanswerable.
_FINISH = {
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
# In these stages a share of the questions has a slip or two.
_WITH_SLIPS = {"all", "finish"}
_MISSPELT = 0.12
# Rows from this number on are kept out, to measure on articles that were never seen (Islamism, Imperialism, Warsaw).
_KEPT_OUT_FROM = {"squad2": 2972}
_MINUTES_SHARES = (0.25, 0.15, 0.2, 0.4)  # of the time that there is
# Of a topic's passages, as many that answer a question, and as many of the likest others, are read with it.
_MOST_RIGHT, _MOST_WRONG_BESIDE, _MOST_WRONG_ALONE = 4, 2, 3
_REMOVED = 0.3  # the share of answered questions that are also put to their passage without its answers


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
    stages = []
    for number, (name, rows) in enumerate(_stage_rows(materials, progress).items()):
        limit = None if minutes is None else minutes * _MINUTES_SHARES[number]
        found = list(samples(rows, reader_input))
        stages.append(Stage(name, found, _RATE, name == "finish", _TOKENS, _SEED, limit))
    torch.manual_seed(_SEED)
    network = ReaderNetwork(layers=_LAYERS)
    load_encoder_weights(network, materials.encoder / "model.safetensors")
    train(network, stages, out, progress)
    export_reader(network, tokenizer, out)


def _stage_rows(materials: Materials, progress: Progress) -> dict[str, list[Row]]:
    """The rows of each stage, in order of the stages."""
    rng = random.Random(_SEED)  # noqa: S311 - chooses rows, no secrets
    sources = _sources(materials, progress)
    general = _chosen(sources, _GENERAL, 1.0, rng)
    own = _own_rows(materials.topics, materials, rng)
    near_misses = _own_rows(materials.near_misses, materials, rng)
    stages = {
        "general": general,
        "medical": [*_chosen(sources, _MEDICAL, 0.0, rng), *own],
        "all": [*_chosen(sources, _ALL, 0.0, rng), *own, *near_misses],
        "finish": [*_chosen(sources, _FINISH, 0.0, rng), *own, *near_misses],
    }
    mixed = {name: [*rows, *unrelated(rows, int(_UNRELATED * len(rows)), rng)] for name, rows in stages.items()}
    return {name: _with_slips(rows, rng) if name in _WITH_SLIPS else rows for name, rows in mixed.items()}


def _with_slips(rows: Sequence[Row], rng: random.Random) -> list[Row]:
    """The rows, a share of their questions misspelt."""
    return [
        replace(row, question=misspelt(row.question, rng.choice((1, 1, 2)), rng)) if rng.random() < _MISSPELT else row
        for row in rows
    ]


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


def _chosen(
    sources: Mapping[str, Sequence[Row]], shares: Mapping[str, float], otherwise: float, rng: random.Random
) -> list[Row]:
    return [row for name, rows in sources.items() for row in rows if rng.random() < shares.get(name, otherwise)]


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

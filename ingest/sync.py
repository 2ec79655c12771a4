"""Puts a plan into effect: one commit of the corpus and its index together."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Document
from corpus.store import manifest_line, manifest_path
from ingest.build import MAX_TOKENS, Staged, make_current, place
from ingest.encoder import DEFAULT_ENCODER, encoder_digest
from ingest.plan import Plan
from ingest.publish import publish, settle
from retrieval.generation import GenerationManifest, IndexFolderError, current_generation, generation_name
from retrieval.policy import Policy, PolicyError, default_policy
from retrieval.reader_network import shipped_sha256

__all__ = ["Choices", "commit", "index_choices", "is_served"]

_POLICY = "policy.json"  # of a generation


@dataclass(frozen=True, slots=True)
class Choices:
    """What an index is built with beside its corpus."""

    encoder: str
    policy: Policy


def index_choices(home: Path, *, encoder: str | None, policy: Policy | None) -> Choices:
    """What was asked for, else what the index in `home` was built with, else what is shipped.

    A policy that was calibrated with another reader than the one that is shipped is of no use any more.

    Raises:
        IndexFolderError: if the index was built with an encoder that isn't shipped, and none was asked for.
        EncoderError: if the encoder isn't installed.
    """
    try:
        generation = current_generation(home)
        manifest = GenerationManifest.read(generation)
    except IndexFolderError:
        return Choices(encoder or DEFAULT_ENCODER, policy or default_policy())
    if encoder is None and manifest.encoder_sha256 != encoder_digest(DEFAULT_ENCODER):
        raise IndexFolderError(
            f"the index in {home} was built with an encoder other than {DEFAULT_ENCODER}; name it with --encoder"
        )
    if policy is None and manifest.reader_sha256 == shipped_sha256():
        try:
            policy = Policy.read(generation / _POLICY)
        except PolicyError:
            policy = None
    return Choices(encoder or DEFAULT_ENCODER, policy or default_policy())


def is_served(documents: Mapping[str, Document], home: Path, choices: Choices) -> bool:
    """Whether the index in `home` is that of these documents, built with these choices."""
    try:
        manifest = GenerationManifest.read(current_generation(home))
    except IndexFolderError:
        return False
    wanted = generation_name(
        documents.values(),
        encoder_sha256=encoder_digest(choices.encoder),
        reader_sha256=shipped_sha256(),
        max_tokens=MAX_TOKENS,
        policy=choices.policy.to_text(),
    )
    return manifest.name == wanted


def commit(planned: Plan, root: Path, staged: Staged) -> None:
    """Publishes the corpus in `root` and its staged index; stopped anywhere, both are as before or both as after.

    First the index is put into its home, complete but not served; then the manifest of the corpus is replaced, which
    is the moment that counts; then the index is served. In between, whoever opens the index takes the one that is of
    the corpus (`retrieval.generation.generation_of`). The locks of both must be held.

    Raises:
        OSError: if something can't be written; then both are as before.
    """
    placed = place(staged)
    try:
        if planned.writes:
            publish(root, planned.before, planned.after)
        else:
            settle(root, planned.after)
    except BaseException:
        if not staged.placed and not _is_published(planned, root):
            shutil.rmtree(placed.folder, ignore_errors=True)
        raise
    make_current(placed)


def _is_published(planned: Plan, root: Path) -> bool:
    wanted = "".join(f"{manifest_line(document)}\n" for document in planned.after.values())
    try:
        return manifest_path(root).read_text(encoding="utf-8") == wanted
    except (OSError, ValueError):
        return False

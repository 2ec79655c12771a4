"""Corpus to index: splits and encodes only what is new, and publishes a whole generation with one rename.

A build writes a hidden folder beside the generations, syncs it, renames it, and replaces CURRENT. Killed at any moment
it leaves CURRENT naming the old generation; what it left behind is swept up by the next build, but for the vectors it
had encoded, from which that goes on.
"""

import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.store import Corpus
from ingest.assemble import Material, assemble, vector_table
from ingest.encoder import encoder_digest
from ingest.encoding import EncoderSource, encode_missing
from ingest.journal import forget
from ingest.layout import MAX_TOKENS, Layout, document_keys, lay_out
from ingest.previous import Previous, find_previous
from retrieval.encoder import ENCODER_FILES, OnnxEncoder
from retrieval.generation import (
    CURRENT,
    FORMAT,
    GenerationManifest,
    IndexFolderError,
    current_generation,
    generation_name,
    is_generation,
    sync,
)
from retrieval.policy import Policy
from retrieval.reader_network import shipped_sha256

__all__ = ["MAX_TOKENS", "Built", "Staged", "build", "make_current", "place", "stage"]

_STAGED = re.compile(r"\.new-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the counts are of the whole index, `encoded` of the texts that were new to it."""

    name: str
    documents: int
    passages: int
    encoded: int
    changed: bool


@dataclass(frozen=True, slots=True)
class Staged:
    """A complete generation of `home` that isn't served yet, unless nothing has changed; `folder` is where it lies."""

    home: Path
    folder: Path
    built: Built

    @property
    def placed(self) -> bool:
        """Whether the folder has its name in the home already."""
        return _STAGED.fullmatch(self.folder.name) is None


def build(corpus: Corpus, home: Path, policy: Policy, *, encoder: str, progress: Callable[[int, int], None]) -> Built:
    """Builds the index of `corpus` in `home`, and serves it from now on; see `stage`."""
    with stage(corpus, home, policy, encoder=encoder, progress=progress) as staged:
        make_current(place(staged))
        return staged.built


@contextmanager
def stage(
    corpus: Corpus, home: Path, policy: Policy, *, encoder: str, progress: Callable[[int, int], None]
) -> Iterator[Staged]:
    """Builds the index of `corpus` in `home`, unless there is one of the same corpus, encoder and policy.

    What is staged is swept at the end, unless `place` has given it its name; `make_current` makes it the one that is
    served. No other build can write to `home` until then. `progress` is called with the numbers of texts encoded and
    to encode.

    Raises:
        IndexFolderError: if there is nothing to index, another build is writing to `home`, or a passage exceeds the
            encoder's window.
        EncoderError: if the encoder can't be loaded or trusted.
    """
    if not corpus.documents:
        raise IndexFolderError(f"the corpus in {corpus.root} is empty; vet a document first: insights ingest FILE")
    with ExitStack() as held:
        # Not around what is done with it: that has errors of its own.
        with _plain_errors(home):
            home.mkdir(parents=True, exist_ok=True)
            held.enter_context(FileLock(home / "build.lock", timeout=0))
            _sweep(home)
            held.callback(_sweep, home)
            staged = _staged(corpus, home, policy, EncoderSource(encoder), progress)
        yield staged


def place(staged: Staged) -> Staged:
    """Gives a staged generation its name in the home, where it outlasts this process; it isn't served yet."""
    if staged.placed:
        return staged
    generation = staged.home / f"{staged.built.name}-{secrets.token_hex(2)}"
    with _plain_errors(staged.home):
        staged.folder.rename(generation)
        sync(staged.home)
    return replace(staged, folder=generation)


def make_current(placed: Staged) -> None:
    """Makes a placed generation the one that is served; the one before stays for those who read it, older ones go."""
    home, generation, before = placed.home, placed.folder.name, _current(placed.home)
    with _plain_errors(home):
        if generation != before:
            renamed = home / f"{CURRENT}.new"
            with renamed.open("w", encoding="utf-8") as file:
                file.write(f"{generation}\n")
                file.flush()
                os.fsync(file.fileno())
            renamed.replace(home / CURRENT)
            sync(home)
            for folder in home.iterdir():
                if is_generation(folder) and folder.name not in {generation, before}:
                    shutil.rmtree(folder)
        forget(home)


@contextmanager
def _plain_errors(home: Path) -> Iterator[None]:
    try:
        yield
    except Timeout:
        raise IndexFolderError(f"another build is writing to {home}; wait until it ends, then build again") from None
    except OSError as error:
        raise IndexFolderError(
            f"{home} can't be written to ({error}); name another folder with --index, or make room in this one"
        ) from error


def _sweep(home: Path) -> None:
    """Removes the folders that builds staged and never placed; what else lies in `home` is not ours."""
    for folder in home.iterdir():
        if _STAGED.fullmatch(folder.name) and folder.is_dir():
            shutil.rmtree(folder)


def _staged(
    corpus: Corpus, home: Path, policy: Policy, source: EncoderSource, progress: Callable[[int, int], None]
) -> Staged:
    documents = tuple(corpus.documents.values())
    keys = document_keys(documents)
    manifest = _manifest(corpus, policy, encoder_digest(source.name))
    previous = find_previous(home, manifest, keys)
    if previous is not None and previous.same:
        is_new = previous.name != _current(home)
        return Staged(home, previous.generation, _built(manifest, previous.layout, 0, changed=is_new))
    layout = lay_out(documents, keys, previous.layout if previous else Layout.nothing())
    if not len(layout.tables.passages):
        raise IndexFolderError(f"the corpus in {corpus.root} has headings only; vet a document with sentences first")
    folder = home / f".new-{secrets.token_hex(4)}"
    folder.mkdir()
    layout.save(folder)
    exported = _place_encoder(source, previous, folder)
    material = Material.of(documents, layout)
    table = vector_table(material, previous, exported)
    encoded = encode_missing(table, home, exported.settings, source, progress)
    assemble(material, table, manifest, policy, exported).save(folder)
    return Staged(home, folder, _built(manifest, layout, encoded, changed=True))


def _built(manifest: GenerationManifest, layout: Layout, encoded: int, *, changed: bool) -> Built:
    return Built(manifest.name, len(layout.documents), len(layout.tables.passages), encoded, changed=changed)


def _current(home: Path) -> str:
    """The name of the generation that is served, or nothing."""
    try:
        return current_generation(home).name
    except IndexFolderError:
        return ""


def _manifest(corpus: Corpus, policy: Policy, encoder_sha256: str) -> GenerationManifest:
    documents = {document.id: document.sha256 for document in corpus.documents.values()}
    reader_sha256 = shipped_sha256()
    name = generation_name(
        corpus.documents.values(),
        encoder_sha256=encoder_sha256,
        reader_sha256=reader_sha256,
        max_tokens=MAX_TOKENS,
        policy=policy.to_text(),
    )
    root = str(corpus.root.resolve())
    return GenerationManifest(FORMAT, name, root, documents, encoder_sha256, reader_sha256, MAX_TOKENS, files={})


def _place_encoder(source: EncoderSource, previous: Previous | None, folder: Path) -> OnnxEncoder:
    """Puts the question encoder's files into `folder`, from the generation before where it is the same."""
    if previous is None:
        source.get().export(folder)
    else:
        for name in ENCODER_FILES:
            shutil.copyfile(previous.generation / name, folder / name)
    return OnnxEncoder.open(folder)

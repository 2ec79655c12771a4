"""Corpus to index: encodes only what is new, and publishes a whole generation with one rename.

A build writes a hidden folder beside the generations, syncs it, renames it, and replaces CURRENT. Killed at any moment
it leaves CURRENT naming the old generation; what it left behind is swept up by the next build.
"""

import hashlib
import os
import re
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from corpus.model import Passage
from corpus.store import Corpus
from ingest.chunk import split
from ingest.encoder import SentenceTransformerEncoder, encoder_digest
from ingest.tokens import count_tokens
from retrieval.abbreviations import Abbreviations
from retrieval.encoder import ENCODER_FILES, OnnxEncoder, Vectors
from retrieval.generation import (
    CURRENT,
    FORMAT,
    GenerationManifest,
    IndexFolderError,
    current_generation,
    generation_name,
    sync,
)
from retrieval.index import PassageIndex, StoredVectors
from retrieval.lexical import HeadingIndex, LexicalIndex, content_words
from retrieval.policy import Policy
from retrieval.reader_network import shipped_sha256
from retrieval.tables import RangeTables
from retrieval.vocabulary import Vocabulary

__all__ = ["Built", "Staged", "build", "make_current", "place", "stage"]

MAX_TOKENS = 160
_BATCH = 64
_STAGED = re.compile(r"\.new-[0-9a-f]{8}")
_GENERATION = re.compile(r"[0-9a-f]{16}-[0-9a-f]{4}")


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
    passages = [
        passage
        for document in corpus.documents.values()
        for passage in split(document, count_tokens, max_tokens=MAX_TOKENS)
    ]
    if not passages:
        raise IndexFolderError(f"the corpus in {corpus.root} has headings only; vet a document with sentences first")
    with _only_build(home):
        manifest = _manifest(corpus, policy, encoder_digest(encoder))
        previous = _previous(home, manifest.encoder_sha256)
        if previous is not None and previous.manifest == replace(manifest, files=previous.manifest.files):
            unchanged = Built(manifest.name, len(corpus.documents), len(passages), encoded=0, changed=False)
            yield Staged(home, previous.generation, unchanged)
            return
        staged = home / f".new-{secrets.token_hex(4)}"
        staged.mkdir()
        source = _EncoderSource(encoder)
        exported = _place_encoder(source, previous, staged)
        _check_window(passages, exported)
        words = Counter(
            word for passage in passages for span in passage.sentences for word in {*content_words(span.text)}
        )
        texts = [*_row_texts(passages), *words]
        vectors, encoded = _encoded(texts, {} if previous is None else previous.vectors(), source, progress)
        rows = len(texts) - len(words)
        index = PassageIndex(
            manifest,
            policy,
            exported,
            Vocabulary.build([*words], vectors[rows:], [*words.values()], sentences=rows - len(passages)),
            tuple(corpus.documents.values()),
            {document_id: number for number, document_id in enumerate(corpus.documents)},
            RangeTables.of(passages, corpus.documents),
            StoredVectors.of(vectors[:rows], [_key(text) for text in texts[:rows]]),
            LexicalIndex.build([passage.embedding_text for passage in passages], k1=policy.bm25_k1, b=policy.bm25_b),
            HeadingIndex.build(["\n".join(heading.text for heading in passage.headings) for passage in passages]),
            Abbreviations.of(document.text for document in corpus.documents.values()),
        )
        index.save(staged)
        built = Built(manifest.name, len(corpus.documents), len(passages), encoded=encoded, changed=True)
        yield Staged(home, staged, built)


def place(staged: Staged) -> Staged:
    """Gives a staged generation its name in the home, where it outlasts this process; it isn't served yet."""
    if staged.placed:
        return staged
    generation = staged.home / f"{staged.built.name}-{secrets.token_hex(2)}"
    staged.folder.rename(generation)
    sync(staged.home)
    return replace(staged, folder=generation)


def make_current(placed: Staged) -> None:
    """Makes a placed generation the one that is served; the one before stays for those who read it, older ones go."""
    home, generation = placed.home, placed.folder.name
    try:
        before = current_generation(home).name
    except IndexFolderError:
        before = ""
    if before == generation:
        return
    renamed = home / f"{CURRENT}.new"
    with renamed.open("w", encoding="utf-8") as file:
        file.write(f"{generation}\n")
        file.flush()
        os.fsync(file.fileno())
    renamed.replace(home / CURRENT)
    sync(home)
    _sweep(home, _GENERATION, keep=frozenset({generation, before}))


@contextmanager
def _only_build(home: Path) -> Iterator[None]:
    """Holds the lock of `home`, which dies with its process, and sweeps up what killed builds left behind."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / "build.lock", timeout=0):
            _sweep(home, _STAGED)
            try:
                yield
            finally:
                _sweep(home, _STAGED)
    except Timeout:
        raise IndexFolderError(f"another build is writing to {home}; wait until it ends, then build again") from None
    except OSError as error:
        raise IndexFolderError(
            f"{home} can't be written to ({error}); name another folder with --index, or make room in this one"
        ) from error


def _sweep(home: Path, names: re.Pattern[str], *, keep: frozenset[str] = frozenset()) -> None:
    """Removes the folders that a build made; what else lies in `home` is not ours."""
    for folder in home.iterdir():
        if names.fullmatch(folder.name) and folder.name not in keep and folder.is_dir():
            shutil.rmtree(folder)


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


@dataclass(frozen=True, slots=True)
class _Previous:
    """The generation that is served now, as far as a new one can use it."""

    generation: Path
    manifest: GenerationManifest

    def vectors(self) -> dict[bytes, Vectors]:
        """Its unit vectors, (dim,) each, by the key of the text that they stand for."""
        vocabulary, rows = Vocabulary.open(self.generation), StoredVectors.open(self.generation)
        known = dict(zip(map(_key, vocabulary.numbers), vocabulary.vectors.astype(np.float32), strict=True))
        return known | dict(zip(map(bytes, rows.keys), rows.rows(0, len(rows.keys)), strict=True))


def _previous(home: Path, encoder_sha256: str) -> _Previous | None:
    """The generation that is served now, if it is as it was built and has the same encoder."""
    try:
        generation = current_generation(home)
        manifest = GenerationManifest.read(generation)
    except IndexFolderError:
        return None
    if manifest.encoder_sha256 != encoder_sha256 or manifest.damaged_files(generation):
        return None
    return _Previous(generation, manifest)


@dataclass(slots=True)
class _EncoderSource:
    """The sentence-transformers encoder, loaded once and only if something needs it: that takes seconds."""

    name: str
    _loaded: SentenceTransformerEncoder | None = None

    def get(self) -> SentenceTransformerEncoder:
        if self._loaded is None:
            self._loaded = SentenceTransformerEncoder.open(self.name)
        return self._loaded


def _place_encoder(source: _EncoderSource, previous: _Previous | None, staged: Path) -> OnnxEncoder:
    """Puts the question encoder's files into `staged`, from the generation before where it is the same."""
    if previous is None:
        source.get().export(staged)
    else:
        for name in ENCODER_FILES:
            shutil.copyfile(previous.generation / name, staged / name)
    return OnnxEncoder.open(staged)


def _check_window(passages: Sequence[Passage], encoder: OnnxEncoder) -> None:
    for passage in passages:
        if not encoder.fits(passage.embedding_text):
            span = passage.span
            raise IndexFolderError(
                f"{span.document.id}, characters {span.start}-{span.end}: the passage exceeds the encoder's window of "
                f"{encoder.settings.max_tokens} tokens; shorten its headings, or break up its longest word"
            )


def _row_texts(passages: Sequence[Passage]) -> list[str]:
    """What each row of the vectors stands for: the passages, then their sentences, each under its headings."""
    sentences = [Passage(span, passage.headings, (span,)) for passage in passages for span in passage.sentences]
    return [passage.embedding_text for passage in [*passages, *sentences]]


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8")).digest()[:16]


def _encoded(
    texts: Sequence[str], known: dict[bytes, Vectors], source: _EncoderSource, progress: Callable[[int, int], None]
) -> tuple[Vectors, int]:
    """A unit row for each text, and how many had to be encoded because `known` hadn't got them."""
    # Texts of a length together waste little on padding; the longest first, so that the time left is no false hope.
    missing = sorted({_key(text): text for text in texts if _key(text) not in known}.values(), key=len, reverse=True)
    for start in range(0, len(missing), _BATCH):
        progress(start, len(missing))
        batch = missing[start : start + _BATCH]
        known |= zip(map(_key, batch), source.get().encode_passages(batch), strict=True)
    progress(len(missing), len(missing))
    return np.stack([known[_key(text)] for text in texts]), len(missing)

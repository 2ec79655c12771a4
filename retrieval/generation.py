"""An index on disk: a home of immutable generations, one folder each, and CURRENT, which names the one to serve."""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from corpus.model import Document

__all__ = [
    "CURRENT",
    "FORMAT",
    "GenerationManifest",
    "IndexFolderError",
    "current_generation",
    "file_digest",
    "generation_name",
    "generation_of",
    "generations",
    "is_generation",
    "sync",
]

CURRENT = "CURRENT"
FORMAT = "insights-help index 4"
_MANIFEST = "index.json"
_GENERATION = re.compile(r"[0-9a-f]{16}-[0-9a-f]{4}")


class IndexFolderError(Exception):
    """An index that is missing, broken or foreign; the message says what, found, wanted and the remedy."""


@dataclass(frozen=True, slots=True)
class GenerationManifest:
    """What a generation was built from; `reader_sha256` names the network that its policy was calibrated with.

    `files` are the sizes (bytes) and SHA-256 of its other files, by path.
    """

    format: str
    name: str
    corpus: str
    documents: Mapping[str, str]
    encoder_sha256: str
    reader_sha256: str
    max_tokens: int
    files: Mapping[str, tuple[int, str]]

    @classmethod
    def read(cls, generation: Path) -> "GenerationManifest":
        """Reads a generation's manifest and checks that each file is there with its size; digests are for `verify`.

        Raises:
            IndexFolderError: if the folder is no index of this format, or a file is missing or truncated.
        """
        try:
            record = json.loads((generation / _MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexFolderError(f"{generation} is no index ({error}); run: insights build") from error
        found = record.get("format") if isinstance(record, dict) else None
        if found != FORMAT:
            raise IndexFolderError(f"{generation}: found format {found!r}, wanted {FORMAT!r}; run: insights build")
        try:
            manifest = cls(**record)
            sizes = {name: size for name, (size, _) in manifest.files.items()}
        except (TypeError, ValueError, AttributeError) as error:
            raise IndexFolderError(
                f"the index is damaged: {generation / _MANIFEST} ({error}); run: insights build"
            ) from error
        for name, wanted in sizes.items():
            path = generation / name
            size = path.stat().st_size if path.is_file() else None
            if size != wanted:
                has = "is missing" if size is None else f"has {size} bytes, wanted {wanted}"
                raise IndexFolderError(f"the index is damaged: {path} {has}; run: insights build")
        return manifest

    def is_of(self, documents: Mapping[str, Document]) -> bool:
        """Whether it was built from the texts of these documents, by id."""
        return self.documents == {key: document.sha256 for key, document in documents.items()}

    def seal(self, generation: Path) -> None:
        """Writes this manifest over all the files that the folder holds by now, and syncs everything to the disk."""
        files = {
            str(path.relative_to(generation)): (path.stat().st_size, file_digest(path)) for path in _files(generation)
        }
        text = json.dumps(asdict(replace(self, files=files)), indent=1) + "\n"
        (generation / _MANIFEST).write_text(text, encoding="utf-8")
        for path in [*_files(generation), *(path for path in generation.rglob("*") if path.is_dir()), generation]:
            sync(path)

    def damaged_files(self, generation: Path) -> list[str]:
        """The files whose content is not what was sealed."""
        return [name for name, (_, sha256) in self.files.items() if file_digest(generation / name) != sha256]


def generation_name(
    documents: Iterable[Document], *, encoder_sha256: str, reader_sha256: str, max_tokens: int, policy: str
) -> str:
    """The name of what is built from these: 16 hexadecimal digits, other ones as soon as one of these changes."""
    listed = list(documents)
    digests = {document.id: document.sha256 for document in listed}
    headings = [[[h.start, h.end, h.level] for h in document.headings] for document in listed]
    parts = [FORMAT, digests, headings, encoder_sha256, reader_sha256, max_tokens, policy]
    return hashlib.sha256(json.dumps(parts).encode("utf-8")).hexdigest()[:16]


def current_generation(home: Path) -> Path:
    """The generation that CURRENT names.

    Raises:
        IndexFolderError: if it names none.
    """
    try:
        name = (home / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise IndexFolderError(f"no index in {home} ({why}); run: insights build") from error
    if not name or Path(name).name != name:
        raise IndexFolderError(f"{home / CURRENT}: found {name!r}, wanted the name of an index; run: insights build")
    return home / name


def is_generation(path: Path) -> bool:
    """Whether a folder has the name of a generation: that of what it was built from, and four digits of its own."""
    return _GENERATION.fullmatch(path.name) is not None and path.is_dir()


def generations(home: Path) -> list[Path]:
    """The complete generations in `home`, served or not, the newest first."""
    try:
        folders = [folder for folder in home.iterdir() if is_generation(folder)]
    except OSError:
        return []
    sealed = [folder for folder in folders if (folder / _MANIFEST).is_file()]
    return sorted(sealed, key=lambda folder: (folder / _MANIFEST).stat().st_mtime_ns, reverse=True)


def generation_of(home: Path, documents: Mapping[str, Document]) -> Path:
    """The generation to open over these documents: what CURRENT names, or else another that was built from them.

    Whoever is stopped after the corpus is published and before CURRENT is replaced leaves it like that.

    Raises:
        IndexFolderError: if CURRENT names none that can be read, and no other generation is of the documents.
    """
    is_named = (home / CURRENT).exists()
    if is_named:
        current = current_generation(home)
        if GenerationManifest.read(current).is_of(documents):
            return current
    for generation in generations(home):
        with suppress(IndexFolderError):
            if GenerationManifest.read(generation).is_of(documents):
                return generation
    return current if is_named else current_generation(home)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes, in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _files(generation: Path) -> Iterator[Path]:
    return (path for path in sorted(generation.rglob("*")) if path.is_file() and path.name != _MANIFEST)


def sync(path: Path) -> None:
    """Waits until a file's content, or a folder's entries, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

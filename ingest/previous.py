"""What lies in the home of an index already, as far as a new build can use it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from ingest.layout import Keys, Layout
from retrieval.generation import GenerationManifest, IndexFolderError, current_generation, is_generation

__all__ = ["Previous", "find_previous"]


@dataclass(frozen=True, slots=True)
class Previous:
    """A generation as it was built; `same` if a new one would be no other."""

    generation: Path
    layout: Layout
    same: bool

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.generation.name


def find_previous(home: Path, wanted: GenerationManifest, keys: Keys) -> Previous | None:
    """The generation that `wanted` and the documents' `keys` describe, or else one of the same encoder: the current.

    One that isn't served was placed there by a build that was stopped before it could be.
    """
    found = [(path, manifest) for path, manifest in _generations(home, wanted.name) if _usable(manifest, wanted)]
    for path, manifest in sorted(found, key=lambda one: one[1] != _sealed(wanted, one[1])):
        if not manifest.damaged_files(path):
            layout = Layout.open(path)
            same = manifest == _sealed(wanted, manifest) and np.array_equal(layout.documents, keys)
            return Previous(path, layout, same)
    return None


def _generations(home: Path, name: str) -> Iterator[tuple[Path, GenerationManifest]]:
    """The current one, and those of that name: whatever else lies there was built from other things."""
    try:
        current = [current_generation(home)]
    except IndexFolderError:
        current = []
    named = [path for path in sorted(home.glob(f"{name}-*")) if is_generation(path) and path not in current]
    for path in [*current, *named]:
        try:
            yield path, GenerationManifest.read(path)
        except IndexFolderError:
            continue


def _usable(manifest: GenerationManifest, wanted: GenerationManifest) -> bool:
    return manifest.encoder_sha256 == wanted.encoder_sha256


def _sealed(wanted: GenerationManifest, manifest: GenerationManifest) -> GenerationManifest:
    """What is wanted, with the files of another."""
    return replace(wanted, files=manifest.files)

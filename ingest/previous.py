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
    found = [(path, manifest) for path, manifest in _generations(home) if _usable(manifest, wanted)]
    for path, manifest in sorted(found, key=lambda one: one[1] != _sealed(wanted, one[1])):
        if not manifest.damaged_files(path):
            layout = Layout.open(path)
            same = manifest == _sealed(wanted, manifest) and np.array_equal(layout.documents, keys)
            return Previous(path, layout, same)
    return None


def _generations(home: Path) -> Iterator[tuple[Path, GenerationManifest]]:
    """Those in `home` that can be read, first the current one, then the newest."""
    try:
        current = current_generation(home)
    except IndexFolderError:
        current = home
    folders = [path for path in home.iterdir() if is_generation(path)]
    for path in sorted(folders, key=lambda one: (one == current, one.stat().st_mtime), reverse=True):
        try:
            yield path, GenerationManifest.read(path)
        except IndexFolderError:
            continue


def _usable(manifest: GenerationManifest, wanted: GenerationManifest) -> bool:
    return manifest.encoder_sha256 == wanted.encoder_sha256


def _sealed(wanted: GenerationManifest, manifest: GenerationManifest) -> GenerationManifest:
    """What is wanted, with the files of another."""
    return replace(wanted, files=manifest.files)

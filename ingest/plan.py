"""What becomes of a corpus when a folder or a site is synchronised with it: a plan, which changes nothing yet."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import assert_never

from corpus.model import Document, Origin
from corpus.store import manifest_line
from ingest.ids import Known
from ingest.items import Refused, Skipped, Unchanged
from ingest.prepare import Prepared
from ingest.raw import IngestError
from ingest.web.model import Gone, Partial

__all__ = ["Before", "Plan", "Replaced", "Synced", "plan"]

Synced = Prepared | Unchanged | Skipped | Refused | Gone | Partial
_WEB = ("http://", "https://")
_RECORDS = re.compile(r".+?\.(jsonl|ndjson)(\.gz)?(?![\w.])", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Replaced:
    """A document that stays, with what it was and what it becomes: other words, another source, or another place."""

    old: Document
    new: Document


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of the documents `before`; nothing is done yet.

    `unchanged` counts documents of what is synchronised. `refused` is what couldn't be taken in; of that, the paths in
    `kept` have a document from an earlier time, which stays. `left` are documents of folders that aren't there any
    more: nobody removes them but their keeper. `partial` says why nothing was removed for not being listed.
    """

    before: Mapping[str, Document]
    after: Mapping[str, Document]
    added: tuple[Document, ...] = ()
    replaced: tuple[Replaced, ...] = ()
    removed: tuple[Document, ...] = ()
    unchanged: int = 0
    refused: tuple[Refused, ...] = ()
    kept: frozenset[str] = frozenset()
    partial: tuple[Partial, ...] = ()
    left: tuple[Document, ...] = ()

    @property
    def shows_change(self) -> bool:
        """Whether there is something to tell of; that a file is another one with the same words is not."""
        return bool(self.added or self.replaced or self.removed)

    @property
    def writes(self) -> bool:
        """Whether the manifest of the corpus will be another."""
        return [*map(manifest_line, self.before.values())] != [*map(manifest_line, self.after.values())]

    def then(self, following: "Plan") -> "Plan":
        """This and what is planned for another root on top of it."""
        return Plan(
            self.before,
            following.after,
            self.added + following.added,
            self.replaced + following.replaced,
            self.removed + following.removed,
            self.unchanged + following.unchanged,
            self.refused + following.refused,
            self.kept | following.kept,
            self.partial + following.partial,
            tuple(one for one in following.left if one.id in following.after),
        )


@dataclass(frozen=True, slots=True)
class Before:
    """What a corpus has of one root, by path, those of a folder that was moved here included, and all the rest."""

    root: str
    documents: Mapping[str, Document]
    ours: Mapping[str, Document]
    left: tuple[Document, ...]

    @classmethod
    def of(cls, documents: Mapping[str, Document], root: str, corpus: Path, *, within: str = "") -> "Before":
        """What `documents`, those of the corpus in that folder, say of `root`, or of one file `within` it.

        A root that has none yet may be a folder that was moved: documents of folders that aren't there any more are
        taken for its own where a file lies at the same path.
        """
        ours: dict[str, Document] = {}
        elsewhere: dict[str, list[Document]] = {}
        for document in documents.values():
            if document.origin is None:
                continue
            if document.origin.root == root:
                if _lies_within(document.origin.path, within):
                    ours[document.origin.path] = document
            else:
                elsewhere.setdefault(document.origin.root, []).append(document)
        left = tuple(one for name, listed in elsewhere.items() if _is_gone(name, corpus) for one in listed)
        if not ours and not within:
            ours = {one.origin.path: one for one in reversed(left) if one.origin}
        return cls(root, documents, ours, left)

    @property
    def known(self) -> Known:
        """The same as `ingest.prepare` wants it: ids of all others are taken, whoever vetted them."""
        paths = {path: (one.id, one.origin.sha256) for path, one in self.ours.items() if one.origin}
        ids = {document_id for document_id, _ in paths.values()}
        return Known(paths, frozenset(self.documents.keys() - ids))

    @property
    def origins(self) -> dict[str, Origin]:
        """The same as `ingest.web` wants it."""
        return {path: one.origin for path, one in self.ours.items() if one.origin}

    @property
    def was_moved_here(self) -> bool:
        """Whether `ours` are those of folders that aren't there any more."""
        return any(one.origin and one.origin.root != self.root for one in self.ours.values())


def plan(
    before: Before, found: Iterable[Synced], *, stated_id: Callable[[str], str | None], allow_empty: bool = False
) -> Plan:
    """What becomes of the documents when `found`, all that there is of the root now, is taken in.

    Only documents of the root are removed, and only what isn't there any more: what is refused this time stays as it
    was. The same text at another path is the same document, unless `stated_id` says otherwise of the path.

    Raises:
        IngestError: if every document of the root would be removed, and not `allow_empty`.
    """
    news = _News.of(found, before.ours.keys())
    kept = {path: one for path, one in before.ours.items() if path not in news.paths and news.is_in_doubt(path)}
    unchanged = [before.ours[path] for path in news.unchanged]
    gone = {path for path in before.ours if path not in news.paths and path not in kept}
    pairs = _paired(news, before, gone, stated_id)
    continued = {one.id for one in [*kept.values(), *unchanged, *(old for old, _ in pairs if old is not None)]}
    # Of a folder that was moved nobody knows what was removed from it.
    removed = [] if before.was_moved_here else [one for one in before.ours.values() if one.id not in continued]
    if removed and len(removed) == len(before.ours) and not pairs and not allow_empty:
        raise IngestError(
            f"{before.root}: found no document, where there were {len(removed)}; nothing was removed; if that is "
            "meant, say --allow-empty"
        )
    new = {one.id: one for _, one in pairs} | {one.id: _at(before.root, one) for one in unchanged}
    going = {one.id for one in removed}
    stays = {key: new.pop(key, one) for key, one in before.documents.items() if key not in going}
    replaced = [Replaced(old, one) for old, one in pairs if old is not None and _differ(old, one)]
    return Plan(
        before.documents,
        stays | new,
        added=tuple(one for old, one in pairs if old is None),
        replaced=tuple(replaced),
        removed=tuple(removed),
        unchanged=len(unchanged) + sum(old is not None for old, _ in pairs) - len(replaced),
        refused=tuple(news.refused),
        kept=frozenset(kept),
        partial=tuple(news.partial),
        left=tuple(one for one in before.left if one.id not in continued),
    )


@dataclass(slots=True)
class _News:
    """What was found, sorted; `paths` are those at which there is certainly something, or certainly nothing."""

    known: Collection[str]
    prepared: list[Prepared] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    partial: list[Partial] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    _doubtful: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, found: Iterable[Synced], known: Collection[str]) -> "_News":
        news = cls(known)
        for one in found:
            news._take(one)
        return news

    def is_in_doubt(self, path: str) -> bool:
        """Whether nobody knows if something lies at `path`: it, or what it lies in, couldn't be read."""
        if self.partial:
            return True
        ends = [number for number, sign in enumerate(path) if sign in "/#"]
        return any(part in self._doubtful for part in [path, *(path[:end] for end in ends)])

    def _take(self, one: Synced) -> None:
        match one:
            case Prepared():
                self.prepared.append(one)
                self.paths.add(one.path)
            case Unchanged():
                self.unchanged.append(one.path)
                self.paths.add(one.path)
            case Gone():
                self.refused.append(Refused(one.path, one.why))
                self.paths.add(one.path)
            case Refused():
                self.refused.append(one)
                self._doubtful.add(one.path.rstrip("/"))
                records = _RECORDS.match(one.path)
                if records and one.path not in self.known:  # a line of it, and nobody knows whose
                    self._doubtful.add(records[0])
            case Partial():
                self.partial.append(one)
            case Skipped():
                pass
            case _:
                assert_never(one)


def _paired(
    news: _News, before: Before, gone: set[str], stated_id: Callable[[str], str | None]
) -> list[tuple[Document | None, Document]]:
    """Each document that was read, with the one that it continues: at the same path, or moved from a `gone` one."""
    by_text: dict[str, list[Document]] = {}
    for path in sorted(gone, reverse=True):
        by_text.setdefault(before.ours[path].sha256, []).append(before.ours[path])
    pairs: list[tuple[Document | None, Document]] = []
    for prepared in news.prepared:
        new = prepared.document(before.root)
        old = before.ours.get(prepared.path)
        if old is None and (same := by_text.get(new.sha256)) and stated_id(prepared.path) in {None, same[-1].id}:
            old = same.pop()
            new = replace(new, id=old.id)
        pairs.append((old if old is not None and old.id == new.id else None, new))
    return pairs


def _at(root: str, document: Document) -> Document:
    return replace(document, origin=replace(document.origin, root=root)) if document.origin else document


def _differ(old: Document, new: Document) -> bool:
    """Whether there is something to tell of: other bytes that say the same are not."""
    moved = old.origin and new.origin and old.origin.path != new.origin.path
    return bool(moved) or manifest_line(replace(old, origin=None)) != manifest_line(replace(new, origin=None))


def _lies_within(path: str, file: str) -> bool:
    """Whether the path is that of the file, or of a document in it; every path is where no file is named."""
    return not file or path == file or path.startswith((f"{file}/", f"{file}#"))


def _is_gone(root: str, corpus: Path) -> bool:
    """Whether a root is a folder or a file that isn't there any more."""
    return not root.startswith(_WEB) and not (corpus / root).exists()

"""Texts of public sets as documents, and an index of them that is built once and kept in a cache folder."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from corpus.model import Document, Source
from corpus.store import Corpus, digest
from evals.jsonl import DataError, read_records, wanted_keys
from evals.progress import Progress
from ingest.build import MAX_TOKENS, build
from ingest.canonical import canonicalise
from ingest.encoder import encoder_digest
from ingest.raw import Block, BlockKind, RawDocument
from retrieval.generation import CURRENT, generation_name
from retrieval.index import PassageIndex
from retrieval.policy import Policy
from retrieval.reader_network import shipped_sha256

__all__ = ["IndexCache", "read_corpus", "verbatim_document"]


@dataclass(frozen=True, slots=True)
class IndexCache:
    """Where indexes of public sets are kept, by what they were built from, and how they are built."""

    folder: Path
    encoder: str
    policy: Policy

    def index(self, documents: Iterable[Document], progress: Progress) -> PassageIndex:
        """An index of `documents`, built if it isn't in the cache; stopped half way, it is built anew the next time.

        Raises:
            IndexFolderError, EncoderError: if it can't be built or opened.
        """
        listed = {document.id: document for document in documents}
        # Not by the policy or the reader: another one finds the vectors of these texts here, and needs no encoding.
        name = generation_name(
            listed.values(),
            encoder_sha256=encoder_digest(self.encoder),
            reader_sha256="",
            max_tokens=MAX_TOKENS,
            policy="",
        )
        corpus = Corpus(self.folder / name, listed)
        if (corpus.root / CURRENT).exists():
            index = PassageIndex.over(corpus.root, corpus)
            if (index.policy, index.manifest.reader_sha256) == (self.policy, shipped_sha256()):
                return index
        build(
            corpus,
            corpus.root,
            self.policy,
            encoder=self.encoder,
            progress=lambda done, total: progress("Encoding", done, total),
        )
        return PassageIndex.over(corpus.root, corpus)


def read_corpus(path: Path) -> list[Document]:
    """The documents of a corpus in BEIR's layout: `{"id", "title", "text"}` a line, or with "_id".

    The title becomes a heading, the text is made canonical as that of a vetted file; a document without words is left
    out, since nothing can find it.

    Raises:
        DataError: naming the file and line of the first fault.
    """
    documents: dict[str, Document] = {}
    for where, record in read_records(path, "documents"):
        named = {"id": record["_id"], **record} if "_id" in record else record
        wanted_keys(named, {"id": str, "text": str}, where)
        title = named.get("title") or ""
        if not isinstance(title, str):
            raise DataError(f"{where}: found title of type {type(title).__name__}, wanted str; correct it")
        if named["id"] in documents:
            raise DataError(f"{where}: id {named['id']!r} stands twice; give each document its own")
        documents[named["id"]] = _document(named["id"], title, named["text"])
    return [document for document in documents.values() if document.text]


def verbatim_document(text: str) -> Document:
    """A document of `text` as it is, so that offsets into the one are offsets into the other; named by its digest."""
    sha256 = digest(text)
    return Document(sha256, Source(""), sha256, (), text)


def _document(document_id: str, title: str, text: str) -> Document:
    paragraphs = [Block(BlockKind.PARAGRAPH, paragraph) for paragraph in text.split("\n\n")]
    blocks = [Block(BlockKind.HEADING, title, 1), *paragraphs]
    canonical = canonicalise(RawDocument(tuple(blocks)))
    source = Source(title)
    return Document(document_id, source, digest(canonical.text), canonical.headings, canonical.text)

"""Corpora of an exact number of passages, laid out from sampled sentences and kept in a cache folder.

Each passage is one sentence under a heading of its own, since passages are never packed across a heading; so a passage
and its sentence have one text, which is encoded once.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from corpus.layout import ITEM_MARK, PARAGRAPH_BREAK
from corpus.model import Document, Heading, Source
from corpus.store import digest, document_path, manifest_line, manifest_path
from evals.collection import read_corpus, verbatim_document
from evals.jsonl import DataError
from evals.progress import Progress
from ingest.sentences import sentences
from ingest.tokens import count_tokens
from retrieval.generation import file_digest

__all__ = ["SampledCorpus", "sampled_corpora"]

_SEED = 0
# As long as a long article; what is looked up in a document by its headings takes time by their number.
_SECTIONS = 100
# Far within the budget of a passage and the window of an encoder; longer ones are mostly lists and tables run together.
_MOST_TOKENS = 100
# Another one makes other corpora of the same file.
_LAYOUT = 1
_RECORD = "sample.json"


@dataclass(frozen=True, slots=True)
class SampledCorpus:
    """A corpus folder of `passages`, of `distinct_sentences` sentences: fewer if some had to be repeated."""

    folder: Path
    passages: int
    distinct_sentences: int

    @property
    def corpus(self) -> Path:
        """The corpus folder."""
        return self.folder / "corpus"

    @property
    def index(self) -> Path:
        """Where its index is built."""
        return self.folder / "index"


def sampled_corpora(source: Path, sizes: Sequence[int], cache: Path, progress: Progress) -> list[SampledCorpus]:
    """A corpus of each number of passages, from the cache or sampled from the corpus `source` in BEIR's layout.

    Sentences are drawn without replacement, in an order that is always the same for a file: a small corpus is the
    beginning of a large one. When they are used up, they are repeated in that order.

    Raises:
        DataError: if `source` can't be read or has no sentence that makes a passage.
    """
    try:
        name = digest(f"{file_digest(source)} {_SEED} {_SECTIONS} {_MOST_TOKENS} {_LAYOUT}")[:12]
    except OSError as error:
        raise DataError(f"{source} can't be read ({error}); name a corpus of JSON lines") from error
    cache.mkdir(parents=True, exist_ok=True)
    folders = {passages: cache / f"sample-{passages}-{name}" for passages in sizes}
    missing = [passages for passages, folder in folders.items() if not folder.exists()]
    if missing:
        progress("reading the sample", 0, 0)
        usable = _usable(_shuffled(source), max(missing))
        if not usable:
            raise DataError(f"{source}: found no sentence that makes a passage; name another corpus")
    for passages in missing:
        progress(f"writing {passages} passages", 0, 0)
        _write(list(islice(cycle(usable), passages)), folders[passages])
    return [SampledCorpus(folder, passages, _distinct(folder)) for passages, folder in folders.items()]


def _shuffled(source: Path) -> list[str]:
    """The distinct sentences of a corpus."""
    found = list(dict.fromkeys(span.text for document in read_corpus(source) for span in sentences(document)))
    return [found[int(number)] for number in np.random.default_rng(_SEED).permutation(len(found))]


def _usable(texts: Sequence[str], most: int) -> list[str]:
    """The first of them, at most `most`, that make a passage of one sentence."""
    return list(islice(filter(_is_one_passage, texts), most))


def _is_one_passage(text: str) -> bool:
    if ITEM_MARK.match(text) or count_tokens(text) > _MOST_TOKENS:
        return False
    return [span.text for span in sentences(verbatim_document(text))] == [text]


def _documents(texts: Sequence[str]) -> Iterator[Document]:
    """Documents with a section a text, headed by its number."""
    for number, start in enumerate(range(0, len(texts), _SECTIONS), start=1):
        laid, headings = "", []
        for section, text in enumerate(texts[start : start + _SECTIONS], start=1):
            laid += PARAGRAPH_BREAK if laid else ""
            headings.append(Heading(len(laid), len(laid) + len(str(section)), 1))
            laid += f"{section}{PARAGRAPH_BREAK}{text}"
        yield Document(f"sample-{number}", Source(f"Sample {number}"), digest(laid), tuple(headings), laid)


def _write(texts: Sequence[str], folder: Path) -> None:
    """Writes the corpus beside its place and moves it there: stopped half way, there is none."""
    with TemporaryDirectory(prefix=".new-", dir=folder.parent) as staged:
        root = Path(staged) / folder.name / "corpus"
        document_path(root, "any").parent.mkdir(parents=True)
        lines: list[str] = []
        for document in _documents(texts):
            document_path(root, document.id).write_text(document.text, encoding="utf-8", newline="\n")
            lines.append(f"{manifest_line(document)}\n")
        manifest_path(root).write_text("".join(lines), encoding="utf-8", newline="\n")
        (root.parent / _RECORD).write_text(json.dumps({"distinct_sentences": len({*texts})}), encoding="utf-8")
        root.parent.rename(folder)


def _distinct(folder: Path) -> int:
    record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    return int(record["distinct_sentences"])

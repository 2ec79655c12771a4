"""An index that is missing, broken, foreign or out of date is one clear line; `verify` finds every changed byte."""

import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from corpus.store import CorpusError, load_corpus, manifest_path
from retrieval.encoder import EncoderError
from retrieval.generation import FORMAT, GenerationManifest, IndexFolderError
from retrieval.index import PassageIndex
from retrieval.policy import PolicyError
from retrieval.verify import verify_index
from tests.fiction import MOTHS, write
from tests.workshop import Workshop


def rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[Workshop], None]:
    """A change of the manifest of the generation that is served."""

    def rewrite(workshop: Workshop) -> None:
        path = workshop.generation / "index.json"
        record = json.loads(path.read_text(encoding="utf-8"))
        change(record)
        path.write_text(json.dumps(record), encoding="utf-8")

    return rewrite


def truncated(name: str) -> Callable[[Workshop], None]:
    """Cuts off the second half of a file."""

    def truncate(workshop: Workshop) -> None:
        path = workshop.generation / name
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    return truncate


FAULTS: dict[str, tuple[Callable[[Workshop], object], str]] = {
    "no home": (lambda w: shutil.rmtree(w.home), r"no index in \S+ \(No such file or directory\)"),
    "never built": (
        lambda w: [harm() for harm in ((w.generation / "index.json").unlink, (w.home / "CURRENT").unlink)],
        r"no index in \S+ \(No such file or directory\)",
    ),
    "current empty": (lambda w: write(w.home / "CURRENT", ""), r"CURRENT: found '', wanted the name of an index"),
    "current elsewhere": (
        lambda w: write(w.home / "CURRENT", "../corpus"),
        r"CURRENT: found '\.\./corpus', wanted the name of an index",
    ),
    "current no text": (lambda w: (w.home / "CURRENT").write_bytes(b"\xff"), r"no index in \S+ \('utf-8' codec"),
    "generation gone": (lambda w: shutil.rmtree(w.generation), r"is no index \(.*No such file or directory"),
    "foreign folder": (lambda w: (w.generation / "index.json").unlink(), r"is no index \(.*No such file or directory"),
    "manifest cut short": (truncated("index.json"), r"is no index \("),
    "manifest no text": (
        lambda w: (w.generation / "index.json").write_bytes(b"\x80"),
        r"is no index \('utf-8' codec can't decode",
    ),
    "manifest no object": (
        lambda w: write(w.generation / "index.json", "[]"),
        rf": found format None, wanted '{FORMAT}'",
    ),
    "format of another time": (
        rewritten(lambda record: record.update(format="insights-help index 0")),
        rf"found format 'insights-help index 0', wanted '{FORMAT}'",
    ),
    "manifest without a key": (rewritten(lambda record: record.pop("documents")), r"the index is damaged: .*documents"),
    "manifest with another key": (rewritten(lambda record: record.update(moths=1)), r"the index is damaged: .*moths"),
    "files no table": (rewritten(lambda record: record.update(files=3)), r"the index is damaged: .*index\.json"),
    "files without sizes": (
        rewritten(lambda record: record.update(files={"encoder.onnx": 3})),
        r"the index is damaged: .*index\.json",
    ),
    "file missing": (
        lambda w: (w.generation / "vectors.faiss").unlink(),
        r"the index is damaged: \S+/vectors\.faiss is missing",
    ),
    "folder missing": (
        lambda w: shutil.rmtree(w.generation / "bm25"),
        r"the index is damaged: \S+/bm25/\S+ is missing",
    ),
    "file cut short": (
        truncated("encoder.onnx"),
        r"the index is damaged: \S+/encoder\.onnx has \d+ bytes, wanted \d+",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_an_index_that_cannot_be_used_is_one_clear_line_with_the_remedy(workshop: Workshop, fault: str) -> None:
    harm, wanted = FAULTS[fault]
    harm(workshop)
    for attempt in (workshop.open, lambda: verify_index(workshop.home, corpus=workshop.corpus)):
        with pytest.raises(IndexFolderError, match=wanted) as raised:
            attempt()
        assert str(raised.value).endswith("; run: insights build")
        assert "\n" not in str(raised.value)


@pytest.mark.parametrize("left", ["the one before", "none"])
def test_what_is_complete_and_of_the_corpus_is_opened_where_current_is_not(workshop: Workshop, left: str) -> None:
    """As a synchronisation leaves it that was killed when the corpus was published, and CURRENT not yet replaced."""
    before = workshop.generation
    workshop.vet("moths", MOTHS.replace("nine minutes", "eight minutes"))
    workshop.build()
    after = workshop.open().manifest
    if left == "none":
        (workshop.home / "CURRENT").unlink()
    else:
        write(workshop.home / "CURRENT", f"{before.name}\n")
    assert workshop.open().manifest == after
    assert verify_index(workshop.home, corpus=workshop.corpus) == []


def test_a_document_that_was_vetted_again_makes_the_old_index_refuse_with_the_remedy(workshop: Workshop) -> None:
    workshop.vet("moths", MOTHS.replace("nine minutes", "eight minutes"))
    with pytest.raises(IndexFolderError) as raised:
        workshop.open()
    assert str(raised.value) == (
        f"the index in {workshop.home} is not of the corpus as it is now: moths; run: insights build"
    )
    workshop.build()
    assert "eight minutes" in workshop.open().documents[0].text


def test_of_many_changed_documents_three_are_named(workshop: Workshop) -> None:
    for name in ("stones", "bells", "masts"):
        workshop.vet(name, f"The {name} of Vantor are many.")
    lines = manifest_path(workshop.corpus).read_text(encoding="utf-8").splitlines()
    write(manifest_path(workshop.corpus), "\n".join(lines[1:]) + "\n")
    with pytest.raises(IndexFolderError, match=re.escape("as it is now: bells, masts, moths …; run: insights build")):
        workshop.open()


def test_a_tampered_text_is_found_before_the_index_is_used(workshop: Workshop) -> None:
    write(workshop.corpus / "documents" / "moths.txt", MOTHS)
    with pytest.raises(CorpusError, match="was changed after it was vetted"):
        workshop.open()


def test_an_index_knows_the_corpus_that_it_was_built_from(workshop: Workshop, tmp_path: Path) -> None:
    manifest = GenerationManifest.read(workshop.generation)
    documents = load_corpus(workshop.corpus).documents
    assert manifest.corpus == str(workshop.corpus)
    assert manifest.documents == {key: document.sha256 for key, document in documents.items()}
    assert PassageIndex.open(workshop.home).documents == tuple(documents.values())
    moved = workshop.corpus.rename(tmp_path / "moved")
    assert PassageIndex.open(workshop.home, corpus=moved).documents == tuple(documents.values())
    with pytest.raises(CorpusError, match="no corpus in"):
        PassageIndex.open(workshop.home)


def test_an_index_as_it_was_built_has_nothing_wrong(workshop: Workshop) -> None:
    assert verify_index(workshop.home, corpus=workshop.corpus) == []
    sealed = GenerationManifest.read(workshop.generation).files
    files = [path for path in workshop.generation.rglob("*") if path.is_file() and path.name != "index.json"]
    assert sorted(sealed) == sorted(str(path.relative_to(workshop.generation)) for path in files)
    assert {name: size for name, (size, _) in sealed.items()} == {
        str(path.relative_to(workshop.generation)): path.stat().st_size for path in files
    }


def test_verify_finds_a_flipped_bit_anywhere_in_any_file(workshop: Workshop) -> None:
    for name in GenerationManifest.read(workshop.generation).files:
        path = workshop.generation / name
        data = path.read_bytes()
        for place in {0, len(data) // 3, len(data) - 1}:
            path.write_bytes(data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :])
            assert verify_index(workshop.home, corpus=workshop.corpus) == [
                f"{path} was changed after it was built; run: insights build"
            ]
        path.write_bytes(data)


def test_verify_finds_a_flipped_bit_anywhere_in_the_manifest(workshop: Workshop) -> None:
    path = workshop.generation / "index.json"
    data = path.read_bytes()
    # Where the corpus lay is a hint for `open` without --corpus, and no claim that could be checked.
    hint = range(data.index(b'"corpus": "') + 11, data.index(b'",', data.index(b'"corpus": "')))
    missed: list[int] = []
    for place in [place for place in range(0, len(data), 3) if place not in hint]:
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x01]) + data[place + 1 :])
        with suppress(IndexFolderError):
            missed += [] if verify_index(workshop.home, corpus=workshop.corpus) else [place]
    assert missed == []


def _with_passages(rows: npt.NDArray[np.int64]) -> None:
    rows[1, 2] += 5


def _with_passages_outside(rows: npt.NDArray[np.int64]) -> None:
    rows[3, 2] = 10_000


def _with_unknown_document(rows: npt.NDArray[np.int64]) -> None:
    rows[3, 0] = 7


def _with_document_from_the_end(rows: npt.NDArray[np.int64]) -> None:
    rows[0, 0] = -1


def _without_sentences(rows: npt.NDArray[np.int64]) -> None:
    rows[2, 4] = rows[2, 3]


def _with_overlapping_sentences(rows: npt.NDArray[np.int64]) -> None:
    rows[1, 0] -= 3


def _with_a_shorter_sentence(rows: npt.NDArray[np.int64]) -> None:
    rows[1, 1] -= 3


@pytest.mark.parametrize(
    ("name", "harm", "wanted"),
    [
        (
            "passages.npy",
            _with_passages,
            "passage 1, moths (characters 270-431): it doesn't begin and end with its sentences",
        ),
        ("passages.npy", _with_passages_outside, "passage 3: range 28-10000 does not lie in 'reeds' of 2"),
        ("passages.npy", _with_unknown_document, "passage 3: tuple index out of range"),
        ("passages.npy", _with_document_from_the_end, "passage 0: "),
        ("passages.npy", _without_sentences, "passage 2: tuple index out of range"),
        (
            "sentences.npy",
            _with_overlapping_sentences,
            "passage 0, moths (characters 46-248): its sentences overlap, or leave something out",
        ),
        (
            "sentences.npy",
            _with_a_shorter_sentence,
            "passage 0, moths (characters 46-248): its sentences overlap, or leave something out",
        ),
    ],
)
def test_verify_finds_a_wrong_range_even_if_it_was_sealed(
    workshop: Workshop, name: str, harm: Callable[[npt.NDArray[np.int64]], None], wanted: str
) -> None:
    rows = np.load(workshop.generation / name)
    harm(rows)
    np.save(workshop.generation / name, rows)
    GenerationManifest.read(workshop.generation).seal(workshop.generation)
    (line,) = verify_index(workshop.home, corpus=workshop.corpus)
    assert line.startswith(wanted)


def test_verify_finds_vectors_that_are_too_few(workshop: Workshop) -> None:
    manifest, path = GenerationManifest.read(workshop.generation), workshop.generation / "sentences.npy"
    rows = np.load(path)
    np.save(path, np.concatenate([rows, rows[-1:]]))
    manifest.seal(workshop.generation)
    assert verify_index(workshop.home, corpus=workshop.corpus) == [
        f"{workshop.generation} holds {len(rows) + 4} vectors, wanted {len(rows) + 5}: one a passage and one a sentence"
    ]


def test_verify_finds_headings_that_are_not_those_of_the_build(workshop: Workshop) -> None:
    lines = manifest_path(workshop.corpus).read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    write(manifest_path(workshop.corpus), "\n".join([json.dumps(first | {"headings": []}), lines[1]]) + "\n")
    (line,) = verify_index(workshop.home, corpus=workshop.corpus)
    assert re.search(r": found the name [0-9a-f]{16}, wanted [0-9a-f]{16} for what it holds; build it again$", line)


@pytest.mark.parametrize("seed", range(4))
def test_opening_a_damaged_index_never_ends_in_anything_but_our_own_errors(workshop: Workshop, seed: int) -> None:
    random = np.random.default_rng(seed)
    files = sorted(GenerationManifest.read(workshop.generation).files)
    for name in files:
        path = workshop.generation / name
        data = path.read_bytes()
        place = int(random.integers(0, min(200, len(data))))
        path.write_bytes(data[:place] + bytes([data[place] ^ (1 << int(random.integers(8)))]) + data[place + 1 :])
        with suppress(IndexFolderError, EncoderError, PolicyError):
            workshop.open()
        path.write_bytes(data)

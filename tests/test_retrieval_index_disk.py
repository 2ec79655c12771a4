"""The passage index on disk: it opens to the same hits, and one that is foreign or damaged is refused."""

import shutil
from pathlib import Path

import faiss  # noqa: TID251 - an index of another kind, to be refused
import pytest

from corpus.store import manifest_path
from retrieval.encoder import ENCODER_FILES
from retrieval.generation import CURRENT, GenerationManifest, IndexFolderError
from retrieval.index import PassageIndex
from tests.retrieval_fixtures import passages_of
from tests.workshop import Workshop


def test_a_saved_index_opens_to_the_same_hits(vantor: Workshop, vantor_index: PassageIndex, tmp_path: Path) -> None:
    generation = tmp_path / "index" / "saved"
    generation.mkdir(parents=True)
    for name in ENCODER_FILES:
        shutil.copyfile(vantor.generation / name, generation / name)
    vantor_index.save(generation)
    (tmp_path / "index" / CURRENT).write_text("saved\n", encoding="utf-8")
    opened = PassageIndex.open(tmp_path / "index", corpus=vantor.corpus)
    for question in ("How long do the moths shine?", "masts", "", "What does a keeper bring?"):
        assert opened.search(question, k=8) == vantor_index.search(question, k=8)
    assert opened.policy == vantor_index.policy
    assert passages_of(opened) == passages_of(vantor_index)


def test_the_order_of_the_corpus_may_change_without_a_range_landing_in_another_document(workshop: Workshop) -> None:
    before = workshop.open()
    manifest = manifest_path(workshop.corpus)
    lines = manifest.read_text(encoding="utf-8").splitlines(keepends=True)
    manifest.write_text("".join(reversed(lines)), encoding="utf-8")
    after = workshop.open()
    assert passages_of(after) == passages_of(before)
    assert after.search("Where do glimmer moths rest?", k=3) == before.search("Where do glimmer moths rest?", k=3)


def test_an_index_of_another_corpus_is_refused_and_names_what_differs(workshop: Workshop) -> None:
    workshop.vet("bells", "Nine bells hang over the lake of Vantor, and each has a name of its own.")
    with pytest.raises(IndexFolderError, match=r"is not of the corpus as it is now: bells; run: insights build"):
        workshop.open()


@pytest.mark.parametrize(
    "name",
    [
        *("passages.npy", "sentences.npy", "keys.npy", "vectors.faiss", "words.json", "word_vectors.npy"),
        *("bm25/params", "headings/params", "headings/totals.npy", "headings/numbers.npy", "abbreviations.json"),
    ],
)
@pytest.mark.parametrize("content", [b"\0", b"{", b"\x93NUMPY\x01\x00"])
def test_an_index_whose_bytes_were_overwritten_is_refused_whatever_its_library_raises(
    workshop: Workshop, name: str, content: bytes
) -> None:
    (path,) = workshop.generation.glob(f"{name}*")
    size = path.stat().st_size
    path.write_bytes((content * size)[:size])
    with pytest.raises(IndexFolderError, match="is damaged"):
        workshop.open()


def test_an_index_without_what_headings_say_is_refused(workshop: Workshop) -> None:
    shutil.rmtree(workshop.generation / "headings")
    with pytest.raises(IndexFolderError, match=r"the index is damaged: .+/headings/.+ is missing; run: insights build"):
        workshop.open()


def test_vectors_in_another_kind_of_index_are_refused(workshop: Workshop) -> None:
    path, manifest = workshop.generation / "vectors.faiss", GenerationManifest.read(workshop.generation)
    stored = faiss.read_index(str(path))
    graph = faiss.IndexHNSWFlat(stored.d, 4, faiss.METRIC_INNER_PRODUCT)
    graph.add(stored.reconstruct_n(0, stored.ntotal))
    faiss.write_index(graph, str(path))
    manifest.seal(workshop.generation)
    with pytest.raises(
        IndexFolderError, match=r"is damaged \(found an index of IndexHNSWFlat, wanted IndexFlat\); run: insights build"
    ):
        workshop.open()


@pytest.mark.parametrize("folder", ["bm25", "headings"])
def test_an_index_of_another_version_of_a_library_is_refused(folder: str, workshop: Workshop) -> None:
    path = workshop.generation / folder / "params.index.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"idf', '"idg'), encoding="utf-8")
    with pytest.raises(IndexFolderError, match="is damaged"):
        workshop.open()

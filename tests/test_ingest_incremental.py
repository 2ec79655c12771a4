"""A build that takes over what hasn't changed gives the index that a build of everything gives."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Document
from corpus.store import Corpus
from ingest.build import Built, build, make_current, place, stage
from ingest.layout import Layout
from retrieval.encoder import Vectors
from retrieval.generation import GenerationManifest, IndexFolderError, current_generation
from retrieval.index import PassageIndex, StoredVectors
from retrieval.vocabulary import Vocabulary
from tests.retrieval_fixtures import documents
from tests.workshop import POLICY, Workshop

FEW = settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SOME = st.fixed_dictionaries(
    {"bells": documents("bells").map(lambda laid: laid.document)},
    optional={name: documents(name).map(lambda laid: laid.document) for name in ("moths", "reeds", "stones")},
)
VECTORS = {"vectors.faiss", "word_vectors.npy"}


def built(home: Path, found: Mapping[str, Document], encoder: str) -> Built:
    return build(Corpus(home / "corpus", found), home, POLICY, encoder=encoder, progress=lambda *_: None)


def contents(home: Path) -> dict[str, bytes]:
    """Every file of the index that is served, but for what names the corpus's folder."""
    generation = current_generation(home)
    files = {str(path.relative_to(generation)): path for path in generation.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in sorted(files.items()) if name != "index.json"}


@FEW
@given(st.lists(SOME, min_size=2, max_size=3))
def test_an_index_that_was_changed_step_by_step_is_that_of_a_first_build(
    tiny_encoder: str, steps: list[dict[str, Document]]
) -> None:
    with TemporaryDirectory() as folder:
        stepwise, fresh = Path(folder) / "stepwise", Path(folder) / "fresh"
        for step in steps:
            last = built(stepwise, step, tiny_encoder)
        first = built(fresh, steps[-1], tiny_encoder)
        assert (last.name, last.documents, last.passages) == (first.name, first.documents, first.passages)
        ours, wanted = contents(stepwise), contents(fresh)
        assert [*ours] == [*wanted]
        assert [name for name in wanted if name not in VECTORS and ours[name] != wanted[name]] == []
        for name in VECTORS:
            np.testing.assert_allclose(rows(stepwise, name), rows(fresh, name), atol=4e-3)


def rows(home: Path, name: str) -> Vectors:
    generation = current_generation(home)
    vocabulary, stored = Vocabulary.open(generation), StoredVectors.open(generation)
    return vocabulary.vectors.astype(np.float32) if name == "word_vectors.npy" else stored.stored.copy()


def test_documents_in_another_order_or_by_another_name_are_not_split_again(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = workshop.open().documents
    renamed = [replace(found[1], id="rushes"), found[0]]
    monkeypatch.setattr("ingest.layout.split", None)
    again = built(workshop.home, {document.id: document for document in renamed}, workshop.encoder)
    assert again == Built(again.name, documents=2, passages=4, encoded=0, changed=True)
    index = PassageIndex.over(workshop.home, Corpus(workshop.corpus, {one.id: one for one in renamed}))
    assert [index.passage(number).span.document.id for number in range(4)] == ["rushes", "moths", "moths", "moths"]


def test_another_way_of_splitting_is_another_index_of_the_same_name(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workshop.generation
    monkeypatch.setattr("ingest.layout.SPLITTING_VERSION", 0)
    again = workshop.build()
    assert again == Built(before.name[:16], documents=2, passages=4, encoded=0, changed=True)
    assert workshop.generation != before
    assert not np.array_equal(Layout.open(before).documents, Layout.open(workshop.generation).documents)


def test_a_generation_that_knows_no_keys_of_its_documents_still_has_vectors(workshop: Workshop) -> None:
    manifest = GenerationManifest.read(workshop.generation)
    (workshop.generation / "documents.npy").unlink()
    manifest.seal(workshop.generation)
    again = workshop.build()
    assert again == Built(again.name, documents=2, passages=4, encoded=0, changed=True)


def test_what_is_staged_is_complete_but_served_only_when_it_is_made_current(workshop: Workshop) -> None:
    before = workshop.generation
    bells = workshop.vet("bells", "The bells of Vantor ring when the ice breaks.")
    corpus = workshop.load()
    with stage(corpus, workshop.home, POLICY, encoder=workshop.encoder, progress=lambda *_: None) as staged:
        opened = PassageIndex.at(staged.folder, corpus)
        assert opened.search("bells", k=1)[0].passage.span.document == bells
        assert (staged.placed, staged.folder.name[:5]) == (False, ".new-")
        placed = place(staged)
        assert (placed.placed, placed.folder.name[:16]) == (True, placed.built.name)
        assert place(placed) == placed
        assert workshop.generation == before
        make_current(placed)
    assert workshop.generation == placed.folder
    assert workshop.entries == sorted(["CURRENT", "build.lock", before.name, placed.folder.name])


def test_what_is_staged_and_not_placed_is_gone_and_what_was_encoded_for_it_is_not(workshop: Workshop) -> None:
    entries = workshop.entries
    workshop.vet("bells", "The bells of Vantor ring when the ice breaks.")
    with stage(workshop.load(), workshop.home, POLICY, encoder=workshop.encoder, progress=lambda *_: None) as staged:
        assert staged.built.encoded > 0
    assert workshop.entries == sorted([*entries, "encoded.partial"])
    again = workshop.build()
    assert again == replace(staged.built, encoded=0)
    assert "encoded.partial" not in workshop.entries


def test_what_a_stopped_build_placed_is_made_current_by_the_next(workshop: Workshop) -> None:
    workshop.vet("bells", "The bells of Vantor ring when the ice breaks.")
    with stage(workshop.load(), workshop.home, POLICY, encoder=workshop.encoder, progress=lambda *_: None) as staged:
        placed = place(staged)
    assert workshop.build() == replace(staged.built, encoded=0)
    assert workshop.generation == placed.folder


def test_errors_of_those_who_stage_are_their_own(workshop: Workshop) -> None:
    with (
        pytest.raises(OSError, match="the moths ate it"),
        stage(workshop.load(), workshop.home, POLICY, encoder=workshop.encoder, progress=lambda *_: None),
    ):
        raise OSError("the moths ate it")
    with pytest.raises(IndexFolderError, match="is empty"):
        built(workshop.home, {}, workshop.encoder)

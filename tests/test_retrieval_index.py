"""The passage index, against brute force: what it finds, what it stores, and that both survive the disk."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Passage, Span
from corpus.store import manifest_path
from retrieval.encoder import ENCODER_FILES, Vectors
from retrieval.generation import CURRENT, IndexFolderError
from retrieval.index import PassageIndex
from retrieval.lexical import content_words
from tests.retrieval_fixtures import passages_of
from tests.workshop import Workshop

WORDS = (
    "glimmer",
    "moths",
    "reeds",
    "lantern",
    "how",
    "long",
    "do",
    "they",
    "shine",
    "amber",
    "storm",
    "masts",
    "zorbles",
)
QUESTIONS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def under_headings(passage: Passage, span: Span) -> str:
    """What a vector stands for, written out anew."""
    return "\n".join([*(heading.text for heading in span.document.headings_at(passage.span.start)), span.text])


def encoded(index: PassageIndex, texts: list[str]) -> Vectors:
    """Each text by itself, so that none is padded."""
    return np.concatenate([index.encoder.encode_passages([text]) for text in texts])


def ranking(index: PassageIndex, question: str, k: int) -> list[tuple[Passage, float]]:
    """Passages by their nearest row among the nearest 16 k, and by BM25, fused by reciprocal rank: all by sorting."""
    passages = passages_of(index)
    asked = index.encoder.encode_questions([question])[0]
    rows = [(owner, under_headings(owner, owner.span)) for owner in passages]
    rows += [(owner, under_headings(owner, sentence)) for owner in passages for sentence in owner.sentences]
    cosines = encoded(index, [text for _, text in rows]) @ asked
    nearest = sorted(range(len(rows)), key=lambda row: -cosines[row])[: 16 * k]
    dense = list(dict.fromkeys(rows[row][0] for row in nearest))
    bm25 = index.lexical.scores(question)
    order = sorted(range(len(passages)), key=lambda number: -bm25[number])
    lexical = [passages[number] for number in order if bm25[number] > 0][: len(dense)]
    policy = index.policy
    weighted = ((dense, policy.dense_weight), (lexical, 1 - policy.dense_weight))
    scores = [
        sum(weight / (policy.rank_constant + 1 + found.index(p)) for found, weight in weighted if p in found)
        for p in passages
    ]
    best = sorted(range(len(passages)), key=lambda number: -scores[number])[:k]
    return [(passages[number], scores[number]) for number in best if scores[number] > 0]


@FEW
@given(QUESTIONS, st.integers(1, 9))
def test_search_finds_what_brute_force_finds(vantor_index: PassageIndex, question: str, k: int) -> None:
    hits = vantor_index.search(question, k=k)
    wanted = ranking(vantor_index, question, k)
    assert [hit.passage for hit in hits] == [passage for passage, _ in wanted]
    assert [hit.score for hit in hits] == pytest.approx([score for _, score in wanted])


def test_sentence_vectors_are_those_of_the_sentences_under_their_headings(vantor_index: PassageIndex) -> None:
    for passage in passages_of(vantor_index):
        stored = vantor_index.sentence_vectors(passage)
        anew = encoded(vantor_index, [under_headings(passage, sentence) for sentence in passage.sentences])
        assert stored.shape == anew.shape
        assert ((stored * anew).sum(axis=1) > 0.9999).all()
        assert np.linalg.norm(stored, axis=1) == pytest.approx(np.ones(len(stored)), abs=1e-5)


def test_passages_and_sentences_of_a_document_are_its_own_in_order(vantor_index: PassageIndex) -> None:
    for document in vantor_index.documents:
        passages = [passage for passage in passages_of(vantor_index) if passage.span.document == document]
        assert vantor_index.passages_of(document) == passages
        assert vantor_index.sentences_of(document) == [s for passage in passages for s in passage.sentences]
        assert [p.headings for p in passages] == [document.headings_at(p.span.start) for p in passages]


def test_a_word_weighs_more_the_fewer_sentences_have_it(vantor_index: PassageIndex) -> None:
    sentences = [s for document in vantor_index.documents for s in vantor_index.sentences_of(document)]
    holding = {
        word: sum(word in content_words(s.text) for s in sentences) for s in sentences for word in content_words(s.text)
    }
    vocabulary = vantor_index.vocabulary
    assert set(vocabulary.numbers) == set(holding)
    for word, count in {**holding, "zorbles": 0}.items():
        assert vocabulary.weight(word) == pytest.approx(np.log(1 + (len(sentences) - count + 0.5) / (count + 0.5)))
    assert vocabulary.weight("zorbles") > vocabulary.weight("amber") > vocabulary.weight("moths") > 0


def test_the_vector_of_a_word_is_its_own(vantor_index: PassageIndex) -> None:
    words = list(vantor_index.vocabulary.numbers)
    stored = vantor_index.vocabulary.known([*words, "zorbles"])
    assert stored.dtype == np.float32
    assert ((stored * encoded(vantor_index, words)).sum(axis=1) > 0.999).all()


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
    ["passages.npy", "sentences.npy", "keys.npy", "vectors.faiss", "words.json", "word_vectors.npy", "bm25/params"],
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


def test_an_index_of_another_version_of_a_library_is_refused(workshop: Workshop) -> None:
    path = workshop.generation / "bm25" / "params.index.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"idf', '"idg'), encoding="utf-8")
    with pytest.raises(IndexFolderError, match="is damaged"):
        workshop.open()

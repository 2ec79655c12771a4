"""The passage index, against brute force: what it finds and what it stores."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.model import Passage, Span
from retrieval.encoder import Vectors
from retrieval.filters import EVERYTHING, Filter
from retrieval.index import PassageIndex
from retrieval.lexical import LexicalIndex, Terms, content_words, stems
from retrieval.policy import FusionWeights
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
# The build encodes many texts together, with another library, and in short floats where the processor has them.
ROUNDED = 4e-3
ENCODED: dict[str, Vectors] = {}
HUMMING = """The humming of Vantor

Deep reed humming (DRH) is heard at dusk. The keepers of Lake Vantor count DRH from the bank.

Who hums

No moth hums. Reeds do when a storm bends them, and lanterns when they are cold.
"""
# "sweat" and "perspiration" are names of one thing in retrieval/synonyms.tsv, as "itching" and "pruritus" are.
LANTERNS = """The lanterns of Vantor

The perspiration of lanterns is blue. Keepers gather lantern perspiration in jars. Children call it sweat.
"""
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def under_headings(passage: Passage, span: Span) -> str:
    """What a vector stands for, written out anew."""
    return "\n".join([*(heading.text for heading in span.document.headings_at(passage.span.start)), span.text])


def encoded(index: PassageIndex, texts: list[str]) -> Vectors:
    """Each text by itself, so that none is padded, and once: all the indexes here have the same encoder."""
    for text in texts:
        if text not in ENCODED:
            (ENCODED[text],) = index.encoder.encode_passages([text])
    return np.stack([ENCODED[text] for text in texts])


def named(headings: Sequence[str], stems_asked: set[str]) -> list[float]:
    """The share of each heading's stems that are asked for, each weighing its idf among the distinct headings."""
    distinct = list(dict.fromkeys(headings))
    holding = {stem: sum(stem in stems(text) for text in distinct) for text in distinct for stem in stems(text)}
    weights = {stem: math.log(1 + (len(distinct) - n + 0.5) / (n + 0.5)) for stem, n in holding.items()}
    found = []
    for heading in headings:
        held = {*stems(heading)}
        found.append(sum(weights[stem] for stem in held & stems_asked) / (sum(weights[stem] for stem in held) or 1))
    return found


def scored(index: PassageIndex, question: str, others: Sequence[str], passages: Sequence[Passage]) -> list[float]:
    """The score of each of the passages when these alone may be found, everything encoded anew."""
    share, weights = index.policy.other_forms_weight, index.policy.fusion
    (asked,) = index.encoder.encode_questions([question])
    if others:
        (extended,) = index.encoder.encode_questions([f"{question} ({'; '.join(others)})"])
        asked = (1 - share) * asked + share * extended
    of_passages = encoded(index, [under_headings(passage, passage.span) for passage in passages]) @ asked
    of_sentences = [
        max(encoded(index, [under_headings(passage, sentence) for sentence in passage.sentences]) @ asked)
        for passage in passages
    ]
    bm25 = index.lexical.scores(Terms(question, tuple(others)), other_forms_weight=share)
    every = passages_of(index)
    words = [float(bm25[every.index(passage)]) for passage in passages]
    stems_asked = {stem for text in (question, *others) for stem in stems(text)}
    coverage = named(["\n".join(heading.text for heading in passage.headings) for passage in every], stems_asked)
    return [
        weights.passage_cosine * float(passage_cosine)
        + weights.sentence_cosine * float(sentence_cosine)
        + weights.words * said / (max(words) or 1)
        + weights.headings * coverage[every.index(passage)]
        for passage, passage_cosine, sentence_cosine, said in zip(
            passages, of_passages, of_sentences, words, strict=True
        )
    ]


def assert_found(
    index: PassageIndex, question: str, others: Sequence[str], k: int, within: Filter = EVERYTHING
) -> None:
    """The search finds the passages of the best scores, best first, when all that may be found are scored."""
    passages = [
        passage
        for passage in passages_of(index)
        if within.passes_document(passage.span.document) and (not within.heading or within.passes_headings(passage))
    ]
    scores = scored(index, question, others, passages)
    best = sorted((score for score in scores if score > 0), reverse=True)[:k]
    hits = index.search(question, k=k, within=within)
    found = [hit.score for hit in hits]
    # Which is before which is its own affair where they are as near as that.
    assert found == pytest.approx(best, abs=ROUNDED)
    assert found == sorted(found, reverse=True)
    assert found == pytest.approx([scores[passages.index(hit.passage)] for hit in hits], abs=ROUNDED)
    assert len({hit.passage.span for hit in hits}) == len(hits)


@FEW
@given(QUESTIONS, st.integers(1, 9))
def test_search_finds_what_brute_force_finds(vantor_index: PassageIndex, question: str, k: int) -> None:
    assert_found(vantor_index, question, [], k)


@FEW
@given(
    QUESTIONS,
    st.sampled_from([Filter(documents=frozenset({"moths"})), Filter(heading="keepers"), Filter(heading="Vantor")]),
)
def test_search_within_a_filter_finds_what_brute_force_over_what_passes_finds(
    vantor_index: PassageIndex, question: str, within: Filter
) -> None:
    assert_found(vantor_index, question, [], 3, within)


@pytest.fixture(scope="module")
def humming_index(vantor: Workshop, tmp_path_factory: pytest.TempPathFactory) -> PassageIndex:
    """The index about Vantor with two documents more: one defines a short form, one has two names of a thing."""
    humming = vantor.copy(tmp_path_factory.mktemp("humming"))
    humming.vet("humming", HUMMING)
    humming.vet("lanterns", LANTERNS)
    humming.build()
    return humming.open()


@FEW
@given(QUESTIONS, st.sampled_from([("DRH", "deep reed humming"), ("drh", "deep reed humming")]), st.booleans())
def test_a_short_form_and_its_long_one_stand_for_each_other(
    humming_index: PassageIndex, rest: str, forms: tuple[str, str], long_is_asked: bool
) -> None:
    short, long = forms
    asked, other = (long, "DRH") if long_is_asked else (short, long)
    assert_found(humming_index, f"{rest} {asked}", [other], 4)
    # Who says both has said it all.
    assert_found(humming_index, f"{rest} {long} {short}", [], 4)


@FEW
@given(QUESTIONS, st.sampled_from([("sweat", ["perspiration"]), ("Sweat", ["perspiration"]), ("perspiration", [])]))
def test_another_name_is_looked_for_where_the_documents_use_it_more(
    humming_index: PassageIndex, rest: str, asked: tuple[str, list[str]]
) -> None:
    name, others = asked
    assert_found(humming_index, f"{rest} {name}", others, 4)


def test_names_that_the_documents_use_as_little_as_the_askers_are_not_looked_for(humming_index: PassageIndex) -> None:
    for question in ("moth itching", "moth pruritus", "sweat or perspiration?"):
        assert humming_index._terms(question) == Terms(question)
    assert humming_index._terms("is DRH sweat?") == Terms("is DRH sweat?", ("deep reed humming", "perspiration"))


def test_equals_are_found_in_their_order_however_many_are_looked_for(vantor_index: PassageIndex) -> None:
    words_alone = FusionWeights(passage_cosine=0.0, sentence_cosine=0.0, words=1.0, headings=0.0, reader=0.0)
    equals = LexicalIndex.build(["moth" if number % 3 else "reed" for number in range(len(vantor_index))], k1=0.9, b=0)
    index = replace(vantor_index, policy=replace(vantor_index.policy, fusion=words_alone), lexical=equals)
    found = [hit.passage for hit in index.search("moth", k=len(index))]
    assert found == [index.passage(number) for number in range(len(index)) if number % 3]
    for k in range(1, len(index)):
        assert [hit.passage for hit in index.search("moth", k=k)] == found[:k]


def test_questions_with_and_without_short_forms_that_are_searched_together_find_what_each_finds_alone(
    humming_index: PassageIndex,
) -> None:
    questions = ["What is DRH?", "How long do moths shine?", "Is deep reed humming loud?", "", "masts"]
    for question, hits in zip(questions, humming_index.search_all(questions, k=4), strict=True):
        alone = humming_index.search(question, k=4)
        assert [hit.passage for hit in hits] == [hit.passage for hit in alone]
        assert [hit.score for hit in hits] == pytest.approx([hit.score for hit in alone], abs=1e-4)
    assert humming_index.search_all([], k=4) == []


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

"""Which documents are copies of each other, nearly copies, and what they say against each other."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.model import Document, Source, Span
from corpus.store import digest
from ingest.contradictions import Contradiction, contradictions
from ingest.likeness import copies, grouped, near_duplicates, shingles
from retrieval.sameness import folded

WORDS = "moths reeds bells lanterns hum glow rest ring keepers count nine silver lake bank storm dusk".split()
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=60).map(" ".join)
LONG = " ".join(
    f"On evening {WORDS[n % 16]} the {WORDS[(n * 7) % 13]} of bank {n} {WORDS[(n * 5) % 11]}." for n in range(60)
)


def of(name: str, text: str) -> Document:
    return Document(name, Source(name), digest(text), (), text)


def nothing(_done: int, _total: int) -> None:
    """Progress that nobody watches."""


def plain_runs(text: str) -> set[tuple[str, ...]]:
    """The runs of five words, or the whole of a shorter text."""
    words = folded(text).split()
    length = min(5, len(words))
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)} if words else set()


@given(TEXTS | st.text())
def test_there_are_as_many_shingles_as_distinct_runs_of_words(text: str) -> None:
    assert len(shingles(text)) == len(plain_runs(text))


@given(TEXTS, TEXTS)
def test_two_texts_share_as_many_shingles_as_runs(one: str, other: str) -> None:
    shared = {*shingles(one).tolist()} & {*shingles(other).tolist()}
    assert len(shared) == len(plain_runs(one) & plain_runs(other))


def test_documents_of_the_same_text_are_copies_and_are_looked_at_once() -> None:
    one, two, three = of("one", LONG), of("two", "Bells ring."), of("three", LONG)
    assert copies([one, two, three]) == [[one, three]]
    assert near_duplicates([one, two, three], nothing) == []


@pytest.mark.parametrize(
    ("other", "is_near"),
    [
        (LONG.replace("bank 30 ", "shore 30 "), True),
        (LONG.upper(), True),
        (LONG + " Bells ring at last.", True),
        (" ".join(LONG.split()[:-25]), True),
        (" ".join(reversed(LONG.split())), False),
        ("Bells ring.", False),
        ("", False),
    ],
)
def test_documents_of_nearly_the_same_words_are_found(other: str, is_near: bool) -> None:
    one, two = of("one", LONG), of("two", other)
    pairs = near_duplicates([one, two], nothing)
    assert [(pair.first, pair.second) for pair in pairs] == ([(one, two)] if is_near else [])


@settings(deadline=None, max_examples=30)
@given(st.lists(TEXTS, max_size=6))
def test_what_is_reported_of_a_pair_is_exact(texts: Sequence[str]) -> None:
    documents = [of(f"book-{number}", text) for number, text in enumerate(texts)]
    for pair in near_duplicates(documents, nothing):
        first, second = plain_runs(pair.first.text), plain_runs(pair.second.text)
        assert pair.jaccard == len(first & second) / len(first | second)
        assert pair.containment == len(first & second) / min(len(first), len(second))
        assert pair.jaccard >= 0.8 or pair.containment >= 0.95


def test_pairs_that_share_a_document_are_one_group() -> None:
    texts = [LONG, LONG + " Bells ring.", LONG + " Bells ring. Reeds bend.", LONG[::-1], LONG[::-1] + " Reeds bend."]
    documents = [of(f"book-{number}", text) for number, text in enumerate(texts)]
    assert grouped(near_duplicates(documents, nothing)) == [documents[:3], documents[3:]]
    assert grouped([]) == []


def found(one: str, other: str, *, as_copies: bool = False) -> list[tuple[str, str]]:
    """What two documents say against each other."""
    documents = [of("one", one), of("two", other)]
    return [
        contradiction.differing
        for contradiction in contradictions(documents, [documents] if as_copies else [], nothing)
    ]


@pytest.mark.parametrize(
    ("one", "other", "differing"),
    [
        ("shine for nine minutes after sunset", "shine for 12 minutes after sunset", ("9", "12")),
        ("shine for nine minutes after sunset", "shine for nine hours after sunset", ("minutes", "hours")),
        ("shine for nine minutes after sunset", "shine for nine minutes before sunset", ("after", "before")),
        ("shine for 3.5 minutes after sunset", "shine for 35 minutes after sunset", ("3 . 5", "35")),
        ("do not shine after sunset", "shine after sunset", ("do not", "")),
        ("must shine after sunset", "may shine after sunset", ("must", "may")),
        ("shine with silver bells", "shine without silver bells", ("with", "without")),
    ],
)
def test_sentences_that_differ_in_what_changes_their_meaning_contradict_each_other(
    one: str, other: str, differing: tuple[str, str]
) -> None:
    begin = "Glimmer moths of the northern reed banks"
    assert found(f"Bells ring. {begin} {one}.", f"{begin.upper()} {other}!") == [differing]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("shine for nine minutes after sunset", "shine for 9 minutes, after sunset"),
        ("shine 1,000 times after sunset", "shine 1000 times after sunset"),
        ("shine for nine minutes after sunset", "hum for twelve minutes after sunset"),
        ("of type 1 shine after sunset", "of type 2 shine after sunset"),
        ("shine on reed bank 1", "shine on reed bank 2"),
        ("shine after sunset.3", "shine after sunset.4"),
    ],
)
def test_sentences_about_other_things_or_of_other_spellings_contradict_nothing(one: str, other: str) -> None:
    begin = "Glimmer moths of the northern reed banks"
    assert found(f"{begin} {one}.", f"{begin} {other}.", as_copies=True) == []


def test_short_and_leaning_sentences_are_compared_in_near_duplicates_only() -> None:
    one, other = "Moths shine for nine minutes over reeds.", "Moths shine for ten minutes over reeds."
    assert found(one, other) == []
    assert found(one, other, as_copies=True) == [("9", "10")]
    one, other = (f"They shine for {n} minutes over the silver lake of Vantor at dusk in autumn." for n in (9, 10))
    assert found(one, other) == []
    assert found(one, other, as_copies=True) == [("9", "10")]


def test_a_contradiction_names_both_sentences_and_a_document_does_not_contradict_itself() -> None:
    one = of("one", "Bells ring. Keepers of the silver reeds count the moths nine times an evening.")
    two = of("two", "Keepers of the silver reeds count the moths twelve times an evening.")
    both = of("both", f"{one.text} {two.text}")
    assert contradictions([one, two], [], nothing) == [
        Contradiction(Span(one, 12, len(one.text)), Span(two, 0, len(two.text)), ("9", "12"))
    ]
    assert contradictions([both], [], nothing) == []

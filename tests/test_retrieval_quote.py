"""Which sentences are quoted, in what order, and that nothing is shown twice."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Document, Span
from retrieval.model import Hit, Quote, Sureness
from retrieval.policy import Policy
from retrieval.quote import select_next_quotes, select_quotes
from retrieval.sameness import same_words
from retrieval.standing import standing_range
from tests.retrieval_fixtures import Block, Kind, Laid, documents, hit, laid, policy

TITLE = Block(Kind.HEADING, ("The glimmer moths of Vantor",))
POLICIES = st.builds(
    lambda threshold, share, most: policy(threshold=threshold, share=share, most=most),
    st.sampled_from((0.0, 0.3, 0.5, 0.9)),
    st.sampled_from((0.0, 0.5, 0.95, 1.0)),
    st.integers(1, 5),
)


class Shelf:
    """One to three documents, read as hits of a few sentences each with a probability for each sentence."""

    def __init__(self, made: Sequence[Laid], hits: Sequence[Hit], rows: Sequence[Sequence[float]]) -> None:
        self.made = {one.document.id: one for one in made}
        self.hits = hits
        self.rows = rows
        self.scored = {
            sentence: probability
            for hit, row in zip(hits, rows, strict=True)
            for sentence, probability in zip(hit.passage.sentences, row, strict=True)
        }

    def sentences_of(self, document: Document) -> Sequence[Span]:
        """All the sentences of a document."""
        return self.made[document.id].sentences

    def quotes(self, rules: Policy) -> list[Quote]:
        """What is selected from all that was read."""
        return select_quotes(self.hits, self.rows, self.sentences_of, rules)


@st.composite
def shelves(draw: st.DrawFn) -> Shelf:
    made = [draw(documents(f"book-{number}")) for number in range(draw(st.integers(1, 3)))]
    hits: list[Hit] = []
    for one in made:
        cuts = draw(st.sets(st.integers(1, len(one.sentences)), max_size=3)) | {0, len(one.sentences)}
        places = sorted(cuts)
        hits += [hit(one.sentences[start:end]) for start, end in pairwise(places)]
    hits = draw(st.permutations(hits))[: draw(st.integers(0, len(hits)))]
    chances = st.sampled_from((0.0, 0.2, 0.5, 0.7, 0.9, 1.0)) | st.floats(0, 1)
    rows = [[draw(chances) for _ in hit.passage.sentences] for hit in hits]
    return Shelf(made, hits, rows)


def plain(span: Span) -> str:
    return same_words(span.text)


def alone(*texts: str, document_id: str = "moths") -> Laid:
    """A document in which no two sentences share a paragraph."""
    return laid(TITLE, *(Block(Kind.PARAGRAPH, (text,)) for text in texts), document_id=document_id)


def selected(probabilities: Sequence[float], *made: Laid, rules: Policy | None = None) -> list[Quote]:
    """The quotes from all sentences of all documents, read in this order."""
    rest = iter(probabilities)
    hits = [hit(one.sentences) for one in made]
    rows = [[next(rest) for _ in one.sentences] for one in made]
    return Shelf(made, hits, rows).quotes(rules or policy())


@given(shelves(), POLICIES)
def test_two_quotes_never_overlap_nor_touch_within_a_paragraph(shelf: Shelf, rules: Policy) -> None:
    quotes = shelf.quotes(rules)
    for number, quote in enumerate(quotes):
        for other in quotes[number + 1 :]:
            assert not quote.span.overlaps(other.span)
            if quote.span.document == other.span.document:
                first, second = sorted((quote.span, other.span), key=lambda span: span.start)
                between = quote.span.document.text[first.end : second.start]
                assert between.strip() or "\n\n" in between


@given(shelves(), POLICIES)
def test_evidence_reaches_the_threshold_and_its_share_of_the_best_and_is_never_more_than_allowed(
    shelf: Shelf, rules: Policy
) -> None:
    evidence = [sentence for quote in shelf.quotes(rules) for sentence in quote.evidence]
    best = max(shelf.scored.values(), default=0.0)
    assert len(evidence) <= rules.max_quotes
    assert all(shelf.scored[sentence] >= rules.answer_threshold for sentence in evidence)
    assert all(shelf.scored[sentence] >= rules.quote_share * best for sentence in evidence)
    assert bool(evidence) == bool(shelf.scored and best >= rules.answer_threshold)


@given(shelves(), POLICIES)
def test_a_quote_stands_alone_with_all_of_its_evidence_and_no_more(shelf: Shelf, rules: Policy) -> None:
    for quote in shelf.quotes(rules):
        ranges = [standing_range(sentence, shelf.sentences_of(sentence.document)) for sentence in quote.evidence]
        assert quote.span.start == min(span.start for span in ranges)
        assert quote.span.end == max(span.end for span in ranges)
        assert list(quote.evidence) == sorted(quote.evidence, key=lambda sentence: sentence.start)


@given(shelves(), POLICIES)
def test_quotes_are_ordered_by_their_best_sentence_and_the_best_of_all_comes_first(shelf: Shelf, rules: Policy) -> None:
    quotes = shelf.quotes(rules)
    best = [max(shelf.scored[sentence] for sentence in quote.evidence) for quote in quotes]
    assert [quote.confidence for quote in quotes] == best == sorted(best, reverse=True)
    assert not quotes or best[0] == max(shelf.scored.values())


@given(shelves(), POLICIES)
def test_no_sentence_is_evidence_twice_in_whatever_document_it_stands(shelf: Shelf, rules: Policy) -> None:
    evidence = [plain(sentence) for quote in shelf.quotes(rules) for sentence in quote.evidence]
    assert len(evidence) == len(set(evidence))


@given(shelves(), POLICIES)
def test_the_other_places_of_a_quote_are_in_other_documents_and_say_the_same(shelf: Shelf, rules: Policy) -> None:
    for quote in shelf.quotes(rules):
        shown = {plain(s) for s in shelf.sentences_of(quote.span.document) if quote.span.covers(s)}
        assert len(set(quote.also_in)) == len(quote.also_in)
        for place in quote.also_in:
            there = {plain(s) for s in shelf.sentences_of(place.document) if place.covers(s)}
            assert place.document != quote.span.document
            assert shown & there


@given(shelves(), POLICIES)
def test_selecting_is_deterministic(shelf: Shelf, rules: Policy) -> None:
    assert shelf.quotes(rules) == shelf.quotes(rules)


def test_nothing_is_quoted_if_nothing_was_read() -> None:
    assert select_quotes([], [], lambda _: [], policy(threshold=0.0)) == []


def test_a_probability_at_the_threshold_answers_and_one_below_does_not() -> None:
    made = alone("Moths hum.", "Bells ring.")
    assert selected([0.5, 0.4999], made) == [Quote(made.sentences[0], (made.sentences[0],), 0.5)]


@given(shelves(), st.floats(0, 1))
def test_a_quote_very_likely_answers_if_its_confidence_reaches_what_counts_as_sure(shelf: Shelf, sure: float) -> None:
    quotes = shelf.quotes(policy(threshold=0.0, sure=sure))
    wanted = [Sureness.VERY_LIKELY if quote.confidence >= sure else Sureness.POSSIBLE for quote in quotes]
    assert [quote.sureness for quote in quotes] == wanted


def test_a_sentence_far_below_the_best_is_left_out() -> None:
    made = alone("Moths hum.", "Bells ring.")
    assert selected([0.9, 0.6], made, rules=policy(share=0.7)) == [Quote(made.sentences[0], (made.sentences[0],), 0.9)]


def test_the_best_sentence_comes_first_whatever_its_place() -> None:
    made = alone("Moths hum.", "Bells ring.", "Reeds bend.")
    assert [quote.span.text for quote in selected([0.6, 0.9, 0.7], made)] == [
        "Bells ring.",
        "Reeds bend.",
        "Moths hum.",
    ]


def test_only_the_best_sentences_are_quoted() -> None:
    made = alone("Moths hum.", "Bells ring.", "Reeds bend.", "Dew falls.")
    quotes = selected([0.6, 0.9, 0.7, 0.8], made, rules=policy(most=2))
    assert [quote.span.text for quote in quotes] == ["Bells ring.", "Dew falls."]


def test_quotes_that_touch_become_one_with_the_evidence_of_both() -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Moths hum.", "Bells ring.", "Reeds bend.")))
    hum, ring, _ = made.sentences
    assert selected([0.8, 0.9, 0.1], made) == [Quote(Span(made.document, hum.start, ring.end), (hum, ring), 0.9)]


def test_quotes_of_two_paragraphs_stay_two() -> None:
    made = alone("Moths hum.", "Bells ring.")
    assert [quote.span.text for quote in selected([0.8, 0.9], made)] == ["Bells ring.", "Moths hum."]


def test_two_items_of_a_list_share_one_quote_of_the_whole_list() -> None:
    made = laid(TITLE, Block(Kind.PARAGRAPH, ("Do not:",)), Block(Kind.LIST, ("wake moths", "feed moths", "ring")))
    (quote,) = selected([0.1, 0.9, 0.1, 0.8], made)
    assert quote.span.text == "Do not:\n\n- wake moths\n- feed moths\n- ring"
    assert quote.evidence == (made.sentence("wake"), made.sentence("ring"))


def test_the_same_sentence_of_two_documents_is_shown_once_with_both_places() -> None:
    moths, bells = alone("Moths hum.", "Reeds bend."), alone("Dew falls.", "moths\u00a0HUM.", document_id="bells")
    (quote,) = selected([0.8, 0.1, 0.1, 0.9], moths, bells)
    assert quote == Quote(bells.sentences[1], (bells.sentences[1],), 0.9, also_in=(moths.sentences[0],))


def test_a_sentence_of_nearly_the_same_words_only_adds_its_place() -> None:
    moths = alone("The moths, which hum, rest on “their” reeds!")
    bells = alone("Moths that hum rest on the reeds.", document_id="bells")
    (quote,) = selected([0.9, 0.8], moths, bells)
    assert quote == Quote(moths.sentences[0], (moths.sentences[0],), 0.9, also_in=(bells.sentences[0],))


@pytest.mark.parametrize(
    "other",
    [
        "Moths shine for 3-5 minutes.",
        "Moths do not shine for 3.5 minutes.",
        "Moths shine for 35 minutes.",
        "Moths shine for 3.5 hours.",
        "Moths shine for <3.5 minutes.",
        "Moths may shine for 3.5 minutes.",
        "Moths shine after 3.5 minutes.",
    ],
)
def test_copies_that_contradict_each_other_are_both_shown(other: str) -> None:
    one, two = alone("Moths shine for 3.5 minutes."), alone(other, document_id="bells")
    assert [quote.span.text for quote in selected([0.9, 0.8], one, two)] == ["Moths shine for 3.5 minutes.", other]


def test_the_copies_of_a_passage_are_places_of_its_quotes_though_they_are_not_read() -> None:
    moths = alone("Moths hum.", "Do so: ring.")
    bells = alone("Dew falls.", "Moths hum.", "Do so: ring.", document_id="bells")
    found = replace(hit(moths.sentences), copies=(hit(bells.sentences[1:]).passage,))
    shelf = Shelf([moths, bells], [found], [[0.9, 0.1]])
    assert shelf.quotes(policy()) == [
        Quote(moths.sentences[0], (moths.sentences[0],), 0.9, also_in=(bells.sentences[1],))
    ]


def test_a_sentence_that_stands_twice_in_a_document_is_shown_once_at_its_better_place() -> None:
    made = alone("Moths hum.", "Bells ring.", "Moths hum.")
    assert selected([0.8, 0.1, 0.9], made) == [Quote(made.sentences[2], (made.sentences[2],), 0.9)]


def test_another_place_of_a_quote_is_named_even_if_no_more_sentences_may_be_quoted() -> None:
    moths, bells = alone("Moths hum."), alone("Moths hum.", "Reeds bend.", document_id="bells")
    quotes = selected([0.9, 0.7, 0.8], moths, bells, rules=policy(most=1))
    assert quotes == [Quote(moths.sentences[0], (moths.sentences[0],), 0.9, also_in=(bells.sentences[0],))]


def test_what_a_quote_shows_around_its_evidence_is_not_quoted_again_from_another_document() -> None:
    moths = laid(TITLE, Block(Kind.PARAGRAPH, ("Moths hum.", "They glow.")))
    bells = alone("Moths hum.", document_id="bells")
    (quote,) = selected([0.1, 0.9, 0.8], moths, bells)
    assert quote.span.text == "Moths hum. They glow."
    assert quote.also_in == (bells.sentences[0],)


def test_probabilities_that_do_not_fit_the_sentences_are_refused() -> None:
    made = alone("Moths hum.", "Bells ring.")
    with pytest.raises(ValueError, match="zip"):
        select_quotes([hit(made.sentences)], [[0.9]], made.sentences_of, policy())


@given(shelves(), POLICIES)
def test_asking_for_more_shows_other_sentences_each_time_and_in_the_end_all_that_reach_the_threshold(
    shelf: Shelf, rules: Policy
) -> None:
    seen: set[str] = set()
    after = 0
    while quotes := select_next_quotes(shelf.hits, shelf.rows, shelf.sentences_of, rules, after=after):
        if after == 0:
            assert quotes == shelf.quotes(rules)
        evidence = [sentence for quote in quotes for sentence in quote.evidence]
        assert all(shelf.scored[sentence] >= rules.answer_threshold for sentence in evidence)
        said = {same_words(sentence.text) for sentence in evidence}
        assert not said & seen
        for quote in quotes:
            shown = shelf.sentences_of(quote.span.document)
            seen |= {
                same_words(sentence.text) for sentence in shown if quote.span.start <= sentence.start < quote.span.end
            }
        after += 1
    reaching = [sentence for sentence, chance in shelf.scored.items() if chance >= rules.answer_threshold]
    assert {same_words(sentence.text) for sentence in reaching} <= seen

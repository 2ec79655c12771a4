"""What is counted of readings: the selection is that of the policy, and words are counted as it quotes them."""

from collections.abc import Sequence

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.model import Span
from evals.collection import verbatim_document
from evals.reading import Reading, quotable
from evals.reading_rows import Row
from evals.reading_table import Table, Words
from retrieval.policy import Policy
from retrieval.quote import select_quotes
from tests.reading_fixtures import values
from tests.retrieval_fixtures import Laid, documents, hit, policy

UNIT = st.sampled_from((0.0, 0.25, 0.5, 0.75, 0.96, 0.98, 1.0)) | st.floats(0, 1)
RULES = st.builds(policy, threshold=UNIT, share=UNIT, most=st.integers(1, 5))


@st.composite
def read_by_chance(draw: st.DrawFn, rules: Policy) -> tuple[Reading, list[Span]]:
    """A reading of a document in one or two passages with any probabilities, and what the policy quotes of it."""
    made: Laid = draw(documents())
    size = len(made.sentences)
    probabilities = draw(st.lists(UNIT, min_size=size, max_size=size))
    cut = draw(st.integers(1, size))
    parts = [slice(0, cut), *([slice(cut, size)] if cut < size else [])]
    hits = [hit(made.sentences[part]) for part in parts]
    judged = [probabilities[part] for part in parts]
    length = len(made.document.text)
    starts = draw(st.lists(st.integers(0, length - 1), max_size=2))
    answers = [Span(made.document, start, draw(st.integers(start + 1, length))) for start in starts]
    chosen = quotable([one.passage for one in hits], judged, made.sentences_of, rules)
    quoted = [span for quote in select_quotes(hits, judged, made.sentences_of, rules) for span in quote.evidence]
    row = Row("1", "q", made.document, tuple(answers))
    return Reading(row, made.sentences, tuple(probabilities), tuple(one in chosen for one in made.sentences)), quoted


@given(RULES, st.data())
def test_what_a_threshold_selects_is_what_the_policy_quotes_with_it(rules: Policy, data: st.DataObject) -> None:
    reading, quoted = data.draw(read_by_chance(rules))
    assert reading.selected(rules.answer_threshold) == sorted(quoted, key=lambda span: span.start)


def words(text: str, spans: Sequence[Span]) -> set[int]:
    """Where the words begin that have a character in one of the ranges: character by character."""
    inside = {place for span in spans for place in range(span.start, span.end)}
    found: set[int] = set()
    start = 0
    for place, character in enumerate(text):
        if character.isspace():
            start = place + 1
        elif place in inside:
            found.add(start)
    return found


@settings(deadline=None, max_examples=50)
@given(RULES, st.data())
def test_words_are_counted_as_the_policy_quotes_them(rules: Policy, data: st.DataObject) -> None:
    drawn = data.draw(st.lists(read_by_chance(rules), min_size=1, max_size=3))
    shared = selected = gold = 0
    for reading, quoted in drawn:
        text = reading.row.passage.text
        shown, right = words(text, quoted), words(text, reading.row.answers)
        shared, selected, gold = shared + len(shown & right), selected + len(shown), gold + len(right)
    assume(gold)
    readings = [reading for reading, _ in drawn]
    found = values(readings, rules.answer_threshold)
    assert found["word_precision"] == (pytest.approx(shared / selected) if selected else None)
    assert found["word_recall"] == pytest.approx(shared / gold)
    assert found["word_f1"] == pytest.approx(2 * shared / (selected + gold))
    thresholds = sorted({p for reading in readings for p in reading.probabilities}, reverse=True)
    tried = [values(readings, threshold)["word_f1"] or 0.0 for threshold in thresholds]
    assert found["best_word_f1"] == pytest.approx(max(tried))
    assert values(readings, found["best_threshold"])["word_f1"] == pytest.approx(max(tried))


@given(st.text("ab \n\u3000.", min_size=1, max_size=30), st.data())
def test_words_that_overlap_a_range_have_a_character_in_it(text: str, data: st.DataObject) -> None:
    document = verbatim_document(text)
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(document, start, data.draw(st.integers(start + 1, len(text))))
    found = Words.of(text)
    assert {found.starts[number] for number in found.overlapping([span])} == words(text, [span])


def test_a_word_across_two_sentences_is_one_word_and_makes_both_right() -> None:
    document = verbatim_document("Moths hum.Bells ring.")
    first, second = Span(document, 0, 10), Span(document, 10, 21)
    row = Row("1", "q", document, (Span(document, 10, 15),))
    found = Table.of([Reading(row, (first, second), (0.6, 0.7), (True, True))])
    assert found.right.tolist() == [True, True]
    assert (found.gold.tolist(), found.added.tolist(), found.added_gold.tolist()) == ([1.0], [2.0, 1.0], [1.0, 0.0])

"""The network that picks words out of earlier turns: what it is shown and gives, and that nothing makes it fail."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.lexical import stems
from retrieval.reader_network import NetworkError
from retrieval.resolver import Picks, Resolver, shipped_resolver
from retrieval.resolver_input import ResolverInput, Word

NETWORK = Path("retrieval/network")
INPUT = ResolverInput.open(NETWORK / "tokenizer.json")
CONVERSATION = ["What are the glimmer moths of Vantor?", "Do they rest on silver reeds?", "who counts them?"]
MOST_TOKENS = 160
ANY_TEXT = st.text(st.characters(), max_size=80)  # halves of characters too
WORDS = st.lists(
    st.sampled_from("what are moths reeds it glimmer, silver? Vantor's the of 🌒 é bells".split()), max_size=12
)
TURNS = st.lists(WORDS.map(" ".join), max_size=8)


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return shipped_resolver()


def test_the_content_words_that_the_question_has_not_are_looked_at_in_order_as_they_stand(resolver: Resolver) -> None:
    picks = resolver.picks("how are the moths fed?", CONVERSATION)
    words = [pick.word for pick in picks.words]
    assert [(word.turn, word.text) for word in words] == [
        *((0, "glimmer"), (0, "Vantor"), (1, "rest"), (1, "silver"), (1, "reeds"), (2, "counts"))
    ]
    assert [CONVERSATION[word.turn][word.start : word.end] for word in words] == [word.text for word in words]
    assert all(0 <= probability <= 1 for probability in (picks.needed, *(pick.probability for pick in picks.words)))


def test_a_follow_up_needs_words_and_a_new_subject_does_not(resolver: Resolver) -> None:
    needing = resolver.picks("how are they fed?", ["What are glimmer moths?"])
    alone = resolver.picks("Who built the silver lanterns of the lake?", ["What are glimmer moths?"])
    assert needing.needed > 0.5 > alone.needed
    assert [pick.word for pick in needing.words] == [Word(0, 9, 16, "glimmer"), Word(0, 17, 22, "moths")]
    assert min(pick.probability for pick in needing.words) > 0.5


@pytest.mark.parametrize("history", [[], [""], ["", " ", "?"], ["what is it?"], ["moths", "Moth's!"]])
def test_where_there_is_nothing_to_pick_nothing_is_needed(resolver: Resolver, history: list[str]) -> None:
    assert resolver.picks("how are moths fed?", history) == Picks(0.0)


@given(st.lists(ANY_TEXT, max_size=4), ANY_TEXT)
def test_whatever_was_said_gives_words_of_it(history: list[str], question: str) -> None:
    for pick in shipped_resolver().picks(question, history).words:
        assert history[pick.word.turn][pick.word.start : pick.word.end] == pick.word.text
        pick.word.text.encode("utf-8")
        assert 0 <= pick.probability <= 1


def test_half_a_character_is_no_obstacle_to_the_words_around_it(resolver: Resolver) -> None:
    picks = resolver.picks("why \ud800?", ["🌒 all \udfff moths\ud800reeds é"])
    assert [(word.word.start, word.word.text) for word in picks.words] == [(8, "moths"), (14, "reeds"), (20, "é")]


@pytest.mark.parametrize(
    "turn", ["moth it " * 250, "a" * 2000, "\ud800" * 2000, "(" * 2000, "it's " * 400, "a.b-" * 500]
)
def test_a_thousand_turns_as_long_as_allowed_are_looked_at_at_once(resolver: Resolver, turn: str) -> None:
    began = time.perf_counter()
    picks = resolver.picks("why is it? " * 180, ["What are reeds?", *[turn] * 1000])
    assert time.perf_counter() - began < 2
    assert len(picks.words) < MOST_TOKENS
    assert picks.words[0].word == Word(0, 9, 14, "reeds")


@given(TURNS, WORDS.map(" ".join))
def test_a_window_has_the_question_and_then_a_mark_before_each_turn(history: list[str], question: str) -> None:
    window, words = INPUT.window(question, history)
    asked, *said = INPUT._tokenizer.encode_batch([question, *history], add_special_tokens=False)
    expected = [INPUT._start, *asked.ids, INPUT._separator]
    types = [0] * len(expected)
    for number, turn in enumerate(said):
        expected += [INPUT._mark, *turn.ids] if turn.ids or not number else []
    expected.append(INPUT._separator)
    assert window.token_ids == tuple(expected)
    assert window.type_ids == (*types, *[1] * (len(expected) - len(types)))
    assert len(window.marks) == len(words)
    # A mark is at the first token of its word.
    for place, word in zip(window.marks, words, strict=True):
        first = INPUT._tokenizer.encode(word.text, add_special_tokens=False).ids[0]
        assert window.token_ids[place] == first
    assert not {*stems(question)}.issuperset(stem for word in words for stem in stems(word.text)) or not words


def test_the_first_turn_and_the_latest_are_kept_of_a_long_history_and_the_end_of_a_long_question() -> None:
    history = ["What are moths?", *(f"Does zorble {number} hum?" for number in range(200)), "", "And the reeds?"]
    window, words = INPUT.window("why " * 100 + "bells", history)
    assert len(window.token_ids) <= MOST_TOKENS
    turns = list(dict.fromkeys(word.turn for word in words))
    assert turns == [0, *range(turns[1], 201), 202]
    assert len(turns) > 5
    bells = INPUT._tokenizer.encode("bells", add_special_tokens=False).ids
    assert list(window.token_ids[49 - len(bells) : 49]) == bells
    assert window.token_ids[49] == INPUT._separator


def test_a_turn_without_words_does_not_hide_those_before_it() -> None:
    turns = [word.turn for word in INPUT.window("why?", ["moths", "reeds", "", "\u200b", " "])[1]]
    assert turns == [0, 1]


def test_one_resolver_gives_several_threads_what_it_gives_one(resolver: Resolver) -> None:
    questions = [f"how are {number} of them fed?" for number in range(40)]
    alone = [resolver.picks(question, CONVERSATION) for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda question: resolver.picks(question, CONVERSATION), questions)) == alone


@pytest.mark.parametrize("name", ["resolver.onnx", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"moths"])
def test_a_missing_or_broken_file_is_refused_with_the_remedy(tmp_path: Path, name: str, content: bytes | None) -> None:
    for part in ("resolver.onnx", "tokenizer.json"):
        (tmp_path / part).symlink_to((NETWORK / part).resolve())
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(
        NetworkError, match=r"^the resolver in .+ can't be loaded \((?s:.+)\); install insights-help anew$"
    ):
        Resolver.open(tmp_path)


def test_the_shipped_network_is_loaded_once() -> None:
    assert shipped_resolver() is shipped_resolver()

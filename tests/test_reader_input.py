"""What the network is given holds every sentence once, marked, after the question and the headings."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.reader_input import MARK, ReaderInput
from tests.fiction import write

INPUT = ReaderInput.open(Path("retrieval/network/tokenizer.json"))
START, SEPARATOR, MARKED = 101, 102, 1  # [CLS], [SEP] and [unused0] of BERT's uncased vocabulary
TOKENS = st.lists(st.integers(1000, 2000), max_size=60)
LONG = st.lists(st.integers(1000, 2000), max_size=400)


def test_a_passage_that_fits_is_one_window_in_the_order_that_training_knows() -> None:
    question, heading, first, second = INPUT.tokens(["who hums?", "Moths", "Moths hum.", "It is pale."])
    (window,) = INPUT.windows(question, heading, [first, second])
    expected = [START, *question, SEPARATOR, *heading, SEPARATOR, MARKED, *first, MARKED, *second, SEPARATOR]
    assert list(window.token_ids) == expected
    assert window.type_ids == (0,) * (len(question) + 2) + (1,) * (len(expected) - len(question) - 2)
    assert [window.token_ids[place] for place in window.marks] == [MARKED, MARKED]
    assert window.first == 0


@given(LONG, TOKENS, st.lists(LONG, max_size=12))
def test_each_sentence_has_its_mark_in_one_window_and_no_window_is_too_long(
    question: list[int], heading: list[int], sentences: list[list[int]]
) -> None:
    windows = list(INPUT.windows(question, heading, sentences))
    assert [window.first + n for window in windows for n in range(len(window.marks))] == list(range(len(sentences)))
    for window in windows:
        assert len(window.token_ids) == len(window.type_ids) <= 320
        for number, mark in enumerate(window.marks):
            sentence = sentences[window.first + number]
            shown = list(window.token_ids[mark : mark + 1 + len(sentence)])
            assert shown[0] == MARKED
            whole = shown[1:] == sentence
            assert whole or (number == 0 and len(window.marks) == 1 and window.token_ids[-1] == SEPARATOR)


def test_the_sentence_before_comes_along_without_a_mark() -> None:
    sentences = [[1000] * 150, [1001] * 150, [1002] * 100]
    first, second = INPUT.windows([999], [], sentences)
    assert (len(first.marks), len(second.marks)) == (2, 1)
    assert list(second.token_ids[4:155]) == [MARKED, *sentences[1]]
    assert second.marks == (155,)


def test_of_a_life_story_the_beginning_and_the_end_are_read() -> None:
    (window,) = INPUT.windows(list(range(1000, 1300)), [], [[5000]])
    asked = window.token_ids[1 : window.token_ids.index(SEPARATOR)]
    assert list(asked) == [*range(1000, 1032), *range(1236, 1300)]


def test_no_text_is_no_token() -> None:
    assert INPUT.tokens(["", "  "]) == [[], []]


@pytest.mark.parametrize(("text", "why"), [("no tokenizer", "is no tokenizer"), (None, "is no tokenizer")])
def test_a_file_that_is_no_tokenizer_is_refused(tmp_path: Path, text: str | None, why: str) -> None:
    path = tmp_path / "tokenizer.json" if text is None else write(tmp_path / "tokenizer.json", text)
    with pytest.raises(ValueError, match=why):
        ReaderInput.open(path)


def test_a_tokenizer_without_the_mark_is_refused(tmp_path: Path) -> None:
    text = Path("retrieval/network/tokenizer.json").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="wanted the tokenizer of a BERT model"):
        ReaderInput.open(write(tmp_path / "tokenizer.json", text.replace(MARK, "[other]")))

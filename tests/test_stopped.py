"""Ctrl-C while texts are encoded says how far it came and how to go on."""

import pytest

from ui.stopped import StoppedError, resumable


def ignored(_what: str, _done: int, _total: int) -> None:
    """Shows nothing."""


def stopped_after(steps: list[tuple[int, int]]) -> None:
    """Encodes so far, and is stopped there."""
    with resumable(ignored) as encoded:
        for step in steps:
            encoded(*step)
        raise KeyboardInterrupt


def test_stopped_while_encoding_it_says_how_many_are_done_and_how_to_go_on() -> None:
    with pytest.raises(StoppedError) as raised:
        stopped_after([(0, 12_000), (4_500, 12_000)])
    assert str(raised.value) == (
        "stopped; 4,500 of 12,000 texts are encoded; run the same command again to go on from there"
    )


@pytest.mark.parametrize("steps", [[], [(0, 0)]])
def test_stopped_before_there_was_anything_to_encode_it_is_stopped_and_no_more(steps: list[tuple[int, int]]) -> None:
    with pytest.raises(KeyboardInterrupt):
        stopped_after(steps)


def test_what_is_encoded_is_passed_on() -> None:
    seen: list[tuple[str, int, int]] = []
    with resumable(lambda *step: seen.append(step)) as encoded:
        encoded(3, 9)
    assert seen == [("Encoding", 3, 9)]

"""Replies that are kept in memory."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from retrieval.filters import EVERYTHING, Filter
from retrieval.model import Abstention, Reason, Reply
from ui.asking import remembering


class Clerk:
    """Replies that nothing answers, counts what it was asked, and waits with "slow" questions until it is let go."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...], Filter]] = []
        self.began = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        """Note the question and abstain."""
        self.asked.append((question, tuple(history), within))
        if question == "broken":
            raise RuntimeError(question)
        if question == "slow":
            self.began.set()
            assert self.go_on.wait(10)
        return Abstention(question, question, Reason.NO_EVIDENCE)


def test_the_same_question_after_the_same_history_is_looked_up_once() -> None:
    clerk = Clerk()
    ask = remembering(clerk, most=10)
    assert ask("moths?", ["reeds?"]) is ask("moths?", ("reeds?",))
    ask("moths?", [])
    ask("moths?", [], within=Filter(heading="Reeds"))
    assert clerk.asked == [
        ("moths?", ("reeds?",), EVERYTHING),
        ("moths?", (), EVERYTHING),
        ("moths?", (), Filter(heading="Reeds")),
    ]


def test_only_so_many_replies_are_kept() -> None:
    clerk = Clerk()
    ask = remembering(clerk, most=2)
    for question in ("one", "two", "three", "one"):
        ask(question, ())
    assert [question for question, *_ in clerk.asked] == ["one", "two", "three", "one"]


def test_a_failure_is_not_kept() -> None:
    clerk = Clerk()
    ask = remembering(clerk, most=2)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="broken"):
            ask("broken", ())
    assert len(clerk.asked) == 2


def test_two_who_ask_the_same_at_once_wait_for_one_reply_and_others_do_not_wait() -> None:
    clerk = Clerk()
    ask = remembering(clerk, most=2)
    with ThreadPoolExecutor(3) as threads:
        slow = [threads.submit(ask, "slow", ()) for _ in range(2)]
        assert clerk.began.wait(10)
        assert threads.submit(ask, "quick", ()).result(timeout=10).question == "quick"
        clerk.go_on.set()
        assert slow[0].result(timeout=10) is slow[1].result(timeout=10)
    assert [question for question, *_ in clerk.asked].count("slow") == 1

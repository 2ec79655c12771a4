"""The seam through which a server asks, and one that remembers what it was told."""

import threading
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from typing import Protocol

from cachetools import LRUCache, cached

from retrieval.filters import EVERYTHING, Filter
from retrieval.model import Reply

__all__ = ["AskWithin", "remembering"]


class AskWithin(Protocol):
    """The one seam, with a choice of documents: question and earlier questions in, a reply out."""

    def __call__(self, question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        """The reply; raises FilterError if no passage passes `within`."""


def remembering(ask: AskWithin, *, most: int, today: Callable[[], date] = date.today) -> AskWithin:
    """`ask`, which is not asked again what is among its last `most` replies; two who ask the same wait for one reply.

    Visitors of a site ask the same again and again, and reading passages is what costs. The replies are in this
    process's memory and nowhere else, and hold for the day they were made on: what is overdue tomorrow may be refused.
    """
    replies: LRUCache[Hashable, Reply] = LRUCache(most)

    @cached(replies, key=_key, condition=threading.Condition())
    def remembered(question: str, history: tuple[str, ...], within: Filter, day: date) -> Reply:  # noqa: ARG001
        return ask(question, history, within=within)

    def asked(question: str, history: Sequence[str], /, *, within: Filter = EVERYTHING) -> Reply:
        return remembered(question, tuple(history), within, today())

    return asked


def _key(question: str, history: tuple[str, ...], within: Filter, day: date) -> Hashable:
    return question, history, within, day

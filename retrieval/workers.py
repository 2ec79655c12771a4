"""The threads that answering computes with: one a core, shared by all questions; the only door to threadpoolctl."""

import functools
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

__all__ = ["CORES", "on_all_cores"]

Item = TypeVar("Item")
Result = TypeVar("Result")

CORES = len(os.sched_getaffinity(0))


def on_all_cores(function: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
    """`function` of each item, in order; `function` must not call this itself."""
    return _workers().map(function, items)


@functools.cache
def _workers() -> ThreadPoolExecutor:
    # Threads of numpy's own stay awake for 30 ms after each product, and take the cores from what comes next: a
    # question took 25% longer with them (evals/LOG.md).
    threadpool_limits(1, user_api="blas")
    return ThreadPoolExecutor(CORES, "worker")

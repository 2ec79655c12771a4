"""Long work that Ctrl-C stops and that goes on from there the next time: says so."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["StoppedError", "resumable"]


class StoppedError(Exception):
    """The user stopped the program; the message says what is done and how to go on."""


@contextmanager
def resumable(progress: Callable[[str, int, int], None]) -> Iterator[Callable[[int, int], None]]:
    """Passes on how many texts of how many are encoded, for `progress`; stopped meanwhile, says it and how to go on.

    Raises:
        StoppedError: if Ctrl-C is pressed when there is something to encode.
    """
    seen = (0, 0)

    def encoded(done: int, total: int) -> None:
        nonlocal seen
        seen = done, total
        progress("Encoding", done, total)

    try:
        yield encoded
    except KeyboardInterrupt:
        done, total = seen
        if not total:
            raise
        raise StoppedError(
            f"stopped; {done:,} of {total:,} texts are encoded; run the same command again to go on from there"
        ) from None

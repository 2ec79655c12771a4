"""The seam through which long work says how far it is."""

from collections.abc import Callable

__all__ = ["Progress"]

# What is being done, how much of it is done, and how much there is to do (0: unknown).
Progress = Callable[[str, int, int], None]

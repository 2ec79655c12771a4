"""How much is read of what was found, and how sizes are written in messages."""

from dataclasses import dataclass

__all__ = ["Sizes", "in_words"]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Files are read up to `file_bytes`; archives up to so many files, and so many bytes unpacked."""

    file_bytes: int = 100 * 10**6
    unpacked_bytes: int = 2 * 10**9
    members: int = 20_000


def in_words(size_bytes: int) -> str:
    """A size as people write it: "100 MB"."""
    for unit, of_bytes in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size_bytes >= of_bytes:
            return f"{size_bytes / of_bytes:.3g} {unit}"
    return f"{size_bytes} bytes"

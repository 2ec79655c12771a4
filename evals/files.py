"""Files that are written whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["staged", "write_text"]


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, which then takes its place; if writing fails, all is as it was.

    The folder is made if need be.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        yield new
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def write_text(text: str, path: Path) -> None:
    """Writes a UTF-8 text."""
    with staged(path) as new:
        new.write_text(text, encoding="utf-8")

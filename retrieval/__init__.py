"""Question in, reply out: search, reading, quoting, and knowing when not to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.answer import Responder

__all__ = ["Responder"]


def __getattr__(name: str) -> object:
    """Loads `Responder` when it is asked for: importing a noun must not load the index's libraries."""
    if name == "Responder":
        from retrieval.answer import Responder

        return Responder
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

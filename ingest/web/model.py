"""What taking pages in from the web gives beside items, and the limits that it keeps."""

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Gone", "Limits", "Partial", "Progress"]

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is to do (0: unknown)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken, how long is waited, and how politely is asked. Sizes are of what was unpacked, in bytes.

    `request_s` bounds one request from its start to the last byte, however slowly they drip in. `pause_s` lies between
    two requests to a host, or more where its robots.txt asks for more. A host that asks for a wait of more than
    `max_wait_s` isn't asked again in this run. `retries` counts only faults that pass. `contact` is an address that the
    site's owner can turn to, sent with every request.
    """

    max_pages: int = 5_000
    max_bytes: int = 50 * 2**20
    connect_s: float = 10.0
    read_s: float = 20.0
    request_s: float = 120.0
    pause_s: float = 1.0
    max_wait_s: float = 60.0
    retries: int = 2
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A page that isn't there any more (404 or 410), so that its document may be removed; `path` is its address."""

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Partial:
    """A list of pages that couldn't be read whole: no document may be removed because it isn't listed.

    `path` is the list's address, `why` one line.
    """

    path: str
    why: str

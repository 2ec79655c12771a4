"""Site: what whoever runs a server decides about it."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Site"]


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of a server, checked where they are read (`ui/serving.py`).

    `allow_origins` are the other origins whose pages may use the API and frame `/embed`, as browsers write them.
    `root_path` is the path prefix under which a proxy serves all of it: "" or "/bot", without a slash at its end.
    `trusted_proxies` are the addresses and networks whose `X-Forwarded-For` is believed. `rate_limit` is what a client
    may ask, "60/minute"; `None` is no limit. `feedback` is the file that feedback goes to; `None` is none taken.
    With `refuse_overdue` nothing is quoted from documents whose review is overdue.
    """

    title: str
    examples: tuple[str, ...] = ()
    allow_origins: tuple[str, ...] = ()
    root_path: str = ""
    feedback: Path | None = None
    rate_limit: str | None = "60/minute"
    trusted_proxies: tuple[str, ...] = ()
    refuse_overdue: bool = False

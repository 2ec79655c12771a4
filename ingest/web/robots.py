"""What a site's robots.txt allows us (RFC 9309); the only door to protego."""

from dataclasses import dataclass
from typing import Final, Self

from protego import Protego

from ingest.web.address import Address

__all__ = ["AGENT", "MAX_ROBOTS_BYTES", "Robots"]

AGENT: Final = "InsightsHelp"
MAX_ROBOTS_BYTES: Final = 500 * 2**10


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one robots.txt, or none, which allow everything."""

    rules: Protego | None = None

    @classmethod
    def of(cls, data: bytes) -> Self:
        """The rules that a robots.txt states; what can't be understood in it states nothing."""
        return cls(Protego.parse(data[:MAX_ROBOTS_BYTES].decode("utf-8-sig", errors="replace")))

    def allows(self, address: Address) -> bool:
        """Whether the page may be taken by us."""
        return self.rules is None or self.rules.can_fetch(str(address), AGENT)

    @property
    def pause_s(self) -> float:
        """The seconds that we are asked to leave between two requests."""
        if self.rules is None:
            return 0.0
        rate = self.rules.request_rate(AGENT)
        between = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(self.rules.crawl_delay(AGENT) or 0.0, between)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of sitemaps that it names, as it has them."""
        return tuple(self.rules.sitemaps) if self.rules else ()

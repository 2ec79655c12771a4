"""What lies around the web client: how hosts are found, proxies chosen and time passed."""

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.request import getproxies, proxy_bypass

from ingest.web.address import Address

__all__ = ["OURS", "Deadline", "Surroundings", "TooSlowError", "is_never_asked", "is_public"]

# RFC 6052: the last 32 bits of such an address are one of IPv4.
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """The addresses of `host`, each once, in the order in which they are to be tried.

    Raises:
        OSError: if there are none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def environment_proxy(address: Address) -> str | None:
    """The proxy that HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY name for `address`, if any."""
    if proxy_bypass(address.authority):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    return proxy if proxy is None or "://" in proxy else f"http://{proxy}"


def straight(address: str, port: int) -> tuple[str, int]:
    """Where `address` and `port` are reached: there."""
    return address, port


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How hosts are found and reached, and how time passes (`clock` in seconds, from anywhere)."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    route: Callable[[str, int], tuple[str, int]] = straight
    proxy: Callable[[Address], str | None] = environment_proxy
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


OURS: Final = Surroundings()


class TooSlowError(Exception):
    """The time for a request has run out."""


class Deadline:
    """When the request that is under way must be done, in real time: sockets know no other."""

    def __init__(self) -> None:
        self._at = 0.0

    def start(self, seconds: float) -> None:
        """A request begins that may last `seconds`."""
        self._at = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Whether the time has run out."""
        return time.monotonic() >= self._at

    def check(self) -> None:
        """Goes on if there is time left.

        Raises:
            TooSlowError: if there is none.
        """
        if self.is_over():
            raise TooSlowError

    def left(self, timeout: float | None) -> float:
        """The seconds that are left, or `timeout` if that is less.

        Raises:
            TooSlowError: if none are left.
        """
        self.check()
        left = max(self._at - time.monotonic(), 0.001)
        return left if timeout is None else min(left, timeout)


def is_public(address: str) -> bool:
    """Whether `address` lies in no private network, on this machine or in a range set apart."""
    return _meant(address).is_global


def is_never_asked(address: str) -> bool:
    """Whether `address` is one at which no site is, private or not: link-local (clouds' metadata), multicast, none."""
    meant = _meant(address)
    return meant.is_link_local or meant.is_multicast or meant.is_unspecified


def _meant(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of IPv4 that one of IPv6 stands for, if it does, else itself."""
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv4Address):
        return parsed
    if parsed in _TRANSLATED:
        return ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
    return parsed.ipv4_mapped or parsed.sixtofour or parsed

"""Addresses in one form each, so that one page isn't taken for two, and which of them belong to one site."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit

import idna

from ingest.raw import IngestError

__all__ = ["Address", "shown"]

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_MAX_LENGTH: Final = 8_192
# RFC 3986: what may stand in a path or a query as it is. Letters, digits and -._~ always may.
_IN_PATH: Final = "/:@!$&'()*+,;="
_IN_QUERY: Final = _IN_PATH + "?"
_HOST: Final = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page in its canonical form (RFC 3986, section 6.2), which `str` gives; it has no fragment.

    `host` is in lower case and ASCII, an IPv6 address without its brackets; `target` is the path and the query.
    """

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def of(cls, text: str, base: "Address | None" = None) -> Self:
        """The address that `text` means, seen from `base` if it is relative.

        Raises:
            IngestError: if it is no address of a page on the web.
        """
        text = text.strip()
        if len(text) > _MAX_LENGTH:
            raise IngestError(f"found an address of {len(text):,} characters, wanted at most {_MAX_LENGTH:,}")
        try:
            parts = urlsplit(urljoin(str(base), text) if base else text)
            scheme, name, port = parts.scheme, parts.hostname or "", parts.port
            target = _target(parts)
        except ValueError as error:  # a broken host or port; half a character of UTF-16
            raise IngestError(
                f"'{shown(text)}' is no address ({shown(str(error))}); wanted https://host/path"
            ) from None
        if scheme not in _DEFAULT_PORTS or not name:
            raise IngestError(f"'{shown(text)}' is no address of the web; wanted https://host/path")
        if "@" in parts.netloc:
            raise IngestError(f"found an address of {name} with a user's name or password in it; leave that out")
        return cls(scheme, _host(name), _DEFAULT_PORTS[scheme] if port is None else port, target)

    @property
    def authority(self) -> str:
        """Host and port as a request names them: the port only where it isn't the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def site(self) -> str:
        """The host without a leading www., which names the same site."""
        rest = self.host.removeprefix("www.")
        return rest if "." in rest else self.host

    @property
    def robots(self) -> "Address":
        """The address of the robots.txt that this address stands under."""
        return Address(self.scheme, self.host, self.port, "/robots.txt")

    def same_site(self, other: "Address") -> bool:
        """Whether both lie on one site: the same host, with or without www., on the same port or each on its own."""
        if self.site != other.site:
            return False
        both = {(self.scheme, self.port), (other.scheme, other.port)}
        return self.port == other.port or both <= set(_DEFAULT_PORTS.items())

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def _host(name: str) -> str:
    """A host's name in lower case and ASCII, without the root's dot; an address of a network in its short form."""
    if ":" in name:
        try:
            return str(ipaddress.IPv6Address(name.partition("%")[0]))
        except ValueError:
            raise IngestError(f"'{shown(name)}' is no host; wanted a name as in https://host/path") from None
    name = name.rstrip(".")
    try:
        ascii_name = name.lower() if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        ascii_name = ""
    if not _HOST.fullmatch(ascii_name) or ".." in ascii_name:
        raise IngestError(f"'{shown(name)}' is no host; wanted a name as in https://host/path")
    return ascii_name


def _target(parts: SplitResult) -> str:
    path = _without_dots(_escaped(parts.path, _IN_PATH) or "/")
    return f"{path}?{_escaped(parts.query, _IN_QUERY)}" if parts.query else path


def _escaped(text: str, as_they_are: str) -> str:
    """`text` with every escape in upper case, none where none is needed, and one where one is."""

    def escape(match: re.Match[str]) -> str:
        found = match.group()
        if found.startswith("%") and len(found) == 3:  # noqa: PLR2004 - an escape is %XX
            sign = unquote_to_bytes(found)
            return sign.decode() if re.fullmatch(rb"[A-Za-z0-9._~-]", sign) else found.upper()
        return quote(found, safe=as_they_are)

    return re.sub(r"%[0-9A-Fa-f]{2}|[^%]+|%", escape, text)


def _without_dots(path: str) -> str:
    """`path` without its . and .. parts (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    parts = path.split("/")[1:]
    for number, part in enumerate(parts):
        if part == ".." and kept:
            kept.pop()
        if part not in {".", ".."}:
            kept.append(part)
        elif number == len(parts) - 1:
            kept.append("")
    return "/" + "/".join(kept)


def shown(text: str) -> str:
    """What somebody else wrote, fit for a line of ours: short, and with nothing in it that a terminal obeys."""
    short = text if len(text) <= 120 else text[:120] + "…"  # noqa: PLR2004 - as much as fits a line
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in short)

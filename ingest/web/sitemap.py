"""Reads a sitemap (sitemaps.org): XML or one address a line, packed or not; fetches nothing."""

from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from ingest.raw import IngestError
from ingest.web.address import shown
from ingest.web.unpack import UnpackError, unpacked, within

__all__ = ["MAX_SITEMAP_BYTES", "Sitemap", "read_sitemap"]

MAX_SITEMAP_BYTES: Final = 50 * 2**20
_MAX_ADDRESSES: Final = 50_000
_MAX_LENGTH: Final = 8_192
_MAX_DEPTH: Final = 16
_GZIP_MARK: Final = b"\x1f\x8b"
_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The addresses that a sitemap names, as it has them, each once: of pages, or of further sitemaps.

    `cut` says that it names more than the 50,000 that one may.
    """

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...] = ()
    cut: bool = False


def read_sitemap(data: bytes) -> Sitemap:
    """The sitemap in `data`.

    Raises:
        IngestError: if it isn't one, or defines entities, which no sitemap needs.
    """
    if data.startswith(_GZIP_MARK):
        try:
            data = within(unpacked([data], "gzip", MAX_SITEMAP_BYTES), MAX_SITEMAP_BYTES)
        except UnpackError as error:
            raise IngestError(str(error)) from error
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if start.startswith(b"<") or data.startswith(_MARKS[1:]):
        return _of_xml(data)
    return _of_lines(data)


def _of_lines(data: bytes) -> Sitemap:
    try:
        lines = [line.strip() for line in data.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        raise IngestError("found bytes that are no text, wanted a sitemap: XML, or one address a line") from None
    pages = list(dict.fromkeys(line for line in lines if line))
    strange = next((line for line in pages if not line.lower().startswith(("http://", "https://"))), None)
    if not pages or strange is not None:
        found = "nothing" if strange is None else ascii(strange[:80])
        raise IngestError(f"found {found}, wanted a sitemap: XML, or one address a line")
    return Sitemap(tuple(pages[:_MAX_ADDRESSES]), cut=len(pages) > _MAX_ADDRESSES)


def _of_xml(data: bytes) -> Sitemap:
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reading.refuse
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(data, True)
    except _EnoughError:
        return reading.sitemap(cut=True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise IngestError(
            f"found broken XML ({shown(str(error))}), wanted a sitemap; look at it in a browser"
        ) from error
    return reading.sitemap(cut=False)


class _EnoughError(Exception):
    """As many addresses as one sitemap may name have been read."""


@dataclass(slots=True)
class _Reading:
    """What has been read of a sitemap; `path` has the names of the open elements, `inner` the text of a loc."""

    path: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    length: int = 0
    found: dict[str, dict[str, None]] = field(default_factory=lambda: {"url": {}, "sitemap": {}})

    def refuse(self, *_: object) -> None:
        raise IngestError("found a document type, by which XML can be made to grow or to fetch, wanted a plain sitemap")

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if not self.path and local not in {"urlset", "sitemapindex"}:
            raise IngestError(f"found XML of the kind {local[:40]!a}, wanted a sitemap: urlset or sitemapindex")
        if len(self.path) == _MAX_DEPTH:
            raise IngestError(f"found XML nested more than {_MAX_DEPTH} deep, wanted a sitemap")
        self.path.append(local)

    def text(self, text: str) -> None:
        if self._kind() is not None:
            self.length += len(text)
            if self.length > _MAX_LENGTH:
                raise IngestError(f"found an address of more than {_MAX_LENGTH:,} characters, wanted a sitemap")
            self.inner.append(text)

    def end(self, _name: str) -> None:
        kind = self._kind()
        if kind is not None:
            address = "".join(self.inner).strip()
            self.inner, self.length = [], 0
            if address:
                self.found[kind][address] = None
            if sum(map(len, self.found.values())) > _MAX_ADDRESSES:
                raise _EnoughError
        self.path.pop()

    def _kind(self) -> str | None:
        """Whether the address that is being read is one of a page ("url") or of a sitemap, if it is one at all."""
        match self.path:
            case ["urlset", "url", "loc"]:
                return "url"
            case ["sitemapindex", "sitemap", "loc"]:
                return "sitemap"
            case _:
                return None

    def sitemap(self, *, cut: bool) -> Sitemap:
        return Sitemap(
            tuple(self.found["url"])[:_MAX_ADDRESSES], tuple(self.found["sitemap"])[:_MAX_ADDRESSES], cut=cut
        )

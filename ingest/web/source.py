"""What the user named to be taken in from the web: a page, a sitemap, a site, or a file of addresses."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Self
from urllib.parse import urlsplit

from ingest.raw import IngestError

__all__ = ["WebKind", "WebSource"]

_MAX_LIST_BYTES: Final = 16 * 2**20
_SCHEMES: Final = ("http://", "https://")


class WebKind(StrEnum):
    """What the addresses of a source are."""

    PAGES = "pages"
    SITEMAP = "sitemap"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class WebSource:
    """What is taken in: `addresses` as they were written, of pages, of one sitemap, or of a site that has sitemaps.

    `name` is the address or the file's path, as the user gave it.
    """

    name: str
    kind: WebKind
    addresses: tuple[str, ...]

    @classmethod
    def of(cls, text: str, *, sitemap: bool = False) -> Self:
        """The source that `text` names: an address, or a file of addresses, one a line, with # comments.

        An address whose last part ends in .xml or .xml.gz, or says sitemap and isn't HTML, is a sitemap; any other is a
        page, a site's front page too. With `sitemap` it is a site whose robots.txt names its sitemaps, else
        /sitemap.xml is tried.

        Raises:
            IngestError: if `text` is neither, or the file can't be read or names no address.
        """
        if not _is_address(text):
            return cls(text, WebKind.PAGES, _addresses_in(Path(text)))
        if _says_sitemap(text):
            return cls(text, WebKind.SITEMAP, (text,))
        return cls(text, WebKind.SITE if sitemap else WebKind.PAGES, (text,))

    @staticmethod
    def is_web(text: str) -> bool:
        """Whether `text` is an address, or a .txt or .urls file of nothing but addresses and comments."""
        if _is_address(text):
            return True
        path = Path(text)
        if path.suffix.lower() not in {".txt", ".urls"} or not path.is_file():
            return False
        try:
            lines = _addresses_in(path)
        except IngestError:
            return False
        return all(_is_address(line) for line in lines)


def _is_address(text: str) -> bool:
    return text.lower().startswith(_SCHEMES)


def _says_sitemap(address: str) -> bool:
    try:
        last = urlsplit(address).path.rstrip("/").rpartition("/")[2].lower()
    except ValueError:
        return False
    return re.search(r"\.xml(\.gz)?$", last) is not None or ("sitemap" in last and not last.endswith((".html", ".htm")))


def _addresses_in(path: Path) -> tuple[str, ...]:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_LIST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise IngestError(
            f"{path} is no address and can't be read as a file of addresses ({error}); wanted https://…, or a file"
        ) from error
    if len(data) > _MAX_LIST_BYTES:
        raise IngestError(f"{path} holds more than 16 MB, wanted a list of addresses, one a line; split it")
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise IngestError(f"{path} is no UTF-8, wanted a list of addresses, one a line; save it as UTF-8") from error
    addresses = tuple(address for line in lines if (address := re.sub(r"(^|\s)#.*", "", line).strip()))
    if not addresses:
        raise IngestError(f"{path} names no address, wanted one a line: https://…")
    return addresses

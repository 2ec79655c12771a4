"""Which pages a source names: its own addresses, or those that its sitemaps list."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from ingest.items import Refused
from ingest.raw import IngestError
from ingest.web.address import Address, shown
from ingest.web.client import Client, NotTakenError
from ingest.web.model import Partial, Progress
from ingest.web.sitemap import MAX_SITEMAP_BYTES, Sitemap, read_sitemap
from ingest.web.source import WebKind, WebSource

__all__ = ["Listing", "listing_of"]

_MAX_SITEMAPS: Final = 200
_MAX_DEPTH: Final = 3


@dataclass(slots=True)
class Listing:
    """The pages that are listed, each once and in order, and what was wrong with the list."""

    pages: dict[Address, None] = field(default_factory=dict)
    troubles: list[Refused | Partial] = field(default_factory=list)


def listing_of(source: WebSource, client: Client, progress: Progress, *, max_pages: int) -> Listing:
    """The pages that `source` names, at most `max_pages`.

    Raises:
        IngestError: if none can be had.
    """
    listing = Listing()
    if source.kind is WebKind.PAGES:
        _add(listing, source.addresses, None)
    else:
        named = Address.of(source.addresses[0])
        first = [named] if source.kind is WebKind.SITEMAP else _of_site(named, client, listing)
        _read_sitemaps(first, client, progress, listing)
    if not listing.pages:
        why = f" ({listing.troubles[0].path}: {listing.troubles[0].why})" if listing.troubles else ""
        raise IngestError(f"{source.name} names no page that can be taken{why}; look at it in a browser")
    if len(listing.pages) > max_pages:
        why = f"names {len(listing.pages):,} pages, of which the first {max_pages:,} are taken; allow more of them"
        listing.troubles.append(Partial(source.name, why))
        listing.pages = dict.fromkeys(list(listing.pages)[:max_pages])
    return listing


def _add(listing: Listing, addresses: Iterable[str], within: Address | None) -> None:
    """Adds the pages at `addresses`; with `within`, a sitemap's address, only those of its site."""
    for text in addresses:
        try:
            address = Address.of(text, within)
        except IngestError as error:
            listing.troubles.append(Refused(shown(text), str(error)))
            continue
        if within and not address.same_site(within):
            why = f"lies on {address.authority}, only pages of {within.authority} were asked for; name it by itself"
            listing.troubles.append(Refused(str(address), why))
        else:
            listing.pages[address] = None


def _of_site(named: Address, client: Client, listing: Listing) -> list[Address]:
    """The sitemaps that the site's robots.txt names, or where one is looked for when it names none."""
    try:
        stated = client.robots(named).sitemaps
    except NotTakenError as error:
        raise IngestError(f"{named}: {error}") from error
    sitemaps = list(_of_this_site(stated, named, listing))
    return sitemaps or [Address.of("/sitemap.xml", named)]


def _of_this_site(stated: Iterable[str], named: Address, listing: Listing) -> Iterable[Address]:
    for text in stated:
        try:
            address = Address.of(text, named)
        except IngestError as error:
            listing.troubles.append(Partial(shown(text), str(error)))
            continue
        if address.same_site(named):
            yield address
        else:
            why = f"a sitemap on another site than {named.authority}, which alone was asked for; name it by itself"
            listing.troubles.append(Partial(str(address), why))


def _read_sitemaps(first: list[Address], client: Client, progress: Progress, listing: Listing) -> None:
    """Reads sitemaps and those that they name, in order; the first must be had, one further on is a trouble."""
    seen = dict.fromkeys(first)
    waiting = deque((address, 0) for address in seen)
    read = 0
    while waiting:
        address, depth = waiting.popleft()
        progress("sitemaps", read, len(seen))
        read += 1
        try:
            sitemap = _sitemap(address, client)
        except (IngestError, NotTakenError) as error:
            if len(first) == 1 and depth == 0:
                raise IngestError(f"{address}: {error}") from error
            listing.troubles.append(Partial(str(address), str(error)))
            continue
        if sitemap.cut:
            listing.troubles.append(
                Partial(str(address), "names more than 50,000 addresses, the rest is left; split it")
            )
        _add(listing, sitemap.pages, address)
        further = [found for found in _of_this_site(sitemap.sitemaps, address, listing) if found not in seen]
        why = _too_many(len(seen) + len(further), depth + 1) if further else None
        if why:
            listing.troubles.append(Partial(str(address), why))
        else:
            seen |= dict.fromkeys(further)
            waiting.extendleft((found, depth + 1) for found in reversed(list(dict.fromkeys(further))))
    progress("sitemaps", read, len(seen))


def _too_many(sitemaps: int, depth: int) -> str | None:
    if depth >= _MAX_DEPTH:
        return f"names further sitemaps more than {_MAX_DEPTH} deep, which are left; name them by themselves"
    if sitemaps > _MAX_SITEMAPS:
        return f"names more than {_MAX_SITEMAPS} sitemaps, which are left; name them by themselves"
    return None


def _sitemap(address: Address, client: Client) -> Sitemap:
    found = client.find(address, {}, max_bytes=MAX_SITEMAP_BYTES)
    if found.answer.status != 200:  # noqa: PLR2004 - OK
        raise NotTakenError(f"found status {found.answer.status}, wanted a sitemap; look at it in a browser")
    return read_sitemap(found.answer.body)

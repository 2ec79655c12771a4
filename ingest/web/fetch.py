"""Takes in the pages that a source names, each once, and only what has changed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from corpus.model import Origin
from ingest.items import Item, Refused, Skipped, Unchanged
from ingest.raw import UNSTATED, IngestError
from ingest.web.address import Address
from ingest.web.client import Client, Found, NotTakenError
from ingest.web.content import NoDocumentError, content_of
from ingest.web.listing import listing_of
from ingest.web.model import Gone, Limits, Partial, Progress
from ingest.web.network import OURS, Surroundings
from ingest.web.source import WebSource

__all__ = ["Taken", "fetch"]

Taken = Item | Unchanged | Gone | Refused | Skipped | Partial

_LONGEST_VALIDATOR: Final = 1_024


def fetch(
    source: WebSource,
    known: Mapping[str, Origin],
    limits: Limits,
    progress: Progress,
    around: Surroundings = OURS,
) -> Iterator[Taken]:
    """Each page of `source` once, in the order in which they are listed; `path` is always its address as listed.

    `known` has, by address (`Origin.path`), what was taken in before: a page that is as it was then is `Unchanged`.
    What is `Refused` (a fault that passes, a page that may not be taken) must keep its document. Only what is `Gone`
    may be removed, and what isn't listed any more where there is no `Partial`.

    Raises:
        IngestError: if no site that is named can be reached, or the list of pages can't be had. What was refused
            before that is not given then.
    """
    with Client(limits, around) as client:
        listing = listing_of(source, client, progress, max_pages=limits.max_pages)
        held: list[Taken] = list(listing.troubles)
        unreached: Refused | None = None
        homes = {address: address for address in listing.pages}
        for number, address in enumerate(listing.pages):
            progress("pages", number, len(listing.pages))
            headers = _validators(known.get(str(address)))
            try:
                taken = _taken(address, client.find(address, headers, max_bytes=limits.max_bytes), homes)
            except (IngestError, NotTakenError) as error:
                taken = Refused(str(address), str(error))
            held.append(taken)
            if client.reached:
                yield from held
                held = []
            elif unreached is None and isinstance(taken, Refused):
                unreached = taken
        if unreached and held:
            raise IngestError(f"{unreached.path}: {unreached.why}")
        progress("pages", len(listing.pages), len(listing.pages))


def _taken(address: Address, found: Found, homes: dict[Address, Address]) -> Taken:
    """What `found` says of the page at `address`; `homes` has, by where a page lies for good, what it's listed as."""
    taken = _made(str(address), found)
    if isinstance(taken, Item | Unchanged):
        home = homes.setdefault(found.address, address)
        if home != address:
            return Skipped(taken.path, f"leads on for good to the same page as {home}")
    return taken


def _made(path: str, found: Found) -> Taken:
    match found.answer.status:
        case 200:
            return _item(path, found)
        case 304 if found.conditional:
            return Unchanged(path)
        case 404 | 410 as status:
            return Gone(path, f"the page isn't there (status {status}); look at its address")
        case 401 | 403 as status:
            return Refused(path, f"the page isn't open to everybody (status {status}); ask the site's owner")
        case status:
            return Refused(path, f"the server answers with status {status}; try again later")


def _item(path: str, found: Found) -> Item | Refused | Skipped:
    body, headers = found.answer.body, found.answer.headers
    if not body:
        return Refused(path, "found 0 bytes, wanted a page; look at it in a browser")
    try:
        ending, data = content_of(body, headers.get("content-type", ""), path)
    except NoDocumentError as error:
        return Skipped(path, str(error))
    source = replace(UNSTATED, url=str(found.address))
    return Item(path, ending, data, source, _kept(headers.get("etag")), _kept(headers.get("last-modified")))


def _validators(before: Origin | None) -> dict[str, str]:
    """The headers by which a server need not send again what is as it was (RFC 9110, section 13.1)."""
    if before is None:
        return {}
    stated = {"If-None-Match": _kept(before.etag), "If-Modified-Since": _kept(before.modified)}
    return {name: value for name, value in stated.items() if value}


def _kept(validator: str | None) -> str | None:
    """A validator that can be kept and sent again as it is."""
    if not validator or len(validator) > _LONGEST_VALIDATOR or not (validator.isascii() and validator.isprintable()):
        return None
    return validator

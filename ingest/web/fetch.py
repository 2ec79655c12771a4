"""Takes in the pages that a source names, each once, and only what has changed."""

from collections.abc import Iterator, Mapping

from corpus.model import Origin
from ingest.items import Item, Refused
from ingest.raw import IngestError
from ingest.web.model import Gone, Limits, Partial, Progress, Unchanged
from ingest.web.source import WebSource

__all__ = ["Taken", "fetch"]

Taken = Item | Unchanged | Gone | Refused | Partial


def fetch(source: WebSource, known: Mapping[str, Origin], limits: Limits, progress: Progress) -> Iterator[Taken]:
    """Each page of `source` once, in the order in which they are listed; `path` is always the address as listed.

    `known` has, by address (`Origin.path`), what was taken in before: a page that is as it was then is `Unchanged`.
    What is `Refused` (a fault that passes, a page that may not be taken) must keep its document; only what is `Gone`,
    or isn't listed any more where there is no `Partial`, may be removed.

    Raises:
        IngestError: if none of the named hosts can be reached, or the list of pages can't be had.
    """
    raise IngestError(f"{source.name}: taking in pages from the web isn't built yet")
    yield from (Unchanged(path) for path in known if limits.max_pages and progress)

"""A list of pages synchronised: only what is certainly gone from the site goes from the corpus."""

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.model import Source
from ingest.gather import Gathering
from ingest.merge import documents_of
from ingest.plan import Before, Plan, plan
from ingest.publish import publish, writing
from ingest.raw import IngestError
from tests.fiction import write
from tests.site import Served, reply, serving
from tests.syncing import texts_of

pytestmark = pytest.mark.enable_socket

HOST = "vantor.example"
page = functools.partial(reply, content_type="text/plain; charset=utf-8")


@pytest.fixture
def site() -> Iterator[Served]:
    """A site with two pages."""
    with serving(Served()) as served:
        served.pages[f"{HOST}/moths"] = page(body="Glimmer moths rest on reeds.", etag='"m1"')
        served.pages[f"{HOST}/bells"] = page(body="The bells of Vantor ring.", etag='"b1"')
        yield served


def synchronised(site: Served, folder: Path) -> Plan:
    """The plan for a list of the two pages, put into effect in a corpus beside it."""
    root = folder / "corpus"
    listed = write(folder / "pages.txt", f"http://{HOST}/moths\nhttp://{HOST}/bells\n")
    gathering = replace(Gathering.of(str(listed), root, Source("")), around=site.around)
    with writing(root, patience_s=0):
        before = Before.of(documents_of(root), gathering.root, root)
        found = gathering.synced(before, lambda *_: None)
        planned = plan(before, found, stated_id=gathering.provenance.id_of)
        publish(root, planned.before, planned.after)
    return planned


def counts(planned: Plan) -> tuple[int, ...]:
    listed = (planned.added, planned.replaced, planned.removed, planned.refused)
    return (*map(len, listed), planned.unchanged)


def test_a_page_is_asked_for_on_condition_and_replaced_when_it_is_another(site: Served, tmp_path: Path) -> None:
    assert counts(synchronised(site, tmp_path)) == (2, 0, 0, 0, 0)
    site.pages[f"{HOST}/moths"] = reply("304 Not Modified")
    site.pages[f"{HOST}/bells"] = page(body="The bells of Vantor are silent.", etag='"b2"')
    assert counts(synchronised(site, tmp_path)) == (0, 1, 0, 0, 1)
    assert [asked.headers.get("if-none-match") for asked in site.asked if asked.address.endswith("moths")] == [
        None,
        '"m1"',
    ]
    assert sorted(texts_of(tmp_path / "corpus").values()) == [
        "Glimmer moths rest on reeds.",
        "The bells of Vantor are silent.",
    ]


def test_a_page_that_is_gone_goes_and_one_that_fails_stays(site: Served, tmp_path: Path) -> None:
    synchronised(site, tmp_path)
    site.pages[f"{HOST}/moths"] = reply("403 Forbidden")
    site.pages[f"{HOST}/bells"] = reply("410 Gone")
    planned = synchronised(site, tmp_path)
    assert (counts(planned), sorted(planned.kept)) == ((0, 0, 1, 2, 0), [f"http://{HOST}/moths"])
    assert [*texts_of(tmp_path / "corpus").values()] == ["Glimmer moths rest on reeds."]


def test_a_site_that_is_not_there_removes_nothing(site: Served, tmp_path: Path) -> None:
    synchronised(site, tmp_path)
    site.hosts[HOST] = []
    with pytest.raises(IngestError):
        synchronised(site, tmp_path)
    assert len(texts_of(tmp_path / "corpus")) == 2

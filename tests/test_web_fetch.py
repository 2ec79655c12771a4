"""Taking in pages from the web: which are taken, which are refused, and what is asked of the server."""

import gzip
import io
import socket
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from corpus.model import Origin, Source
from ingest.items import Item, Refused, Skipped, Unchanged
from ingest.raw import IngestError
from ingest.web.fetch import Taken, fetch
from ingest.web.model import Gone, Limits, Partial
from ingest.web.source import WebKind, WebSource
from tests.site import Served, reply, serving

pytestmark = pytest.mark.enable_socket

HOST = "vantor.example"
SITE = f"http://{HOST}"
LIMITS = Limits(request_s=10, read_s=5)
PAGE = "<html><title>Moths</title><p>Glimmer moths rest on silver reeds.</p>"
HTML = reply(body=PAGE, content_type="text/html")


@pytest.fixture
def site() -> Iterator[Served]:
    """A site about moths that has nothing yet."""
    with serving(Served()) as served:
        yield served


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


def take(
    served: Served, *addresses: str, known: dict[str, Origin] | None = None, limits: Limits = LIMITS
) -> list[Taken]:
    source = WebSource("list", WebKind.PAGES, addresses)
    return list(fetch(source, known or {}, limits, quiet, served.around))


def take_sitemap(served: Served, address: str = f"{SITE}/sitemap.xml", limits: Limits = LIMITS) -> list[Taken]:
    return list(fetch(WebSource.of(address), {}, limits, quiet, served.around))


def item(path: str, *, url: str | None = None) -> Item:
    return Item(path, ".html", PAGE.encode(), Source("", url=url or path))


def urlset(*addresses: str) -> bytes:
    pages = "".join(f"<url><loc>{address}</loc><lastmod>2025-01-01</lastmod></url>" for address in addresses)
    return reply(
        body=f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{pages}</urlset>',
        content_type="application/xml",
    )


def index(*addresses: str) -> bytes:
    sitemaps = "".join(f"<sitemap><loc>{address}</loc></sitemap>" for address in addresses)
    return reply(body=f"<sitemapindex>{sitemaps}</sitemapindex>")


def refusal(taken: list[Taken]) -> str:
    assert len(taken) == 1
    assert isinstance(taken[0], Refused)
    return taken[0].why


def test_a_page_is_an_item_with_its_address_and_what_the_server_says_of_its_version(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply(
        body=PAGE, content_type="text/html", etag='"m1"', last_modified="Mon, 03 Mar 2025 10:00:00 GMT"
    )
    assert take(site, f"{SITE}/moths#where") == [
        Item(
            f"{SITE}/moths",
            ".html",
            PAGE.encode(),
            Source("", url=f"{SITE}/moths"),
            '"m1"',
            "Mon, 03 Mar 2025 10:00:00 GMT",
        )
    ]


def test_a_request_says_who_asks_and_nothing_else(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = HTML
    take(site, f"{SITE}/moths", limits=replace(LIMITS, contact="https://help.example/about"))
    assert [dict(asked.headers) for asked in site.asked] == 2 * [
        {
            "host": HOST,
            "accept": "*/*",
            "accept-encoding": "gzip",
            "user-agent": "InsightsHelp/0.1 (+https://help.example/about)",
        }
    ]


@pytest.mark.parametrize("contact", ["a\r\nX-Evil: 1", "ö", "a)(b"])
def test_a_contact_that_cannot_be_sent_is_refused(site: Served, contact: str) -> None:
    with pytest.raises(IngestError, match="contact"):
        take(site, f"{SITE}/moths", limits=replace(LIMITS, contact=contact))


def test_a_later_run_asks_only_for_what_has_changed(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply("304 Not Modified")
    known = {f"{SITE}/moths": Origin(SITE, f"{SITE}/moths", "0" * 64, '"m1"', "Mon, 03 Mar 2025 10:00:00 GMT")}
    assert take(site, f"{SITE}/moths", known=known) == [Unchanged(f"{SITE}/moths")]
    headers = site.asked[-1].headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"m1"', "Mon, 03 Mar 2025 10:00:00 GMT")


@pytest.mark.parametrize(
    "first", [b"HTTP/1.1 304 Not Modified\r\n\r\n", reply(body=PAGE, content_type="text/html", connection="keep-alive")]
)
def test_one_connection_does_for_many_pages(site: Served, first: bytes) -> None:
    def answer(connection: socket.socket) -> None:
        connection.sendall(first)
        site.answer(connection)

    site.pages |= {f"{HOST}/a": answer, f"{HOST}/b": answer, f"{HOST}/c": HTML}
    known = {f"{SITE}/{name}": Origin(SITE, f"{SITE}/{name}", "0" * 64, '"m1"') for name in "ab"}
    assert len(take(site, f"{SITE}/a", f"{SITE}/b", f"{SITE}/c", known=known)) == 3
    assert len(site.connected) == 2  # one for robots.txt, which its server closes


def test_a_page_that_has_changed_comes_anew(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = HTML
    known = {f"{SITE}/moths": Origin(SITE, f"{SITE}/moths", "0" * 64, '"m1"')}
    assert take(site, f"{SITE}/moths", known=known) == [item(f"{SITE}/moths")]


def test_unchanged_counts_only_where_it_was_asked_for(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply("304 Not Modified")
    assert take(site, f"{SITE}/moths") == [
        Refused(f"{SITE}/moths", "the server answers with status 304; try again later")
    ]


def test_a_version_that_cannot_be_sent_again_is_not_kept(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply(body=PAGE, content_type="text/html", etag='"' + "m" * 2_000 + '"')
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_page_that_is_not_there_is_gone(site: Served, status: str) -> None:
    site.pages[f"{HOST}/moths"] = reply(status)
    number = status[:3]
    assert take(site, f"{SITE}/moths") == [
        Gone(f"{SITE}/moths", f"the page isn't there (status {number}); look at its address")
    ]


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden"])
def test_a_page_behind_a_login_is_refused(site: Served, status: str) -> None:
    site.pages[f"{HOST}/moths"] = reply(status)
    assert "isn't open to everybody" in refusal(take(site, f"{SITE}/moths"))


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_fault_that_passes_is_tried_again_twice_and_never_means_gone(site: Served, status: int) -> None:
    site.pages[f"{HOST}/moths"] = reply(f"{status} Trouble")
    why = f"the server answers with status {status}; try again later"
    assert take(site, f"{SITE}/moths") == [Refused(f"{SITE}/moths", why)]
    assert site.addresses == [f"{HOST}/moths"] * 3
    assert site.clock.slept == [1.0, 1.0, 2.0]


def test_a_fault_that_has_passed_is_no_trouble(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = [reply("503 Busy"), HTML]
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]


@pytest.mark.parametrize(
    "stated",
    [{"retry_after": "17"}, {"retry_after": "Mon, 03 Mar 2025 10:00:17 GMT", "date": "Mon, 03 Mar 2025 10:00:00 GMT"}],
)
def test_a_server_that_asks_to_wait_is_waited_for(site: Served, stated: dict[str, str]) -> None:
    site.pages[f"{HOST}/moths"] = [reply("429 Slowly", **stated), HTML]
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]
    assert site.clock.slept == [1.0, 17.0]


@pytest.mark.parametrize("stated", ["soon", "-3", "Mon, 99 Mar 2025", "Mon, 03 Mar 2025 10:00:17"])
def test_a_wait_that_cannot_be_understood_is_as_none(site: Served, stated: str) -> None:
    site.pages[f"{HOST}/moths"] = [reply("429 Slowly", retry_after=stated, date="Mon, 03 Mar 2025 10:00:00 GMT"), HTML]
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]
    assert site.clock.slept == [1.0, 1.0]


def test_a_server_that_asks_for_too_long_a_wait_is_left_alone(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply("503 Busy", retry_after="3600")
    site.pages[f"{HOST}/reeds"] = HTML
    why = "the server asks to be left alone for 3600 s (status 503); try again after that"
    assert take(site, f"{SITE}/moths", f"{SITE}/reeds") == [
        Refused(f"{SITE}/moths", why),
        Refused(f"{SITE}/reeds", why),
    ]
    assert site.addresses == [f"{HOST}/moths"]


def test_a_site_that_is_overloaded_three_times_in_a_row_is_left_alone(site: Served) -> None:
    names = [f"{SITE}/{number}" for number in range(5)]
    site.pages |= {f"{HOST}/{number}": reply("503 Busy") for number in range(5)}
    taken = take(site, *names, limits=replace(LIMITS, retries=0))
    assert [type(one) for one in taken] == [Refused] * 5
    assert site.addresses == [f"{HOST}/0", f"{HOST}/1", f"{HOST}/2"]


def test_pages_that_break_do_not_close_their_site(site: Served) -> None:
    site.pages |= {f"{HOST}/{number}": reply("500 Broken") for number in range(4)}
    site.pages[f"{HOST}/moths"] = HTML
    names = [*(f"{SITE}/{number}" for number in range(4)), f"{SITE}/moths"]
    assert take(site, *names, limits=replace(LIMITS, retries=0))[-1] == item(f"{SITE}/moths")


def test_one_page_is_asked_for_at_a_time_with_a_pause(site: Served) -> None:
    site.pages |= {f"{HOST}/{number}": HTML for number in range(3)}
    take(site, *(f"{SITE}/{number}" for number in range(3)), limits=replace(LIMITS, pause_s=2.5))
    assert site.times == [0.0, 2.5, 5.0, 7.5]


def test_hosts_do_not_wait_for_each_other(site: Served) -> None:
    site.pages |= {f"{HOST}/a": HTML, "keepers.example/b": HTML}
    take(site, f"{SITE}/a", "http://keepers.example/b")
    assert site.times == [0.0, 1.0, 1.0, 2.0]


@pytest.mark.parametrize("rules", ["User-agent: *\nCrawl-delay: 7", "User-agent: InsightsHelp\nRequest-rate: 2/14s"])
def test_a_pause_that_robots_txt_asks_for_is_made(site: Served, rules: str) -> None:
    site.pages |= {f"{HOST}/robots.txt": reply(body=rules), f"{HOST}/a": HTML, f"{HOST}/b": HTML}
    take(site, f"{SITE}/a", f"{SITE}/b")
    assert site.times[1:] == [7.0, 14.0]


def test_a_pause_of_a_day_is_too_long(site: Served) -> None:
    site.pages |= {f"{HOST}/robots.txt": reply(body="User-agent: *\nCrawl-delay: 86400"), f"{HOST}/a": HTML}
    assert "asks for 86400 s between two pages, at most 60 s are waited" in refusal(take(site, f"{SITE}/a"))
    assert site.addresses == []


def test_what_robots_txt_forbids_is_not_asked_for(site: Served) -> None:
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: insightshelp\nDisallow: /nest\n"
    site.pages |= {f"{HOST}/robots.txt": reply(body=rules), f"{HOST}/moths": HTML, f"{HOST}/nest/1": HTML}
    assert take(site, f"{SITE}/moths", f"{SITE}/nest/1") == [
        item(f"{SITE}/moths"),
        Refused(f"{SITE}/nest/1", "the robots.txt of vantor.example forbids it to InsightsHelp; ask the site's owner"),
    ]
    assert site.addresses == [f"{HOST}/moths"]


@pytest.mark.parametrize("status", ["404 Not Found", "401 Unauthorized", "410 Gone"])
def test_a_site_without_a_robots_txt_allows_everything(site: Served, status: str) -> None:
    site.pages |= {f"{HOST}/robots.txt": reply(status), f"{HOST}/moths": HTML}
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]


@pytest.mark.parametrize("status", ["500 Broken", "503 Busy", "429 Slowly"])
def test_a_site_whose_robots_txt_cannot_be_read_allows_nothing(site: Served, status: str) -> None:
    site.pages |= {f"{HOST}/robots.txt": reply(status), f"{HOST}/moths": HTML}
    with pytest.raises(IngestError, match=r"^http://vantor.example/moths: its robots.txt can't be read \(status \d+\)"):
        take(site, f"{SITE}/moths")


def test_a_robots_txt_is_followed_within_the_site(site: Served) -> None:
    site.pages |= {
        f"{HOST}/robots.txt": reply("301 Moved", location=f"http://www.{HOST}/robots.txt"),
        f"www.{HOST}/robots.txt": reply(body="User-agent: *\nDisallow: /moths"),
    }
    assert "forbids it" in refusal(take(site, f"{SITE}/moths"))


def test_a_robots_txt_elsewhere_is_not_followed(site: Served) -> None:
    site.pages |= {f"{HOST}/robots.txt": reply("301 Moved", location="http://elsewhere.example/robots.txt")}
    with pytest.raises(IngestError, match=r"its robots.txt can't be read: it leads on to another site"):
        take(site, f"{SITE}/moths")


def test_a_sibling_that_cannot_be_asked_does_not_close_the_site(site: Served) -> None:
    site.hosts[f"www.{HOST}"] = []
    site.pages |= {f"{HOST}/a": reply("302 Found", location=f"http://www.{HOST}/a"), f"{HOST}/b": HTML}
    taken = take(site, f"{SITE}/a", f"{SITE}/b")
    assert [type(one) for one in taken] == [Refused, Item]


def test_a_robots_txt_is_read_once(site: Served) -> None:
    site.pages |= {f"{HOST}/{name}": HTML for name in "abc"}
    take(site, *(f"{SITE}/{name}" for name in "abc"))
    assert [asked.address for asked in site.asked].count(f"{HOST}/robots.txt") == 1


def test_of_a_large_robots_txt_the_beginning_counts(site: Served) -> None:
    rules = "User-agent: *\nDisallow: /nest\n" + "# moth\n" * 100_000 + "Disallow: /moths\n"
    site.pages |= {f"{HOST}/robots.txt": reply(body=rules), f"{HOST}/moths": HTML}
    assert [type(one) for one in take(site, f"{SITE}/moths", f"{SITE}/nest")] == [Item, Refused]


def test_a_redirect_within_the_site_is_followed(site: Served) -> None:
    site.pages |= {f"{HOST}/moths": reply("302 Found", location="/new#top"), f"{HOST}/new": HTML}
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]


def test_where_a_page_lies_for_good_is_its_source(site: Served) -> None:
    site.pages |= {
        f"{HOST}/moths": reply("301 Moved", location=f"http://www.{HOST}/moths"),
        f"www.{HOST}/moths": reply("308 Moved", location="/moths/"),
        f"www.{HOST}/moths/": reply("302 Found", location="/moths/today"),
        f"www.{HOST}/moths/today": HTML,
    }
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths", url=f"http://www.{HOST}/moths/")]


def test_one_page_is_not_two_because_it_has_two_addresses(site: Served) -> None:
    moved = reply("301 Moved", location="/moths")
    site.pages |= {f"{HOST}/old": moved, f"{HOST}/older": moved, f"{HOST}/moths": HTML}
    why = f"leads on for good to the same page as {SITE}/"
    assert take(site, f"{SITE}/old", f"{SITE}/moths", f"{SITE}/moths#a", f"{SITE}:80/./moths") == [
        Skipped(f"{SITE}/old", f"{why}moths"),
        item(f"{SITE}/moths"),
    ]
    assert take(site, f"{SITE}/old", f"{SITE}/older") == [
        item(f"{SITE}/old", url=f"{SITE}/moths"),
        Skipped(f"{SITE}/older", f"{why}old"),
    ]


def test_a_redirect_to_what_robots_txt_forbids_is_not_followed(site: Served) -> None:
    site.pages |= {
        f"{HOST}/robots.txt": reply(body="User-agent: *\nDisallow: /nest"),
        f"{HOST}/moths": reply("302 Found", location="/nest"),
    }
    assert "forbids it" in refusal(take(site, f"{SITE}/moths"))
    assert site.addresses == [f"{HOST}/moths"]


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://elsewhere.example/moths", "leads on to another site, elsewhere.example"),
        ("//moths.vantor.example/", "leads on to another site, moths.vantor.example"),
        ("http://vantor.example:8080/moths", "leads on to another site, vantor.example:8080"),
        ("http://127.0.0.1/", "leads on to another site, 127.0.0.1"),
        ("http://169.254.169.254/latest", "leads on to another site, 169.254.169.254"),
        ("file:///etc/passwd", "leads on to nowhere (status 302)"),
        ("http://[", "leads on to nowhere (status 302)"),
    ],
)
def test_a_redirect_elsewhere_is_refused(site: Served, location: str, why: str) -> None:
    site.pages[f"{HOST}/moths"] = reply("302 Found", location=location)
    assert why in refusal(take(site, f"{SITE}/moths"))
    assert site.addresses == [f"{HOST}/moths"]


def test_a_redirect_without_an_address_is_refused(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply("302 Found")
    assert "leads on to nowhere" in refusal(take(site, f"{SITE}/moths"))


def test_a_page_that_leads_to_itself_is_refused(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply("302 Found", location="/moths")
    assert "leads on more than 5 times" in refusal(take(site, f"{SITE}/moths"))
    assert len(site.addresses) == 6


def test_the_hosts_of_a_list_are_all_named(site: Served) -> None:
    site.pages |= {f"{HOST}/a": HTML, "keepers.example/b": HTML}
    assert take(site, f"{SITE}/a", "http://keepers.example/b", "moths", "http://u:p@keepers.example/") == [
        Refused("moths", "'moths' is no address of the web; wanted https://host/path"),
        Refused(
            "http://u:p@keepers.example/",
            "found an address of keepers.example with a user's name or password in it; leave that out",
        ),
        item(f"{SITE}/a"),
        item("http://keepers.example/b"),
    ]


def test_a_host_that_cannot_be_reached_does_not_stop_the_others(site: Served) -> None:
    site.hosts["lost.example"] = []
    site.pages[f"{HOST}/a"] = HTML
    taken = take(site, "http://lost.example/1", "http://lost.example/2", f"{SITE}/a")
    why = (
        "its robots.txt can't be read: its host isn't known (Name or service not known); look at the address, and "
        "whether the network is there"
    )
    assert taken == [
        Refused("http://lost.example/1", why),
        Refused("http://lost.example/2", why),
        item(f"{SITE}/a"),
    ]


def test_a_run_that_reaches_nobody_fails(site: Served) -> None:
    site.hosts |= {"lost.example": [], "adrift.example": []}
    with pytest.raises(
        IngestError, match=r"^http://lost.example/1: its robots.txt can't be read: its host isn't known"
    ):
        take(site, "http://lost.example/1", "http://adrift.example/1")


def test_a_site_in_a_network_of_its_own_is_taken_when_it_is_named(site: Served) -> None:
    site.hosts["wiki.clinic"] = ["10.1.2.3"]
    site.pages["wiki.clinic/moths"] = HTML
    assert take(site, "http://wiki.clinic/moths") == [item("http://wiki.clinic/moths")]
    assert set(site.connected) == {"10.1.2.3"}


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "127.0.0.1", "192.168.0.1", "::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
)
def test_a_public_site_never_leads_into_a_private_network(site: Served, address: str) -> None:
    site.hosts[f"www.{HOST}"] = [address]
    site.pages[f"{HOST}/moths"] = reply("302 Found", location=f"http://www.{HOST}/moths")
    assert "leads to an address that no public site has" in refusal(take(site, f"{SITE}/moths"))
    assert set(site.connected) == {"93.184.216.34"}


def test_of_several_addresses_a_public_site_is_asked_at_public_ones(site: Served) -> None:
    site.hosts[HOST] = ["10.0.0.1", "93.184.216.34"]
    site.pages[f"{HOST}/moths"] = HTML
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]
    assert set(site.connected) == {"93.184.216.34"}


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "0.0.0.0", "::", "fe80::1", "224.0.0.1", "::ffff:169.254.169.254"],  # noqa: S104
)
def test_an_address_that_no_site_has_is_never_asked(site: Served, address: str) -> None:
    site.hosts["cloud.example"] = [address]
    with pytest.raises(IngestError, match="leads to an address that no public site has"):
        take(site, "http://cloud.example/")
    assert site.connected == []


def test_formats_are_told_by_what_the_server_says_and_how_the_file_begins(site: Served) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", "<moths/>")
    bodies = {
        "a.pdf": (b"%PDF-1.7 moths", "application/octet-stream", ".pdf"),
        "b": (packed.getvalue(), "application/zip", ".docx"),
        "c.md": (b"# Moths", "text/plain", ".md"),
        "d": (b"Moths", "text/plain; charset=utf-8", ".txt"),
    }
    site.pages |= {f"{HOST}/{name}": reply(body=body, content_type=kind) for name, (body, kind, _) in bodies.items()}
    taken = take(site, *(f"{SITE}/{name}" for name in bodies))
    assert [one.ending for one in taken if isinstance(one, Item)] == [ending for *_, ending in bodies.values()]


def test_pictures_are_skipped_and_unknown_formats_and_empty_pages_refused(site: Served) -> None:
    site.pages |= {
        f"{HOST}/moth.png": reply(body=b"\x89PNG", content_type="image/png"),
        f"{HOST}/moth.bin": reply(body=b"\x00", content_type="application/x-moth"),
        f"{HOST}/empty": reply(content_type="text/html"),
    }
    assert take(site, f"{SITE}/moth.png", f"{SITE}/moth.bin", f"{SITE}/empty") == [
        Skipped(f"{SITE}/moth.png", "found image/png, which is no document"),
        Refused(f"{SITE}/moth.bin", "found application/x-moth, wanted HTML, PDF, Word, EPUB, Markdown or plain text"),
        Refused(f"{SITE}/empty", "found 0 bytes, wanted a page; look at it in a browser"),
    ]


def test_a_page_that_is_packed_is_unpacked(site: Served) -> None:
    site.pages[f"{HOST}/moths"] = reply(
        body=gzip.compress(PAGE.encode()), content_type="text/html", content_encoding="gzip"
    )
    assert take(site, f"{SITE}/moths") == [item(f"{SITE}/moths")]


def test_the_pages_of_a_sitemap_are_taken_in_its_order(site: Served) -> None:
    site.pages |= {f"{HOST}/{name}": HTML for name in "ab"}
    site.pages[f"{HOST}/sitemap.xml"] = urlset(f"{SITE}/b", f"{SITE}/a#x", f"{SITE}/a", "http://elsewhere.example/")
    assert take_sitemap(site) == [
        Refused(
            "http://elsewhere.example/",
            "lies on elsewhere.example, only pages of vantor.example were asked for; name it by itself",
        ),
        item(f"{SITE}/b"),
        item(f"{SITE}/a"),
    ]


def test_an_index_of_sitemaps_is_followed_packed_or_not(site: Served) -> None:
    site.pages |= {f"{HOST}/{name}": HTML for name in "abc"}
    body = gzip.compress(f"{SITE}/c\n".encode())
    site.pages |= {
        f"{HOST}/sitemap.xml": index(f"{SITE}/1.xml", f"{SITE}/sitemap.xml", f"{SITE}/2.xml", f"{SITE}/3.txt.gz"),
        f"{HOST}/1.xml": urlset(f"{SITE}/a"),
        f"{HOST}/2.xml": index(f"{SITE}/1.xml", f"{SITE}/4.xml"),
        f"{HOST}/4.xml": urlset(f"{SITE}/b"),
        f"{HOST}/3.txt.gz": reply(body=body, content_type="application/gzip"),
    }
    assert take_sitemap(site) == [item(f"{SITE}/{name}") for name in "abc"]


def test_a_sitemap_that_cannot_be_had_further_on_leaves_the_list_partial(site: Served) -> None:
    site.pages |= {
        f"{HOST}/sitemap.xml": index(f"{SITE}/1.xml", f"{SITE}/2.xml", "http://elsewhere.example/3.xml"),
        f"{HOST}/2.xml": urlset(f"{SITE}/a"),
        f"{HOST}/a": HTML,
    }
    assert take_sitemap(site) == [
        Partial(
            "http://elsewhere.example/3.xml",
            "a sitemap on another site than vantor.example, which alone was asked for; name it by itself",
        ),
        Partial(f"{SITE}/1.xml", "found status 404, wanted a sitemap; look at it in a browser"),
        item(f"{SITE}/a"),
    ]


def test_sitemaps_are_not_followed_without_end(site: Served) -> None:
    site.pages[f"{HOST}/sitemap.xml"] = index(f"{SITE}/0.xml")
    for number in range(9):
        body = f"<sitemapindex><sitemap><loc>{SITE}/{number + 1}.xml</loc></sitemap></sitemapindex>"
        site.pages[f"{HOST}/{number}.xml"] = reply(body=body)
    with pytest.raises(IngestError, match="further sitemaps more than 3 deep"):
        take_sitemap(site)
    assert len(site.addresses) == 3


def test_an_index_of_too_many_sitemaps_is_left(site: Served) -> None:
    site.pages[f"{HOST}/sitemap.xml"] = index(*(f"{SITE}/{number}.xml" for number in range(300)))
    with pytest.raises(IngestError, match="more than 200 sitemaps"):
        take_sitemap(site)


def test_more_pages_than_are_allowed_leave_the_list_partial(site: Served) -> None:
    site.pages |= {f"{HOST}/{name}": HTML for name in "abc"}
    site.pages[f"{HOST}/sitemap.xml"] = urlset(*(f"{SITE}/{name}" for name in "abc"))
    assert take_sitemap(site, limits=replace(LIMITS, max_pages=2)) == [
        Partial(f"{SITE}/sitemap.xml", "names 3 pages, of which the first 2 are taken; allow more of them"),
        item(f"{SITE}/a"),
        item(f"{SITE}/b"),
    ]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply("404 Not Found"), "found status 404, wanted a sitemap"),
        (reply("503 Busy"), "found status 503, wanted a sitemap"),
        (reply(body="<html>moths</html>"), "found XML of the kind 'html', wanted a sitemap"),
        (reply(body="<urlset></urlset>"), "names no page that can be taken"),
        (reply(body=""), "found nothing, wanted a sitemap"),
        (urlset("http://elsewhere.example/"), "names no page that can be taken"),
    ],
)
def test_a_sitemap_that_names_nothing_is_an_error_and_no_empty_site(site: Served, answer: bytes, why: str) -> None:
    site.pages[f"{HOST}/sitemap.xml"] = answer
    with pytest.raises(IngestError, match=f"^{SITE}/sitemap.xml:? .*{why}"):
        take_sitemap(site)


def test_the_sitemaps_of_a_site_are_those_that_its_robots_txt_names(site: Served) -> None:
    site.pages |= {
        f"{HOST}/robots.txt": reply(
            body=f"Sitemap: {SITE}/m.xml\nSitemap: /r.xml\nSitemap: http://elsewhere.example/x"
        ),
        f"{HOST}/m.xml": urlset(f"{SITE}/a"),
        f"{HOST}/r.xml": urlset(f"{SITE}/b"),
        f"{HOST}/a": HTML,
        f"{HOST}/b": HTML,
    }
    taken = list(fetch(WebSource.of(SITE, sitemap=True), {}, LIMITS, quiet, site.around))
    assert [one.path for one in taken] == ["http://elsewhere.example/x", f"{SITE}/a", f"{SITE}/b"]
    assert isinstance(taken[0], Partial)


def test_the_sitemap_of_a_site_that_names_none_is_looked_for(site: Served) -> None:
    site.pages |= {f"{HOST}/sitemap.xml": urlset(f"{SITE}/a"), f"{HOST}/a": HTML}
    taken = list(fetch(WebSource.of(SITE, sitemap=True), {}, LIMITS, quiet, site.around))
    assert taken == [item(f"{SITE}/a")]


def test_progress_is_told(site: Served) -> None:
    site.pages |= {f"{HOST}/sitemap.xml": urlset(f"{SITE}/a", f"{SITE}/b"), f"{HOST}/a": HTML}
    told: list[tuple[str, int, int]] = []
    source = WebSource.of(f"{SITE}/sitemap.xml")
    list(fetch(source, {}, LIMITS, lambda what, done, total: told.append((what, done, total)), site.around))
    assert told == [("sitemaps", 0, 1), ("sitemaps", 1, 1), ("pages", 0, 2), ("pages", 1, 2), ("pages", 2, 2)]

"""Servers that mean harm or are broken: one clear line for the page, in time, and nothing else."""

import gzip
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.items import Item, Refused, Skipped
from ingest.raw import IngestError
from ingest.web.fetch import Taken, fetch
from ingest.web.model import Gone, Limits
from ingest.web.source import WebKind, WebSource
from tests.site import Served, reply, serving

pytestmark = pytest.mark.enable_socket

PAGE = "http://vantor.example/moths"
LIMITS = Limits(max_bytes=2**20, request_s=1, read_s=0.3, retries=0)
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n"


@pytest.fixture
def site() -> Iterator[Served]:
    """A site that has nothing yet."""
    with serving(Served()) as served:
        yield served


def take(served: Served, limits: Limits = LIMITS) -> list[Taken]:
    source = WebSource(PAGE, WebKind.PAGES, (PAGE,))
    return list(fetch(source, {}, limits, lambda _what, _done, _total: None, served.around))


def why_not(served: Served, answer: bytes | Callable[[socket.socket], None], limits: Limits = LIMITS) -> str:
    served.pages["vantor.example/moths"] = answer
    before = time.monotonic()
    taken = take(served, limits)
    assert time.monotonic() - before < 10
    assert len(taken) == 1
    assert isinstance(taken[0], Refused)
    return taken[0].why


def dripping(beginning: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Sends `beginning` at once and then a drop every little while, without end."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(drop)
            time.sleep(0.02)

    return answer


def pouring(beginning: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Sends `beginning` and then `drop` without end, as fast as it's taken."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(beginning)
        while True:
            connection.sendall(drop)

    return answer


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nmoth: ", b"m"),
        (b"HTTP/1.1 200 OK\r\n", b"m: m\r\n"),
        (HEAD + b"\r\n", b"m"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\n", b"1\r\nm\r\n"),
        (HEAD + b"content-length: 1000\r\n\r\n", b"m"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
def test_a_server_that_drips_does_not_hold_us_up(site: Served, beginning: bytes, drop: bytes) -> None:
    why = why_not(site, dripping(beginning, drop))
    assert why.startswith(("it wasn't sent whole within 1 s", "what was sent is no whole answer"))


def test_a_server_that_says_nothing_is_left(site: Served) -> None:
    def nothing(_connection: socket.socket) -> None:
        time.sleep(2)

    assert why_not(site, nothing) == "nothing was sent for 0.3 s; try again later"


def test_a_server_that_breaks_off_is_tried_again(site: Served) -> None:
    broken = HEAD + b"content-length: 1000\r\n\r\nmoths"
    site.pages["vantor.example/moths"] = [broken, reply(body="moths", content_type="text/html")]
    assert [type(one) for one in take(site, replace(LIMITS, retries=1))] == [Item]


@pytest.mark.parametrize(
    "answer",
    [
        pouring(HEAD + b"\r\n", b"m" * 65_536),
        pouring(HEAD + b"transfer-encoding: chunked\r\n\r\n", b"10000\r\n" + b"m" * 65_536 + b"\r\n"),
        pouring(HEAD + b"content-encoding: gzip\r\n\r\n", gzip.compress(b"m" * 65_536)),
        pouring(HEAD + b"content-encoding: gzip\r\n\r\n", gzip.compress(b"") * 1_000),
        HEAD + b"content-length: 500000000\r\n\r\nmoths",
        reply(body=gzip.compress(bytes(200 * 2**20)), content_type="text/html", content_encoding="gzip"),
        reply(body=zlib.compress(bytes(2**22), wbits=31), content_type="text/html", content_encoding="X-Gzip"),
    ],
)
def test_of_what_is_too_large_no_more_is_taken_than_may_be(
    site: Served, answer: bytes | Callable[[socket.socket], None]
) -> None:
    assert why_not(site, answer, replace(LIMITS, request_s=8)) == (
        "found more than 1 MB, wanted at most that; split it or leave it out"
    )


def test_headers_without_end_are_left(site: Served) -> None:
    answer = pouring(b"HTTP/1.1 200 OK\r\n", b"moth: moths\r\n" * 1_000)
    assert why_not(site, answer).startswith("what was sent is no whole answer over HTTP")


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "deflate", "moth"])
def test_a_coding_that_was_not_asked_for_is_refused(site: Served, coding: str) -> None:
    answer = reply(body=gzip.compress(gzip.compress(b"moths")), content_type="text/html", content_encoding=coding)
    assert why_not(site, answer) == f"found the coding {coding!r}, wanted gzip or none"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"moths", "found broken gzip"),
        (gzip.compress(b"moths")[:-9], "found gzip that ends too early"),
        (gzip.compress(b"moths")[:-8] + bytes(8), "found broken gzip"),
    ],
)
def test_broken_gzip_is_refused(site: Served, body: bytes, why: str) -> None:
    assert why_not(site, reply(body=body, content_type="text/html", content_encoding="gzip")).startswith(why)


def test_what_follows_gzip_without_meaning_is_left_out(site: Served) -> None:
    body = gzip.compress(b"glimmer ") + gzip.compress(b"moths") + bytes(100)
    site.pages["vantor.example/moths"] = reply(body=body, content_type="text/html", content_encoding="gzip")
    assert [one.data for one in take(site) if isinstance(one, Item)] == [b"glimmer moths"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"moths",
        b"\0" * 1_000,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"HTTP/1.1\r\n\r\n",
        b"HTTP/1.1 moths OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nmo th: moths\r\n\r\n",
        HEAD + b"content-length: 10\r\n\r\nmoths",
        HEAD + b"content-length: -1\r\n\r\nmoths",
        HEAD + b"content-length: moths\r\n\r\nmoths",
        HEAD + b"content-length: 5\r\ncontent-length: 6\r\n\r\nmoths",
        HEAD + b"transfer-encoding: moths\r\n\r\nmoths",
        HEAD + b"transfer-encoding: chunked\r\n\r\nmoths\r\n",
        HEAD + b"transfer-encoding: chunked\r\n\r\n5\r\nmoths",
        HEAD + b"transfer-encoding: chunked\r\n\r\nfffffffffffffffffffff\r\nmoths",
        HEAD + b"transfer-encoding: chunked\r\n\r\n1;" + b"m" * 200_000,
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: moths\r\nconnection: upgrade\r\n\r\n",
    ],
)
def test_what_is_no_answer_over_http_is_refused(site: Served, answer: bytes) -> None:
    why = why_not(site, answer)
    assert why.startswith(
        ("what was sent is no whole answer over HTTP", "the server answers with status 101", "the connection broke")
    )


def test_more_bytes_than_were_announced_are_left(site: Served) -> None:
    site.pages["vantor.example/moths"] = HEAD + b"content-length: 5\r\n\r\nmoths and reeds"
    assert [one.data for one in take(site) if isinstance(one, Item)] == [b"moths"]


@pytest.mark.parametrize("status", [201, 204, 206, 300, 304, 400, 418, 451, 505, 599, 999])
def test_a_status_that_means_nothing_to_us_is_refused(site: Served, status: int) -> None:
    assert why_not(site, reply(f"{status} Moth")) == f"the server answers with status {status}; try again later"


def test_a_redirect_that_would_smuggle_headers_is_refused(site: Served) -> None:
    answer = b"HTTP/1.1 302 Found\r\nlocation: /moths\rX-Moth: 1\r\ncontent-length: 0\r\n\r\n"
    assert why_not(site, answer).startswith(("what was sent is no", "it leads on"))


def test_a_site_that_falls_silent_is_left_after_three_pages(site: Served) -> None:
    def hang_up(_connection: socket.socket) -> None:
        """Says nothing and closes."""

    site.pages |= {f"vantor.example/{number}": hang_up for number in range(9)}
    addresses = tuple(f"http://vantor.example/{number}" for number in range(9))
    source = WebSource("list", WebKind.PAGES, addresses)
    taken = list(fetch(source, {}, LIMITS, lambda _what, _done, _total: None, site.around))
    assert [type(one) for one in taken] == [Refused] * 9
    assert len(site.addresses) == 3


def test_a_host_that_refuses_connections_fails_the_run(site: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    around = replace(site.around, route=lambda _address, _port: ("127.0.0.1", port))
    source = WebSource(PAGE, WebKind.PAGES, (PAGE,))
    with pytest.raises(IngestError, match=r"the host refuses the connection"):
        list(fetch(source, {}, LIMITS, lambda _what, _done, _total: None, around))


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.builds(
            lambda status, headers, body: b"HTTP/1.1 %d OK\r\n%b\r\n%b" % (status, headers, body),
            st.sampled_from([200, 200, 200, 301, 302, 304, 404, 429, 503]),
            st.lists(
                st.builds(
                    lambda name, value: name + b": " + value + b"\r\n",
                    st.sampled_from(
                        [
                            b"content-type",
                            b"location",
                            b"retry-after",
                            b"etag",
                            b"content-encoding",
                            b"content-length",
                            b"date",
                        ]
                    ),
                    st.one_of(
                        st.binary(max_size=20),
                        st.sampled_from([b"text/html", b"gzip", b"5", b"/a", b"text/plain; charset=x"]),
                    ),
                ),
                max_size=4,
            ).map(b"".join),
            st.binary(max_size=50),
        ),
    )
)
def test_any_bytes_are_an_answer_or_refused(answer: bytes) -> None:
    with serving(Served({"vantor.example/moths": answer})) as site:
        taken = take(site)
    assert [type(one) for one in taken] in [[Item], [Refused], [Gone], [Skipped]]


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=300), st.lists(st.sampled_from(
    [b"User-agent: *", b"Disallow: /", b"Disallow: /*/$", b"Allow: /moths", b"Crawl-delay: 1e400", b"Crawl-delay: nan",
     b"Request-rate: 1/0", b"Request-rate: 0/1s", b"Visit-time: 9", b"Sitemap: [", b"Host: \xff"]
), max_size=8))  # fmt: skip
def test_any_robots_txt_allows_or_forbids(data: bytes, lines: list[bytes]) -> None:
    robots = b"\n".join([*lines, data])
    with serving(Served({"vantor.example/robots.txt": reply(body=robots)})) as site:
        taken = take(site)
    assert [type(one) for one in taken] in [[Gone], [Refused]]

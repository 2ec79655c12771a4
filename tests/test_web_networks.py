"""Networks as hospitals have them: proxies and certificate authorities of their own."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.model import Source
from ingest.items import Item, Refused
from ingest.raw import IngestError
from ingest.web.address import Address
from ingest.web.fetch import Taken, fetch
from ingest.web.model import Limits
from ingest.web.network import OURS
from ingest.web.source import WebKind, WebSource
from tests.site import Served, reply, serving

LIMITS = Limits(request_s=5, read_s=5, retries=0)
HTML = reply(body="moths", content_type="text/html")
NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD", "SSL_CERT_FILE", "SSL_CERT_DIR"]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names no proxies and no certificates."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.fixture
def site() -> Iterator[Served]:
    """A site that has one page."""
    with serving(Served({"vantor.example/moths": HTML})) as served:
        yield served


def take(served: Served, address: str) -> list[Taken]:
    source = WebSource(address, WebKind.PAGES, (address,))
    return list(fetch(source, {}, LIMITS, lambda _what, _done, _total: None, served.around))


@pytest.mark.parametrize(
    ("named", "address", "proxy"),
    [
        ({}, "http://vantor.example/", None),
        ({"HTTP_PROXY": "http://proxy.example:3128"}, "http://vantor.example/", "http://proxy.example:3128"),
        ({"http_proxy": "proxy.example:3128"}, "http://vantor.example/", "http://proxy.example:3128"),
        ({"HTTP_PROXY": "http://proxy.example:3128"}, "https://vantor.example/", None),
        ({"HTTPS_PROXY": "http://proxy.example:3128"}, "https://vantor.example/", "http://proxy.example:3128"),
        ({"ALL_PROXY": "http://proxy.example:3128"}, "https://vantor.example/", "http://proxy.example:3128"),
        ({"ALL_PROXY": "http://proxy.example", "NO_PROXY": ".example"}, "https://vantor.example/", None),
        (
            {"ALL_PROXY": "http://proxy.example", "NO_PROXY": "lake.example,vantor.example"},
            "https://vantor.example/",
            None,
        ),
    ],
)
def test_the_environment_names_the_proxy(
    environment: pytest.MonkeyPatch, named: dict[str, str], address: str, proxy: str | None
) -> None:
    for name, value in named.items():
        environment.setenv(name, value)
    assert OURS.proxy(Address.of(address)) == proxy


@pytest.mark.enable_socket
def test_a_page_is_asked_for_through_a_proxy_that_may_lie_in_the_own_network(site: Served) -> None:
    site.proxy = "http://keeper:b%65ll@proxy.clinic:3128"
    site.hosts = {"proxy.clinic": ["10.0.0.1"], "vantor.example": []}
    assert take(site, "http://vantor.example/moths") == [
        Item("http://vantor.example/moths", ".html", b"moths", Source("", url="http://vantor.example/moths"))
    ]
    assert site.connected == ["10.0.0.1"] * 2
    assert site.asked[-1].headers["proxy-authorization"] == "Basic a2VlcGVyOmJlbGw="


@pytest.mark.enable_socket
def test_a_host_with_several_addresses_is_asked_at_the_first_that_answers(site: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        nobody = listener.getsockname()[1]
    site.hosts["vantor.example"] = ["2606:2800:220:1::1", "93.184.216.34"]
    around = replace(site.around, route=lambda address, _: ("127.0.0.1", nobody if ":" in address else site.port))
    source = WebSource("list", WebKind.PAGES, ("http://vantor.example/moths",))
    (taken,) = fetch(source, {}, LIMITS, lambda _what, _done, _total: None, around)
    assert isinstance(taken, Item)


@pytest.mark.enable_socket
def test_a_proxy_that_refuses_is_told(site: Served) -> None:
    site.proxy = "http://proxy.clinic"
    site.pages["vantor.example:443vantor.example:443"] = reply("403 Forbidden")
    with pytest.raises(IngestError, match=r"the proxy of the environment refuses it \(403"):
        take(site, "https://vantor.example/moths")


@pytest.mark.parametrize("proxy", ["socks5://proxy.clinic", "http://", "moth://a"])
def test_a_proxy_of_an_unknown_kind_is_told(proxy: str) -> None:
    with pytest.raises(IngestError, match="wanted http://"):
        take(Served(proxy=proxy), "https://vantor.example/moths")


needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="makes a certificate with openssl")


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of vantor.example that nobody but itself vouches for, with its key beside it."""
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=vantor.example"
    names = ["-addext", "subjectAltName=DNS:vantor.example", "-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run([*command.split(), *names], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path / "cert.pem"


def secured(certificate: Path) -> Served:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return Served({"vantor.example/moths": HTML}, tls=context)


@needs_openssl
@pytest.mark.enable_socket
def test_a_certificate_that_nobody_vouches_for_is_told(certificate: Path) -> None:
    with serving(secured(certificate)) as site, pytest.raises(IngestError, match=r"isn't trusted .*SSL_CERT_FILE"):
        take(site, "https://vantor.example/moths")


@needs_openssl
@pytest.mark.enable_socket
def test_an_authority_of_the_own_network_is_trusted_when_it_is_named(
    certificate: Path, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("SSL_CERT_FILE", str(certificate))
    with serving(secured(certificate)) as site:
        (taken,) = take(site, "https://vantor.example/moths")
    assert isinstance(taken, Item)
    with serving(secured(certificate)) as site, pytest.raises(IngestError, match="isn't trusted"):
        take(site, "https://lake.example/")


@needs_openssl
@pytest.mark.enable_socket
def test_a_page_that_leads_from_https_to_http_is_refused(certificate: Path, environment: pytest.MonkeyPatch) -> None:
    environment.setenv("SSL_CERT_FILE", str(certificate))
    with serving(secured(certificate)) as site:
        site.pages["vantor.example/moths"] = reply("302 Found", location="http://vantor.example/moths")
        (taken,) = take(site, "https://vantor.example/moths")
    assert isinstance(taken, Refused)
    assert taken.why.startswith("it leads on from https to http")


@pytest.mark.enable_socket
def test_a_secure_connection_to_what_is_none_is_told(site: Served) -> None:
    with pytest.raises(IngestError, match="no secure connection"):
        take(site, "https://vantor.example/moths")

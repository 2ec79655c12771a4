"""What a user can name: a page, a sitemap, a site, a file of addresses."""

from pathlib import Path

import pytest

from ingest.raw import IngestError
from ingest.web.source import WebKind, WebSource


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://vantor.example", WebKind.PAGES),
        ("https://vantor.example/moths", WebKind.PAGES),
        ("HTTPS://vantor.example/moths.pdf", WebKind.PAGES),
        ("https://vantor.example/sitemap.html", WebKind.PAGES),
        ("https://vantor.example/sitemap/moths", WebKind.PAGES),
        ("https://vantor.example/moths.xml", WebKind.SITEMAP),
        ("https://vantor.example/moths.XML.gz?page=1", WebKind.SITEMAP),
        ("https://vantor.example/sitemap_index", WebKind.SITEMAP),
        ("https://vantor.example/sitemap.txt", WebKind.SITEMAP),
        ("https://vantor.example/sitemap/", WebKind.SITEMAP),
        ("https://[broken/sitemap.xml", WebKind.PAGES),
    ],
)
def test_an_address_says_what_it_is(address: str, kind: WebKind) -> None:
    assert WebSource.of(address) == WebSource(address, kind, (address,))


def test_a_site_is_asked_for_its_sitemaps_when_that_is_wanted() -> None:
    site = "https://vantor.example"
    assert WebSource.of(site, sitemap=True) == WebSource(site, WebKind.SITE, (site,))


def test_a_file_names_pages_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "pages.txt"
    path.write_bytes(
        b"\xef\xbb\xbf# Moths\nhttps://vantor.example/a#b\r\n\n  https://vantor.example/c  # a comment\nmoths\n"
    )
    addresses = ("https://vantor.example/a#b", "https://vantor.example/c", "moths")
    assert WebSource.of(str(path)) == WebSource(str(path), WebKind.PAGES, addresses)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "names no address"),
        (b"# moths\n", "names no address"),
        (b"\xff\xfe", "is no UTF-8"),
        (b"m" * (16 * 2**20 + 1), "holds more than 16 MB"),
    ],
)
def test_a_file_that_names_nothing_is_an_error(tmp_path: Path, data: bytes, why: str) -> None:
    path = tmp_path / "pages.txt"
    path.write_bytes(data)
    with pytest.raises(IngestError, match=why):
        WebSource.of(str(path))


@pytest.mark.parametrize("name", ["", "moths", "moths\0", "ftp://vantor.example/"])
def test_what_is_neither_an_address_nor_a_file_is_an_error(name: str) -> None:
    with pytest.raises(IngestError, match="is no address and can't be read as a file of addresses"):
        WebSource.of(name)


@pytest.mark.parametrize(
    ("name", "text", "web"),
    [
        ("pages.txt", "https://vantor.example/a\n# moths\n", True),
        ("pages.urls", "https://vantor.example/a\n", True),
        ("pages.txt", "Glimmer moths\nhttps://vantor.example/a\n", False),
        ("pages.txt", "", False),
        ("pages.md", "https://vantor.example/a\n", False),
    ],
)
def test_a_file_of_addresses_is_told_from_a_document(tmp_path: Path, name: str, text: str, web: bool) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert WebSource.is_web(str(path)) is web


def test_an_address_is_told_from_a_folder(tmp_path: Path) -> None:
    assert WebSource.is_web("https://vantor.example/")
    assert not WebSource.is_web(str(tmp_path))
    assert not WebSource.is_web("moths.txt")

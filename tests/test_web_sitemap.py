"""Sitemaps: what they name, and what they can't do to us."""

import gzip
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.raw import IngestError
from ingest.web.sitemap import Sitemap, read_sitemap

SITE = "https://vantor.example"
URLSET = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- Moths -->
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc>
      {SITE}/moths?a=1&amp;b=2
    </loc>
    <lastmod>2025-03-03</lastmod>
    <image:image><image:loc>{SITE}/moth.png</image:loc></image:image>
  </url>
  <url><loc><![CDATA[{SITE}/réeds]]></loc><priority>0.8</priority></url>
  <url><loc>{SITE}/moths?a=1&#38;b=2</loc></url>
  <url><loc></loc></url>
</urlset>"""
INDEX = f"""<sitemapindex><sitemap><loc>{SITE}/1.xml</loc></sitemap><sitemap><loc>{SITE}/2.xml.gz</loc></sitemap>
<url><loc>{SITE}/no-page</loc></url></sitemapindex>"""
PAGES = Sitemap((f"{SITE}/moths?a=1&b=2", f"{SITE}/réeds"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_sitemap_names_its_pages_once(encoding: str) -> None:
    name = encoding.removesuffix("-sig")
    assert read_sitemap(URLSET.replace("UTF-8", name).encode(encoding)) == PAGES


def test_a_packed_sitemap_is_unpacked() -> None:
    assert read_sitemap(gzip.compress(URLSET.encode())) == PAGES


def test_an_index_names_further_sitemaps() -> None:
    assert read_sitemap(INDEX.encode()) == Sitemap((), (f"{SITE}/1.xml", f"{SITE}/2.xml.gz"))


def test_a_sitemap_can_be_a_list() -> None:
    assert read_sitemap(f"\ufeff{SITE}/a\r\n\r\n  {SITE}/b\n{SITE}/a".encode()) == Sitemap((f"{SITE}/a", f"{SITE}/b"))


@pytest.mark.parametrize("made", ["xml", "lines"])
def test_a_sitemap_of_more_than_50_000_addresses_is_cut(made: str) -> None:
    names = [f"{SITE}/{number}" for number in range(50_001)]
    body = "\n".join(names)
    if made == "xml":
        body = f"<urlset>{''.join(f'<url><loc>{name}</loc></url>' for name in names)}</urlset>"
    assert read_sitemap(body.encode()) == Sitemap(tuple(names[:50_000]), cut=True)


BOMB = """<!DOCTYPE urlset [<!ENTITY a "moths"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>"""
OUTSIDE = """<!DOCTYPE urlset [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>"""


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, '<!DOCTYPE urlset SYSTEM "http://vantor.example/x.dtd"><urlset/>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(text: str, encoding: str) -> None:
    with pytest.raises(IngestError, match=r"^found a document type, .*, wanted a plain sitemap$"):
        read_sitemap(text.encode(encoding))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "found nothing, wanted a sitemap"),
        (b"moths", "found 'moths', wanted a sitemap"),
        (b"\xffmoths", "found bytes that are no text, wanted a sitemap"),
        (b"<html><body>moths</body></html>", "found XML of the kind 'html', wanted a sitemap"),
        (b"<rss version='2.0'/>", "found XML of the kind 'rss', wanted a sitemap"),
        (b"<urlset><url><loc>", "found broken XML"),
        (b"<urlset>&moth;</urlset>", "found broken XML"),
        (b"<?xml version='1.0' encoding='moth'?><urlset/>", "found broken XML"),
        (b"<?xml version='1.0' encoding='rot13'?><urlset/>", "found broken XML"),
        (b"<?xml version='1.0' encoding='euc-jp'?><urlset/>", "found broken XML"),
        (b"<urlset>" + b"<url>" * 100_000, "found XML nested more than 16 deep"),
        (b"<urlset><url><loc>" + b"m" * 9_000, "found an address of more than 8,192 characters"),
        (gzip.compress(URLSET.encode())[:-20], "found gzip that ends too early"),
        (b"\x1f\x8bmoths", "found broken gzip"),
        (gzip.compress(bytes(60 * 2**20)), "found more than 50 MB"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(IngestError, match=f"^{why}"):
        read_sitemap(data)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """`data` with some of its bytes changed, left out, doubled or swapped with marks of XML."""
    result = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(result) + 1)
        to = min(len(result), at + chance.randint(0, 12))
        match chance.randrange(4):
            case 0:
                result[at:to] = chance.randbytes(to - at)
            case 1:
                del result[at:to]
            case 2:
                result[at:at] = result[at:to] * chance.randint(1, 50)
            case _:
                result[at:to] = chance.choice(MARKS)
    return bytes(result)


MARKS = [
    b"<", b">", b"&", b"&#0;", b"&#x110000;", b"]]>", b"<![CDATA[", b"<!--", b"<?xml", b"<!DOCTYPE a [",
    b"<!ENTITY a 'b'>",
    b"xmlns:a=''", b"</urlset>", b"<urlset>", b"<loc>", b"\0", b"\xff\xfe", b"encoding='utf-7'", b"encoding='utf-16'",
    b"encoding='idna'", b"\xed\xa0\x80", b"\r\n", b"\x1f\x8b",
]  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_changed_bytes_make_a_sitemap_or_the_one_error(seed: int) -> None:
    chance = random.Random(seed)
    originals = [URLSET.encode(), INDEX.encode(), f"{SITE}/a\n{SITE}/b".encode(), URLSET.encode("utf-16")]
    originals.append(gzip.compress(URLSET.encode(), mtime=0))
    for _ in range(300):
        try:
            read_sitemap(mutated(chance.choice(originals), chance))
        except IngestError as error:
            assert str(error).startswith("found ")  # noqa: PT017


@given(st.binary())
def test_any_bytes_make_a_sitemap_or_the_one_error(data: bytes) -> None:
    for prefix in (b"", b"<", b"<?xml version='1.0' encoding='", b"<urlset>", b"\x1f\x8b\x08"):
        try:
            read_sitemap(prefix + data)
        except IngestError as error:
            assert str(error).startswith("found ")  # noqa: PT017

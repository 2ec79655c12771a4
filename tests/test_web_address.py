"""Addresses: one form each, and which belong to one site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.raw import IngestError
from ingest.web.address import Address, shown

HOSTS = st.sampled_from(
    ["vantor.example", "VANTOR.example.", "www.vantor.example", "mötten.example", "10.0.0.1", "[::1]"]
)
PORTS = st.sampled_from(["", ":80", ":443", ":8080"])
PATHS = st.text(st.sampled_from("aZ9/.-_~%éẞ 2eEfF+&=;@'\\|\"<>\t\0😀"), max_size=20)
ADDRESSES = st.builds(
    lambda scheme, host, port, path, query: f"{scheme}://{host}{port}/{path}{query}",
    st.sampled_from(["http", "HTTPS"]),
    HOSTS,
    PORTS,
    PATHS,
    PATHS.map(lambda query: f"?{query}" if query else ""),
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("HTTP://Vantor.EXAMPLE", "http://vantor.example/"),
        ("  https://vantor.example:443/moths#where  ", "https://vantor.example/moths"),
        ("https://vantor.example:80/", "https://vantor.example:80/"),
        ("https://vantor.example./", "https://vantor.example/"),
        ("https://vantor.example/%7emoth/%c3%a9/é", "https://vantor.example/~moth/%C3%A9/%C3%A9"),
        ("https://vantor.example/a%2fb", "https://vantor.example/a%2Fb"),
        ("https://vantor.example/a b?c d=100%", "https://vantor.example/a%20b?c%20d=100%25"),
        ("https://vantor.example/a/./b/../c/.", "https://vantor.example/a/c/"),
        ("https://vantor.example/%2e%2e/a", "https://vantor.example/a"),
        ("https://vantor.example/a?", "https://vantor.example/a"),
        ("https://vantor.example//a//b", "https://vantor.example//a//b"),
        ("https://Mötten.example/", "https://xn--mtten-jua.example/"),
        ("https://[2001:DB8:0::1]:443/", "https://[2001:db8::1]/"),
    ],
)
def test_an_address_has_one_form(text: str, canonical: str) -> None:
    assert str(Address.of(text)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("/reeds", "https://vantor.example/reeds"),
        ("reeds", "https://vantor.example/moths/reeds"),
        ("../reeds?a", "https://vantor.example/reeds?a"),
        ("//lake.example", "https://lake.example/"),
        ("?a", "https://vantor.example/moths/where?a"),
    ],
)
def test_a_relative_address_is_seen_from_its_base(text: str, canonical: str) -> None:
    assert str(Address.of(text, Address.of("https://vantor.example/moths/where"))) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "", "moths", "/moths", "//vantor.example/", "ftp://vantor.example/", "file:///moths", "javascript:moths()",
        "http://", "http:///moths", "http://vantor.example:moth/", "http://vantor.example:70000/", "http://[::1",
        "http://[moth]/", "http://vantor..example/", "http://-vantor.example/", "http://van tor.example/",
        "http://keeper@vantor.example/", "http://keeper:bell@vantor.example/", "http://vantor.example/\ud800",
        f"http://vantor.example/{'m' * 9_000}", "http://%76antor.example/", "http://van\u2028tor.example/",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(IngestError, match=r"^found an address|wanted (https://host/path|a name as in)"):
        Address.of(text)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(IngestError) as caught:
        Address.of("http://keeper:bell@vantor.example/")
    assert "bell" not in str(caught.value)


@given(ADDRESSES)
def test_the_one_form_of_an_address_is_its_own(text: str) -> None:
    address = Address.of(text)
    assert Address.of(str(address)) == address
    assert str(address).isascii()
    assert str(address).isprintable()
    assert " " not in str(address)


@given(st.text())
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for address in (text, f"http://{text}", f"http://vantor.example/{text}"):
        try:
            canonical = Address.of(address)
        except IngestError:
            continue
        assert Address.of(str(canonical)) == canonical


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("http://www.vantor.example/reeds", True),
        ("https://vantor.example/", True),
        ("http://vantor.example:8080/", False),
        ("https://vantor.example:80/", True),
        ("http://lake.vantor.example/", False),
        ("http://vantor.example.lake.example/", False),
        ("http://www.www.vantor.example/", False),
    ],
)
def test_a_site_is_one_host_with_or_without_www(other: str, same: bool) -> None:
    assert Address.of("http://vantor.example/moths").same_site(Address.of(other)) is same
    assert Address.of(other).same_site(Address.of("http://vantor.example/moths")) is same


def test_no_two_hosts_under_a_top_level_domain_are_one_site() -> None:
    assert not Address.of("http://www.example/").same_site(Address.of("http://example/"))


def test_what_others_wrote_is_shown_in_one_short_line() -> None:
    assert shown("réed\n\x1b[2J\ud800" + "m" * 200) == "réed\\n\\x1b[2J\\ud800" + "m" * 110 + "…"

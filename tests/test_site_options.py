"""What is said of a site on the command line: read as browsers and proxies write it, or refused in one line."""

from pathlib import Path

import pytest

from ui import site_options
from ui.inputs import UsageError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://clinic.example", "https://clinic.example"),
        ("HTTPS://Clinic.Example/", "https://clinic.example"),
        ("https://clinic.example:443", "https://clinic.example"),
        ("http://clinic.example:80", "http://clinic.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_read_as_browsers_write_it(text: str, wanted: str) -> None:
    assert site_options.origin(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        *("*", "", "clinic.example", "null", "ftp://clinic.example", "https://", "https://*.clinic.example"),
        *("https://clinic.example/page", "https://clinic.example?a", "https://a@clinic.example", "https://a:b"),
        *("https://clinic.example; frame-ancestors *", "https://clinic.example\n", "https://münchen.example")[:1],
        "https://münchen.example",
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--allow-origin: found .*, wanted a site such as https://www\.example\.org"):
        site_options.origin(text)


@pytest.mark.parametrize(
    ("text", "wanted"), [("", ""), ("/", ""), ("/bot", "/bot"), ("/bot/", "/bot"), ("/a/b.c", "/a/b.c")]
)
def test_a_path_prefix_has_no_slash_at_its_end(text: str, wanted: str) -> None:
    assert site_options.root_path(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["bot", "//bot", "/a//b", "/../b", "/.b", "/a b", "/a?b", "/a#b", "/ä", "/a%2fb", "/chat", "/api/x", "https://a/b"],
)
def test_what_is_no_path_prefix_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--root-path: found .*, wanted a path such as /bot"):
        site_options.root_path(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("127.0.0.1", "127.0.0.1"), ("10.0.0.0/8", "10.0.0.0/8"), ("::1", "::1"), ("2001:db8::/32", "2001:db8::/32")],
)
def test_a_proxy_is_an_address_or_a_network(text: str, wanted: str) -> None:
    assert site_options.proxy(text) == wanted


@pytest.mark.parametrize("text", ["*", "", "proxy.example", "10.0.0.1/8", "10.0.0", "0.0.0.0/33"])
def test_what_is_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--trusted-proxy: found .*, wanted an address or a network"):
        site_options.proxy(text)


def test_a_rate_is_a_number_and_a_time_or_none() -> None:
    assert site_options.rate("60/minute") == "60/minute"
    assert site_options.rate("5 per 10 seconds") == "5 per 10 seconds"
    assert site_options.rate("None") is None


@pytest.mark.parametrize("text", ["", "60", "minute", "0/minute", "-1/minute", "60/moon", "60/minute; 3/moon"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"^--rate-limit: found .*, wanted a number and a time"):
        site_options.rate(text)


def test_a_file_for_feedback_must_be_writable(tmp_path: Path) -> None:
    assert site_options.feedback_file(None) is None
    assert site_options.feedback_file(tmp_path / "said.jsonl") == tmp_path / "said.jsonl"
    with pytest.raises(UsageError, match=r"^--feedback: .* can't be written \(.*\); name another file$"):
        site_options.feedback_file(tmp_path / "none" / "said.jsonl")

"""The widget's files and pages: what they weigh, what they say of themselves, what they let in."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import ui
from tests.browser.vantor import SITE
from ui.widget.pack import PACKED, pack
from ui.widget.routes import widget_routes
from ui.widget.script import script
from ui.widget.words import LANGUAGES

ROOM = 12 * 1024
FOLDER = Path(ui.__file__).parent
GUEST = "https://reeds.example"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a server that has the widget alone."""
    app = FastAPI()
    app.include_router(widget_routes(replace(SITE, title='Moth & "Help" </script>', allow_origins=(GUEST,))))
    with TestClient(app) as client:
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_a_reader_of_a_language_loads_is_less_than_12_kilobytes(language: str) -> None:
    assert len(script(SITE.title, SITE.examples, language).packed) < ROOM


def test_the_packed_script_is_made_of_the_parts_as_they_are_now() -> None:
    assert PACKED.read_text("utf-8") == pack(), "run: python -m ui.widget.pack"


def test_the_script_writes_no_html_stores_nothing_and_asks_nobody_else() -> None:
    code = script(SITE.title, SITE.examples, "en").plain.decode()
    shut = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Storage", "indexedDB", "cookie")
    assert [word for word in shut if word in code] == []
    assert set(re.findall(r"https?://[^\"'`\s]+", code)) == {"http://www.w3.org/2000/svg"}


def test_the_script_is_sent_packed_and_not_again_to_a_browser_that_has_it(client: TestClient) -> None:
    reply = client.get("/widget.js")
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["cache-control"] == "no-cache"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert reply.headers["x-content-type-options"] == "nosniff"
    plain = client.get("/widget.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == reply.text
    again = client.get("/widget.js", headers={"if-none-match": reply.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_script_brings_the_sentences_of_the_browsers_language(client: TestClient, language: str) -> None:
    reply = client.get("/widget.js", headers={"accept-language": f"{language}-XX,fr;q=0.5"})
    assert str(LANGUAGES[language]["box_label"]) in reply.text
    assert reply.headers["vary"] == "Accept-Encoding, Accept-Language"


def test_packing_it_twice_gives_the_same_bytes() -> None:
    one, other = script("T", ["a"], "de"), script("T", ["a"], "de")
    assert one == other
    assert gzip.decompress(one.packed) == one.plain


def test_only_the_allowed_origins_may_frame_the_framed_page(client: TestClient) -> None:
    policies = {path: client.get(path).headers["content-security-policy"] for path in ("/embed", "/widget")}
    framers = {path: policy.partition("frame-ancestors ")[2] for path, policy in policies.items()}
    assert framers == {"/embed": f"'self' {GUEST}", "/widget": "'self'"}
    for policy in policies.values():
        assert "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'" in policy
        assert "require-trusted-types-for 'script'" in policy


def test_the_address_of_the_framed_page_chooses_looks_and_never_words(client: TestClient) -> None:
    choices = {"scheme": "dark", "accent": "#123456", "on-accent": '"><script>', "title": "Call 555", "welcome": "x"}
    page = client.get("/embed", params=choices).text
    element = re.search(r"<insights-help[^>]*>", page)
    assert element is not None
    assert element[0] == ('<insights-help position="inline" heading="1" language="en" scheme="dark" accent="#123456">')
    assert "555" not in page
    assert "Moth &amp; &quot;Help&quot; &lt;/script&gt;" in page


@pytest.mark.parametrize("path", ["/embed", "/widget"])
def test_every_address_in_the_pages_is_beside_them_so_that_a_path_prefix_changes_nothing(
    client: TestClient, path: str
) -> None:
    found = re.findall(r'(?:src|href)="([^"]*)"', client.get(path).text)
    assert found
    elsewhere = [address for address in found if re.match(r"/|[a-z]+:", address)]
    assert [address for address in elsewhere if not address.startswith("https://HOST/")] == []  # stands for our address


def test_the_preview_names_the_sites_that_may_use_it(client: TestClient) -> None:
    page = client.get("/widget").text
    assert f"<code>{GUEST}</code>" in page
    assert "Put Moth &amp; &quot;Help&quot; &lt;/script&gt; on your site" in page


def test_every_language_has_every_sentence_of_the_english_one() -> None:
    for words in LANGUAGES.values():
        assert words.keys() == LANGUAGES["en"].keys()


def test_the_widget_has_the_colours_of_the_chat() -> None:
    def colours(path: str) -> list[tuple[str, str]]:
        found = re.findall(r"(--[a-z-]+): (#[0-9a-f]{6});", (FOLDER / path).read_text("utf-8"))
        return [(str(name), str(value)) for name, value in found]

    # The chat has a third set, for those who asked for more contrast.
    ours = colours("widget/widget.css")
    assert ours == colours("assets/base.css")[: len(ours)]

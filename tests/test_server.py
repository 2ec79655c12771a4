"""The server: what it serves, what it keeps shut, and what it lets browsers load."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from tests.browser.vantor import MOTHS, SITE, Keeper, edition_of
from ui.languages import catalogue
from ui.server import create_app

ENGLISH = catalogue("en")


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of the site about moths."""
    keeper = Keeper()
    with TestClient(create_app(replace(SITE, title="Moth & Help"), lambda: edition_of(keeper))) as client:
        yield client


def test_the_front_door_leads_to_the_chat(client: TestClient) -> None:
    reply = client.get("/", follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (307, "/chat/")
    assert client.get("/").status_code == 200


def test_the_server_says_that_it_lives(client: TestClient) -> None:
    reply = client.get("/healthz")
    assert (reply.status_code, reply.json()) == (200, {"status": "ok"})


def test_a_document_has_a_page(client: TestClient) -> None:
    reply = client.get(f"/source/{MOTHS.id}")
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert MOTHS.sha256 in reply.text


@pytest.mark.parametrize("document", ["no-such", "..%2F..%2Fetc", "%00"])
def test_an_unknown_document_is_a_page_that_says_so(client: TestClient, document: str) -> None:
    reply = client.get(f"/source/{document}")
    assert reply.status_code == 404
    if document == "no-such":
        assert ENGLISH.no_such_document in reply.text


def test_no_script_or_style_may_stand_in_a_source_page_itself(client: TestClient) -> None:
    for page in (client.get(f"/source/{MOTHS.id}"), client.get("/source/no-such")):
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert "<style" not in page.text
        assert "style=" not in page.text


def test_the_chat_may_load_nothing_from_elsewhere(client: TestClient) -> None:
    policy = client.get("/chat/").headers["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "http" not in policy


@pytest.mark.parametrize(
    "asset", ["base.css", "chat.css", "source.css", "chat.js", "speech.js", "source.js", "icon.svg"]
)
def test_assets_are_served_and_asked_for_anew(client: TestClient, asset: str) -> None:
    reply = client.get(f"/assets/{asset}")
    assert (reply.status_code, reply.headers["cache-control"]) == (200, "no-cache")
    assert "http://" not in reply.text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in reply.text


@pytest.mark.parametrize("path", ["/redoc", "/docs/oauth2-redirect", "/chat/docs", "/chat/openapi.json"])
def test_no_page_about_the_interface_is_the_frameworks_own(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/chat/gradio_api/info",
        "/chat/gradio_api/openapi.json",
        "/chat/gradio_api/runs",
        "/chat/gradio_api/upload",
        "/chat/gradio_api/queue/join",
        "/chat/gradio_api/call/turn",
        "/chat/gradio_api/file=pyproject.toml",
        "/chat/gradio_api/proxy=https://example.org",
        "/chat/monitoring",
        "/chat/login",
    ],
)
def test_what_the_chat_does_not_need_of_gradio_is_shut(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_gradio_is_told_to_stay_at_home() -> None:
    names = ("GRADIO_ANALYTICS_ENABLED", "HF_HUB_OFFLINE", "GRADIO_RUN_HISTORY")
    assert [os.environ[name] for name in names] == ["False", "1", "False"]


def test_the_page_carries_its_title_and_styles_from_the_start_and_none_of_gradios_advertisements(
    client: TestClient,
) -> None:
    page = client.get("/chat/", headers={"accept-encoding": "br, gzip"})
    assert len(page.content) == int(page.headers["content-length"])
    head = page.text.partition("</head>")[0]
    assert "<title>Moth &amp; Help</title>" in head
    assert '<link rel="stylesheet" href="../assets/chat.css">' in head
    assert "raw.githubusercontent.com" not in page.text
    assert "Click to try out the app!" not in page.text


def test_no_address_of_another_machine_stands_in_the_page(client: TestClient) -> None:
    page = client.get("/chat/").text
    assert re.findall(r"https?://[^/\"'`\s]+", page) == []

"""The door before Gradio: under every spelling of an address, only what the chat page uses."""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.websockets import WebSocketDisconnect

from corpus.versions import version_name
from tests.browser.vantor import MOTHS, SITE, Keeper, edition_of
from ui.server import create_app

SHUT = [
    "gradio_api/upload",
    "gradio_api/upload_progress",
    "gradio_api/info",
    "gradio_api/openapi.json",
    "gradio_api/runs",
    "gradio_api/queue/join",
    "gradio_api/queue/data",
    "gradio_api/call/turn",
    "gradio_api/call/v2/turn",
    "gradio_api/run/turn",
    "gradio_api/api/predict",
    "gradio_api/reset",
    "gradio_api/component_server",
    "gradio_api/file=pyproject.toml",
    "gradio_api/file/pyproject.toml",
    "gradio_api/stream/a/b/c/playlist.m3u8",
    "gradio_api/proxy=https://example.org",
    "gradio_api/deep_link",
    "gradio_api/startup-events",
    "gradio_api/app_id",
    "custom_component/a/client/component/index.js",
    "config",
    "login",
    "logout",
    "token",
    "monitoring",
    "robots.txt",
    "manifest.json",
    "pwa_icon",
    "svelte/index.js",
    "favicon.ico",
    "docs",
    "openapi.json",
]
UPLOAD = "gradio_api/upload"
SPELLINGS = [
    f"/chat/{UPLOAD}/",
    f"/chat//{UPLOAD}",
    f"//chat/{UPLOAD}",
    f"/chat/./{UPLOAD}",
    f"/chat/assets/../{UPLOAD}",
    f"/chat/assets/%2e%2e/{UPLOAD}",
    f"/chat/assets/..%2f{UPLOAD}",
    "/chat/static/%2e%2e%2fgradio_api%2fupload",
    f"/chat/theme.css/../{UPLOAD}",
    f"/chat/theme.css/{UPLOAD}",
    f"/chat%2f{UPLOAD}",
    f"/%63hat/{UPLOAD}",
    "/chat/%67radio_api/upload",
    "/chat/gradio_api%2fupload",
    "/chat/gradio_api/%75pload",
    "/chat/gradio_api/upload%00",
    "/chat/gradio_api/upload%0a",
    "/chat/gradio_api\\upload",
    f"/chat;a/{UPLOAD}",
    f"/CHAT/{UPLOAD}",
    f"/chat/chat/{UPLOAD}",
    f"/x/../chat/{UPLOAD}",
    f"/assets/../chat/{UPLOAD}",
    f"/{UPLOAD}",
    "/chat/gradio_api/heartbeat/../upload",
    "/chat/gradio_api/heartbeat/a/b",
    "/chat/gradio_api/run/predict/",
    "/chat/gradio_api/run/predict/../../upload",
    "/chat/assets/.env",
    "/chat/assets/",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]


@pytest.fixture(scope="module", params=["", "/bot", "/chat2/chat"])
def root(request: pytest.FixtureRequest) -> str:
    """A path prefix."""
    prefix: str = request.param
    return prefix


@pytest.fixture(scope="module")
def client(root: str) -> Iterator[TestClient]:
    """A client of the site under a path prefix."""
    app = create_app(replace(SITE, root_path=root), lambda: edition_of(Keeper()))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client


def asked(client: TestClient, method: str, path: str) -> int:
    files = {"files": ("moth.txt", b"a")} if method == "POST" else None
    return client.request(method, f"http://testserver{path}", files=files).status_code


@pytest.mark.parametrize("path", [*(f"/chat/{path}" for path in SHUT), *SPELLINGS])
def test_what_the_page_does_not_use_is_shut_with_and_without_the_prefix(
    client: TestClient, root: str, path: str
) -> None:
    found = {(method, prefix): asked(client, method, prefix + path) for method in METHODS for prefix in ("", root)}
    assert set(found.values()) <= {404, 405}, found
    assert {found[method, ""] for method in ("GET", "POST")} == {404}


@settings(deadline=None)
@given(path=st.text(st.sampled_from("/.%2e\\;?#gradio_apiupld="), max_size=30))
def test_no_path_gets_to_an_upload(client: TestClient, path: str) -> None:
    reply = client.post(f"http://testserver/chat/{quote(path, safe='/%.')}", files={"files": ("moth.txt", b"a")})
    assert reply.status_code in {404, 405, 415, 422}


@pytest.mark.parametrize("method", METHODS)
def test_other_methods_on_what_the_page_uses_are_refused(client: TestClient, method: str) -> None:
    for path, allowed in (("/chat/", {"GET", "HEAD"}), ("/chat/theme.css", {"GET", "HEAD"})):
        if method not in allowed:
            assert asked(client, method, path) == 405
    if method != "POST":
        assert asked(client, method, "/chat/gradio_api/run/predict") == 405


def test_a_socket_is_closed(client: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        client.websocket_connect("/chat/gradio_api/queue/join"),
    ):
        pytest.fail("it was opened")
    assert closed.value.code == 1008


def test_everything_that_the_page_loads_is_there_with_and_without_the_prefix(client: TestClient, root: str) -> None:
    page = client.get(f"{root}/chat/").text
    loaded = re.findall(r'(?:src|href)="(\.\.?/[^"]+)"', page)
    assert {"../assets/chat.js", "../assets/chat.css", "../assets/base.css", "../assets/icon.svg"} <= set(loaded)
    assert '"/assets' not in page
    for address in {*loaded, "./theme.css"} - {"./"}:
        for prefix in {"", root}:
            path = f"{prefix}/chat/{address}".replace("/chat/..", "").replace("/./", "/")
            assert client.get(path).status_code == 200, path


def test_redirects_and_links_have_the_prefix_whatever_the_proxy_strips(client: TestClient, root: str) -> None:
    for prefix in {"", root}:
        assert client.get(f"{prefix}/").headers["location"] == f"{root}/chat/"
        assert client.get(f"{prefix}/chat").headers["location"] == f"{root}/chat/"
        reply = client.post(f"{prefix}/api/ask", json={"question": "Do they shine?"})
        (quote_,) = reply.json()["quotes"]
        assert quote_["link"].startswith(f"{root}/source/{version_name(MOTHS)}#")
        assert client.get(prefix + quote_["link"].removeprefix(root).partition("#")[0]).status_code == 200
        assert client.get(f"{prefix}/api/topics").json()["topics"][0]["link"].startswith(f"{root}/source/")
        assert client.get(f"{prefix}/openapi.json").json()["servers"] == [{"url": root or "/"}]


def test_the_prefix_alone_leads_to_the_chat(client: TestClient, root: str) -> None:
    if root:
        assert client.get(root).headers["location"] == f"{root}/chat/"


def test_no_header_of_the_request_stands_in_the_page(client: TestClient) -> None:
    headers = dict.fromkeys(("host", "x-forwarded-host", "x-gradio-server", "x-direct-url"), "evil.example")
    assert "evil.example" not in client.get("/chat/?deep_link=evil.example", headers=headers).text

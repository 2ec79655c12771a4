"""Behind nginx with deploy/nginx.conf, under a path prefix that nginx strips or keeps, everything works."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from corpus.versions import version_name
from tests.browser.talk import ask, text_of
from tests.browser.vantor import MOTHS, SHINE, SITE, Keeper, edition_of
from tests.web import free_port, serving
from ui.server import create_app

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
CONF = Path(__file__).parent.parent.parent / "deploy" / "nginx.conf"
AROUND = "{user} daemon off; pid {folder}/pid; error_log stderr warn; events {{}} http {{ {temporary} {servers} }}"
PLACES = ("client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "uwsgi_temp_path", "scgi_temp_path")

pytestmark = pytest.mark.nginx


def configured(folder: Path, *, port: int, app: int, strips: bool) -> Path:
    """The committed file for these ports, without TLS."""
    servers = CONF.read_text(encoding="utf-8")
    servers = re.sub(r"\n\s*ssl_certificate.*;", "", servers)
    for said, here in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port};"),
        ("server 127.0.0.1:7860;", f"server 127.0.0.1:{app};"),
        ("server_name help.example.org;", "server_name _;"),
    ):
        assert said in servers
        servers = servers.replace(said, here)
    if strips:
        kept = "location /bot/ {"
        before, _, after = servers.partition(kept)
        proxied = "proxy_pass http://insights_help;"
        servers = before + kept + after.replace(proxied, "proxy_pass http://insights_help/;", 1)
    temporary = " ".join(f"{name} {folder}/{name};" for name in PLACES)
    user = "" if os.geteuid() else "user root;"  # the folders of a test are for whoever runs it alone
    path = folder / "nginx.conf"
    path.write_text(AROUND.format(user=user, folder=folder, temporary=temporary, servers=servers), encoding="utf-8")
    return path


@pytest.fixture(scope="module", params=[False, True], ids=["the prefix is kept", "the prefix is stripped"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where nginx serves the site about moths."""
    if NGINX is None:
        if "INSIGHTS_NGINX_REQUIRED" in os.environ:
            pytest.fail("no nginx found; on Debian: apt-get install nginx-light")
        pytest.skip("no nginx found; on Debian: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    settings = replace(SITE, root_path="/bot", rate_limit="30/minute", trusted_proxies=("127.0.0.1",))
    with serving(create_app(settings, lambda: edition_of(Keeper()))) as app:
        port = free_port()
        conf = configured(folder, port=port, app=app, strips=request.param)
        with subprocess.Popen([NGINX, "-p", str(folder), "-c", str(conf)], stderr=subprocess.PIPE) as nginx:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/bot/healthz")
            yield url
            nginx.terminate()


def _wait_for(url: str) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            httpx2.get(url).raise_for_status()
        except httpx2.HTTPError:
            assert time.monotonic() < end, f"{url} does not come up"
            time.sleep(0.05)
        else:
            return


def test_the_front_door_leads_to_the_chat(site: str) -> None:
    for path in ("/bot", "/bot/", "/bot/chat"):
        reply = httpx2.get(site + path, follow_redirects=True)
        assert (reply.status_code, str(reply.url)) == (200, f"{site}/bot/chat/")
    assert httpx2.get(f"{site}/chat/").status_code == 404


def test_pages_their_files_and_the_api_are_there(site: str) -> None:
    page = httpx2.get(f"{site}/bot/chat/")
    loaded = re.findall(r'(?:src|href)="(\.\.?/[^"]+)"', page.text)
    assert len(loaded) > 5
    pages = [
        "docs",
        "openapi.json",
        "healthz",
        "readyz",
        "metrics",
        "api/topics",
        f"source/{MOTHS.id}",
        "assets/docs.css",
    ]
    for address in [*(f"{site}/bot/chat/{path}" for path in loaded), *(f"{site}/bot/{path}" for path in pages)]:
        assert httpx2.get(address).status_code == 200, address
    assert page.headers["strict-transport-security"] == "max-age=31536000"
    assert "content-security-policy" in page.headers


def test_a_page_served_there_may_ask_and_its_links_lead_to_the_source(site: str) -> None:
    asked = {"question": "Do they shine?"}
    reply = httpx2.post(f"{site}/bot/api/ask", json=asked, headers={"origin": site})
    (quote,) = reply.json()["quotes"]
    assert quote["link"].startswith(f"/bot/source/{version_name(MOTHS)}#")
    assert httpx2.get(site + quote["link"]).status_code == 200
    foreign = httpx2.post(f"{site}/bot/api/ask", json=asked, headers={"origin": "https://elsewhere.example"})
    assert (foreign.status_code, foreign.json()["error"]["code"]) == (403, "forbidden_origin")


@pytest.mark.parametrize(
    "path",
    [
        "/bot/chat/gradio_api/upload",
        "/bot//chat//gradio_api/upload",
        "/bot/chat/%67radio_api/upload",
        "/bot/chat/assets/..%2fgradio_api/upload",
        "/bot/chat/gradio_api/upload/",
        "/bot/bot/chat/gradio_api/upload",
        "/bot/../bot/chat/gradio_api/file=pyproject.toml",
    ],
)
def test_gradios_uploads_and_files_are_shut(site: str, path: str) -> None:
    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        reply = httpx2.request(method, site + path, files={"files": ("a.txt", b"a")} if method == "POST" else None)
        assert reply.status_code in {404, 405}, (method, path)


def test_a_body_over_the_limit_is_refused_in_the_shape_of_the_api(site: str) -> None:
    reply = httpx2.post(f"{site}/bot/api/ask", content=b"a" * 200_000, headers={"content-type": "application/json"})
    assert (reply.status_code, reply.json()["error"]["code"]) == (413, "too_long")


@pytest.mark.browser
def test_the_chat_answers_and_shows_the_source_in_a_browser(site: str, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    missed: list[str] = []
    said: list[str] = []
    page.on("response", lambda reply: missed.append(reply.url) if reply.status >= 400 else None)
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.goto(f"{site}/bot/")
    page.wait_for_selector("#box textarea")
    turn = ask(page, "Do they shine?")
    assert text_of(turn.locator(".quote .quote-text")) == SHINE.span.text
    with context.expect_page() as opened:
        turn.locator(".quote .actions a").first.click()
    source = opened.value
    expect(source.locator("#text mark").first).to_be_visible()
    assert source.url.startswith(f"{site}/bot/source/{MOTHS.id}")
    context.close()
    assert missed == []
    assert said == []


def test_one_client_who_asks_too_often_is_refused_behind_the_proxy_too(site: str) -> None:
    statuses = [
        httpx2.post(
            f"{site}/bot/api/ask",
            json={"question": "Do they shine?"},
            headers={"x-forwarded-for": f"198.51.100.{n}"},
        ).status_code
        for n in range(32)
    ]
    assert statuses[-1] == 429

"""A page of another origin, as strict and as hostile as pages are, with the widget in it."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import pytest
import uvicorn
from playwright.sync_api import Browser, Page
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tests.browser.conftest import _Server
from tests.browser.vantor import SITE, Keeper, edition_of
from ui.server import create_app

Visit = Callable[..., Page]

PAGE = """<!doctype html><html lang="{lang}" dir="{direction}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Reed House</title>
<link rel="stylesheet" href="/styles.css"><script src="{server}/widget.js" {attributes} defer></script></head>
<body><main><h1>Reed House</h1><p>How to find us by the lake.</p><p><a href="#way">The way</a></p>{body}</main></body>
</html>"""
HOSTILE = """body * { all: unset; animation: spin 1s infinite; transition: all 2s }
@keyframes spin { to { rotate: 360deg } }
html { font-size: 5px } insights-help { display: none !important; color: red !important; zoom: 3 }
button, dialog, textarea { display: none !important } :root { --page: red; --ink: red; --fill: red }"""
CALM = "body { margin: 2rem; font-family: sans-serif; background: #fff; color: #111 }"


@dataclass
class Stage:
    """Two running servers: ours, and the one of the page that the widget stands in."""

    server: str
    host: str
    keeper: Keeper
    page: str = ""
    styles: str = CALM
    said: list[str] = field(default_factory=list)


def _serve(app: Starlette) -> tuple[str, Callable[[], None]]:
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.ready.wait(timeout=30), "the server did not start"

    def stop() -> None:
        server.should_exit = True
        thread.join(timeout=20)

    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", stop


@pytest.fixture(scope="session")
def _stages() -> Iterator[Stage]:
    stage = Stage("", "", Keeper())

    async def page(_: Request) -> Response:
        policy = (
            f"default-src 'none'; script-src {stage.server}; connect-src {stage.server}; frame-src {stage.server}; "
            "style-src-elem 'self'; style-src-attr 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
        )
        return HTMLResponse(stage.page, headers={"Content-Security-Policy": policy})

    async def styles(_: Request) -> Response:
        return Response(stage.styles, media_type="text/css")

    async def icon(_: Request) -> Response:
        return Response(status_code=204)

    routes = [Route("/", page), Route("/styles.css", styles), Route("/favicon.ico", icon)]
    stage.host, stop_host = _serve(Starlette(routes=routes))
    site = replace(SITE, allow_origins=(stage.host,))
    stage.server, stop_server = _serve(create_app(site, lambda: edition_of(stage.keeper)))
    yield stage
    stop_host()
    stop_server()


@pytest.fixture
def stage(_stages: Stage) -> Iterator[Stage]:
    """Both servers, which remember nothing of the test before."""
    _stages.keeper.asked.clear()
    _stages.keeper.go_on.clear()
    _stages.said.clear()
    _stages.styles = CALM
    yield _stages
    _stages.keeper.go_on.set()


@pytest.fixture
def visit(stage: Stage, browser: Browser) -> Iterator[Visit]:
    """Opens the other site's page; afterwards, no script failed, no policy was broken, and nobody else was asked."""
    pages: list[Page] = []
    errors: list[str] = []

    def watch(page: Page) -> None:
        pages.append(page)
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: stage.said.append(f"{message.type}: {message.text}"))
        page.on("popup", watch)

    def visited(  # noqa: PLR0913  (all that a visit can differ in)
        attributes: str = "",
        *,
        body: str = "",
        lang: str = "en",
        direction: str = "ltr",
        size: tuple[int, int] = (1280, 860),
        dark: bool = False,
        touch: bool = False,
        address: str | None = None,
    ) -> Page:
        stage.page = PAGE.format(lang=lang, direction=direction, server=stage.server, attributes=attributes, body=body)
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
            locale="en-GB",
        )
        page = context.new_page()
        watch(page)
        page.goto(address or stage.host)
        page.locator("insights-help textarea").wait_for(state="attached")
        return page

    yield visited
    for page in pages:
        page.context.close()
    assert errors == []
    assert [line for line in stage.said if "Content Security Policy" in line or "TrustedHTML" in line] == []

"""A server on this machine and a browser that looks at it."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from socket import socket
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.vantor import SITE, Keeper, edition_of
from ui.server import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
MORE_FLAGS = ("--disable-sync", "--no-first-run")

NOT_FOUND = 404

Open = Callable[..., Page]


@dataclass
class Site:
    """A running server and what it was asked."""

    url: str
    keeper: Keeper


class _Server(uvicorn.Server):
    """A server that says when it can be asked."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """These tests talk to this machine; that they talk to no other is asserted by `open_page`."""


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of a server over `app`, which ends with the block."""
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    assert server.ready.wait(timeout=30), "the server did not start"
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="session")
def _running() -> Iterator[Site]:
    keeper = Keeper()
    with running(create_app(SITE, lambda: edition_of(keeper))) as url:
        yield Site(url, keeper)


@pytest.fixture
def site(_running: Site) -> Iterator[Site]:
    """The server, which remembers nothing of the test before."""
    _running.keeper.asked.clear()
    _running.keeper.go_on.clear()
    yield _running
    _running.keeper.go_on.set()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; without one they are skipped, but not where they must run."""
    if CHROMIUM is None and "INSIGHTS_BROWSER_REQUIRED" not in os.environ:
        pytest.skip("no Chromium found; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *MORE_FLAGS])
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def _desktop(browser: Browser, _running: Site) -> Iterator[BrowserContext]:
    """One profile for most tests, so that Gradio's many files are loaded once."""
    context = browser.new_context(base_url=_running.url)
    yield context
    context.close()


@pytest.fixture
def open_page(site: Site, browser: Browser, _desktop: BrowserContext) -> Iterator[Open]:
    """Opens pages of the site; afterwards, none may have asked another machine, missed a file or failed in a script."""
    pages: list[Page] = []
    hosts: set[str | None] = set()
    missed: list[str] = []
    errors: list[str] = []

    def watch(page: Page) -> None:
        pages.append(page)
        page.set_default_timeout(10_000)
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.on("response", lambda reply: missed.append(reply.url) if reply.status == NOT_FOUND else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("popup", watch)

    def opened(
        path: str = "/", *, size: tuple[int, int] = (1280, 860), dark: bool = False, touch: bool = False
    ) -> Page:
        context = browser.new_context(base_url=site.url, has_touch=True, is_mobile=True) if touch else _desktop
        page = context.new_page()
        watch(page)
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.goto(path)
        if path == "/" or path.startswith("/chat/"):
            page.wait_for_selector("#box textarea")
        return page

    yield opened
    for page in pages:
        page.close()
        if page.context is not _desktop:
            page.context.close()
    _desktop.clear_permissions()
    assert hosts == {"127.0.0.1"}
    assert missed == []
    assert errors == []


@pytest.fixture
def chat(open_page: Open) -> Page:
    """A fresh chat on a desktop screen."""
    return open_page()

"""The README's pictures of chat, source page and widget, over the project's own corpus.

    python -m tests.browser.screenshots docs

The index must be built. Needs Chromium.
"""

import sys
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from retrieval import Responder
from tests.browser.conftest import CHROMIUM, FLAGS, MORE_FLAGS, running
from tests.browser.talk import BOX, ask
from ui.edition import Edition
from ui.inputs import Places
from ui.server import create_app
from ui.site import Site

_QUESTION = "How is dystonia diagnosed?"
_HOST_PAGE = """<!doctype html><html lang="en"><title>Riverside Clinic</title>
<meta name="viewport" content="width=device-width">
<style>body {{ font: 18px/1.6 Georgia, serif; max-width: 40rem; margin: 3rem 2rem; color: #234 }}</style>
<h1>Riverside Clinic</h1><p>Any page of yours. The widget is the button in the corner.</p>
<script src="{url}/widget.js" data-title="Ask about dystonia" data-open defer></script></html>"""


def _page(browser: Browser, url: str, *, dark: bool, size: tuple[int, int] = (1100, 900)) -> Page:
    page = browser.new_page(color_scheme="dark" if dark else "light", device_scale_factor=1.5)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(url)
    return page


def _chat(browser: Browser, url: str, path: Path, *, dark: bool) -> str:
    """Takes the chat with an answer in it; gives the address of the first quote's place."""
    page = _page(browser, f"{url}/chat/", dark=dark)
    page.wait_for_selector(BOX)
    turn = ask(page, _QUESTION)
    page.screenshot(path=path)
    link = turn.locator(".quote a[href*='/source/']").first
    address: str = link.evaluate("link => link.href")
    page.close()
    return address


def _source(browser: Browser, address: str, path: Path) -> None:
    page = _page(browser, address, dark=False)
    expect(page.locator("mark").first).to_be_visible()
    page.screenshot(path=path)
    page.close()


def _widget(browser: Browser, address: str, path: Path) -> None:
    page = _page(browser, address, dark=False)
    page.locator("insights-help textarea").fill(_QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator("insights-help blockquote, insights-help .quote").first).to_be_visible()
    page.screenshot(path=path)
    page.close()


def main(folder: Path) -> None:
    """Writes the pictures into `folder`."""
    places = Places.of(None, None)
    edition = Edition.of(Responder.open(places.index, corpus=places.corpus), places.corpus)
    host = FastAPI()
    with sync_playwright() as playwright, running(host) as elsewhere:
        site = Site("Insights Help", rate_limit=None, allow_origins=(elsewhere,))
        with running(create_app(site, lambda: edition)) as url:
            host.get("/")(lambda: HTMLResponse(_HOST_PAGE.format(url=url)))
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *MORE_FLAGS])
            address = _chat(browser, url, folder / "chat.png", dark=False)
            _chat(browser, url, folder / "chat-dark.png", dark=True)
            _source(browser, address, folder / "source.png")
            _widget(browser, elsewhere, folder / "widget.png")
            browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

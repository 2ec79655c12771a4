"""The web server: the chat, a page for each document, and a sign of life."""

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api import api_routes
from ui.app import build, mount
from ui.desk import Desk
from ui.edition import Edition
from ui.refusals import RefusedError
from ui.site import Site
from ui.source import missing_page, to_page

__all__ = ["create_app", "run"]

_ASSETS: Final = Path(__file__).parent / "assets"
_CHAT: Final = "/chat"
_SHUTDOWN_S: Final = 3
_WORKERS: Final = 4
_WAITING: Final = 64
_ALWAYS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# The browser itself refuses what is not from here, whatever a later Gradio may try to load.
_CHAT_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'"
)
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


class _Headers:
    """ASGI middleware that adds the headers which keep a page to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the headers of what comes back."""
        added = dict(_ALWAYS)
        path: str = scope.get("path", "")
        if path.startswith(_CHAT):
            added["Content-Security-Policy"] = _CHAT_POLICY
        elif path.startswith("/source/"):
            added["Content-Security-Policy"] = _PAGE_POLICY
        elif path.startswith("/assets/"):
            added["Cache-Control"] = "no-cache"  # asked for again each time, answered 304: never older than the page

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(added)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def create_app(site: Site, editions: Callable[[], Edition]) -> FastAPI:
    """The whole site; `editions` gives the edition of the moment."""
    desk = Desk(editions, workers=_WORKERS, waiting=_WAITING)
    app = FastAPI(title=site.title, docs_url=None, redoc_url=None, openapi_url=None)  # those pages load from elsewhere
    app.add_middleware(_Headers)
    app.mount("/assets", StaticFiles(directory=_ASSETS))
    app.include_router(api_routes(site, editions, desk))
    app.add_exception_handler(RefusedError, _refused)

    @app.get("/")
    def home() -> RedirectResponse:
        return RedirectResponse(f"{site.root_path}{_CHAT}/")

    @app.get("/favicon.ico")
    def icon() -> FileResponse:
        return FileResponse(_ASSETS / "icon.svg")

    @app.get("/source/{document}")
    def source(document: str) -> HTMLResponse:
        found = editions().documents.get(document)
        return HTMLResponse(missing_page(), status_code=404) if found is None else HTMLResponse(to_page(found))

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return mount(app, build(desk.ask_and_wait, examples=site.examples, title=site.title), path=_CHAT)


def _refused(_: Request, error: Exception) -> Response:
    if not isinstance(error, RefusedError):
        raise error
    return error.response()


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serves `app` on a listening socket until Ctrl-C or SIGTERM, which is how it is meant to end."""
    # A page that is still open holds a request open; without a limit the server would wait for it for good.
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=_SHUTDOWN_S)
    logging.getLogger("uvicorn.error").addFilter(_is_no_cancelled_request)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _is_no_cancelled_request(record: logging.LogRecord) -> bool:
    """Whether a record tells of anything but the requests that end with the server: those would be a page of traces."""
    is_cancelled = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not is_cancelled and "timeout graceful shutdown exceeded" not in record.getMessage()

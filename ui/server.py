"""The web server: puts the chat, the API, the pages of documents and the guards before them together, and runs it."""

import asyncio
import logging
import os
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from ui.api import api_routes
from ui.app import build, functions_of, mount
from ui.bodies import MAX_BODY_BYTES, Bodies
from ui.clients import Clients
from ui.desk import Desk
from ui.door import Door
from ui.edition import Edition
from ui.faults import Faults
from ui.headers import SecurityHeaders
from ui.health import health_routes
from ui.limits import Limits
from ui.metrics import Metrics
from ui.origins import Origins
from ui.pages import page_routes
from ui.prefix import Prefix
from ui.refusals import refusal_of
from ui.site import Site
from ui.widget.routes import widget_routes

__all__ = ["create_app", "run"]

_ASSETS: Final = Path(__file__).parent / "assets"
_CHAT: Final = "/chat"
_DRAIN_S: Final = 9  # answers that are being looked up when the server is stopped; an orderly stop takes at most 10
_WORKERS: Final = max(2, os.cpu_count() or 1)
_WAITING: Final = 128
_MOST_BODY_S: Final = 10.0
_SILENT: Final[TelemetryConfig] = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(site: Site, editions: Callable[[], Edition]) -> FastAPI:
    """The whole site; `editions` gives the edition of the moment."""
    metrics, closing = Metrics(), asyncio.Event()
    desk = Desk(editions, workers=_WORKERS, waiting=_WAITING, replied=metrics.replied)
    # FastAPI's own pages about itself load from elsewhere, and it would tell of requests whoever collects that.
    app = FastAPI(
        title=site.title, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False, telemetry=_SILENT
    )
    app.state.closing = [desk.close, closing.set]
    app.mount("/assets", StaticFiles(directory=_ASSETS))
    app.include_router(api_routes(site, editions, desk))
    app.include_router(page_routes(site, editions))
    app.include_router(health_routes(editions, desk, metrics))
    app.include_router(widget_routes(site))
    for kind in (HTTPException, RequestValidationError):
        app.add_exception_handler(kind, _refused)
    chat = build(desk.ask_and_wait, title=site.title)
    mount(app, chat, path=_CHAT, examples=site.examples)
    # From here each stands before those above it.
    app.add_middleware(Door, path=_CHAT, functions=functions_of(chat), closing=closing)
    app.add_middleware(Bodies, most_bytes=MAX_BODY_BYTES, most_s=_MOST_BODY_S)
    app.add_middleware(Limits, rate=site.rate_limit)
    app.add_middleware(Faults, refused=metrics.refused)
    app.add_middleware(Origins, allowed=site.allow_origins)
    app.add_middleware(Faults, refused=metrics.refused)
    app.add_middleware(SecurityHeaders, allow_origins=site.allow_origins)
    app.add_middleware(Clients, trusted=site.trusted_proxies)
    app.add_middleware(Prefix, root_path=site.root_path)
    return app


def _refused(_: Request, error: Exception) -> Response:
    """What the framework refuses, in our shape."""
    return refusal_of(error).response()


def run(app: FastAPI, listener: socket.socket) -> None:
    """Serves `app` on a listening socket until Ctrl-C or SIGTERM, which is how it is meant to end."""
    # No access log: it would have people's addresses beside what they looked at. Proxies are `ui.clients`' to believe.
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_DRAIN_S,
    )
    logging.getLogger("uvicorn.error").addFilter(_is_no_cancelled_request)
    with suppress(KeyboardInterrupt):
        _Server(config, app.state.closing).run(sockets=[listener])


class _Server(uvicorn.Server):
    """A server that tells the site when it is being stopped: pages that are open would keep it from ending."""

    def __init__(self, config: uvicorn.Config, closing: Sequence[Callable[[], None]]) -> None:
        super().__init__(config)
        self._closing = tuple(closing)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for close in self._closing:
            close()
        await super().shutdown(sockets)


def _is_no_cancelled_request(record: logging.LogRecord) -> bool:
    """Whether a record tells of anything but the requests that end with the server: those would be a page of traces."""
    is_cancelled = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not is_cancelled and "timeout graceful shutdown exceeded" not in record.getMessage()

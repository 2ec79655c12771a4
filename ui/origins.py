"""Origins: which other sites' pages may use the API from a browser."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette._utils import get_route_path
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.refusals import Code, RefusedError

__all__ = ["Origins"]

_FORBIDDEN: Final = (
    "the page that asks is of an origin that may not use this; whoever runs the server can allow it: --allow-origin"
)
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "content-type",
    "Access-Control-Max-Age": "600",
}


class Origins:
    """ASGI middleware: the API for pages of this origin and of `allowed` ones, the chat for its own page alone.

    CORS by itself would only hide the reply; here the request isn't done. What is no browser sends no origin, and may.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self.allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if its origin may ask."""
        path = get_route_path(scope) if scope["type"] == "http" else ""
        if not path.startswith(("/api/", "/chat/")):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_api = path.startswith("/api/")
        is_guest = is_api and origin in self.allowed
        if not is_guest and _is_foreign(scope, headers, is_api=is_api):
            raise RefusedError(HTTPStatus.FORBIDDEN, Code.FORBIDDEN_ORIGIN, _FORBIDDEN, {"Vary": "Origin"})
        if is_guest and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            response = Response(status_code=HTTPStatus.NO_CONTENT, headers=_PREFLIGHT)
            await response(scope, receive, _marking(send, origin))
            return
        await self.app(scope, receive, _marking(send, origin if is_guest else None))


def _is_foreign(scope: Scope, headers: Headers, *, is_api: bool) -> bool:
    """Whether a page of another origin asks. What browsers say of the site can't be said by a page itself."""
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site == "same-origin":
        return False
    if origin is not None:
        # Scripts of a module come with an origin even from their own page, and old browsers say no site.
        return origin == "null" or urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    is_asked_by_a_page = headers.get("sec-fetch-mode") != "navigate" and site in {"cross-site", "same-site"}
    return is_asked_by_a_page and (is_api or scope["method"] != "GET")


def _marking(send: Send, guest: str | None) -> Send:
    """`send` that says to browsers which origin may read the reply, and takes back what Gradio says about that."""

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-allow-origin")]:
                del headers[name]
            if guest is not None:
                headers["Access-Control-Allow-Origin"] = guest
                headers["Access-Control-Expose-Headers"] = "Retry-After"
            headers.add_vary_header("Origin")
        await send(message)

    return marked

"""The headers which keep a page to itself: what it may load, who may frame it, what it tells others."""

from collections.abc import Mapping, Sequence
from typing import Final

from starlette._utils import get_route_path
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SecurityHeaders", "chat_policy"]

_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
_SCRIPTED: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
)
_PAGES: Final = ("/source/", "/docs", "/widget")
_LENT: Final = ("/embed", "/widget.js")  # to pages of other sites
_ASSETS: Final = ("/assets/", "/widget.js")
_NOTHING: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def chat_policy(scripts: str) -> str:
    """The policy of Gradio's page: `scripts` may run besides files of ours ("'sha256-…'", or "'unsafe-inline'").

    Gradio makes functions of text, and writes styles into elements. The browser itself refuses what is not from here,
    whatever a later Gradio may try to load.
    """
    return (
        f"default-src 'self'; script-src 'self' {scripts} 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'none'; "
        "frame-ancestors 'self'"
    )


class SecurityHeaders:
    """ASGI middleware that adds to every reply, refusals too, the headers that it has not got."""

    def __init__(self, app: ASGIApp, allow_origins: Sequence[str]) -> None:
        self.app = app
        self.allow_origins = tuple(allow_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add to the headers of what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = self._of(get_route_path(scope))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in added.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)

    def _of(self, path: str) -> Mapping[str, str]:
        is_lent = path.startswith(_LENT)
        shared = {"Cross-Origin-Resource-Policy": "cross-origin" if is_lent else "same-origin"}
        # Assets are asked for again each time and answered 304: never older than the page.
        kept = {"Cache-Control": "no-cache" if path.startswith(_ASSETS) else "no-store"}
        if path.startswith("/chat/"):
            return _ALWAYS | shared | {"Content-Security-Policy": chat_policy("'none'")}
        if path.startswith("/embed"):
            framers = " ".join(("'self'", *self.allow_origins))
            return _ALWAYS | shared | kept | {"Content-Security-Policy": f"{_SCRIPTED}frame-ancestors {framers}"}
        framed = {"X-Frame-Options": "SAMEORIGIN"}
        if path.startswith(_PAGES):
            return _ALWAYS | shared | kept | framed | {"Content-Security-Policy": f"{_SCRIPTED}frame-ancestors 'self'"}
        return _ALWAYS | shared | kept | framed | {"Content-Security-Policy": _NOTHING}

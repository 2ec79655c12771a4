"""Bodies: how much and how slowly a client may send."""

import asyncio
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.refusals import Code, RefusedError

__all__ = ["MAX_BODY_BYTES", "Bodies"]

MAX_BODY_BYTES: Final = 128 * 1024
_CLOSED: Final = {"Connection": "close"}


class Bodies:
    """ASGI middleware: reads each body whole, off nobody's time, before anything else is done about it.

    Above `most_bytes` it is refused before its end has come, and after `most_s` seconds too.
    """

    def __init__(self, app: ASGIApp, *, most_bytes: int, most_s: float) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.most_s = most_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return
        said = headers.get("content-length", "0")
        if said.isdecimal() and int(said[:20]) > self.most_bytes:
            raise self._too_long()
        try:
            async with asyncio.timeout(self.most_s):
                body = await self._read(receive)
        except TimeoutError:
            message = f"the body did not come within {self.most_s:g} seconds; send it faster"
            raise RefusedError(HTTPStatus.REQUEST_TIMEOUT, Code.TIMEOUT, message, _CLOSED) from None
        if body is not None:
            await self.app(scope, _replaying(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        """The body, or `None` if whoever sent it has gone."""
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return None
            body += message.get("body", b"")
            if len(body) > self.most_bytes:
                raise self._too_long()
            if not message.get("more_body", False):
                return bytes(body)

    def _too_long(self) -> RefusedError:
        message = f"found a body of more than {self.most_bytes:,} bytes, wanted {self.most_bytes:,} at most; shorten it"
        return RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, Code.TOO_LONG, message, _CLOSED)


def _replaying(body: bytes, receive: Receive) -> Receive:
    """`receive` as if the body came now, and then what comes after it."""
    is_read = False

    async def again() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again

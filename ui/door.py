"""The door before Gradio: lets in what the chat page uses, and nothing else of all that Gradio serves."""

import asyncio
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette._utils import get_route_path
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.json_body import check_json_type, read_object
from ui.refusals import Code, RefusedError

__all__ = ["Door"]

_FILE: Final = re.compile(r"/theme\.css|/(?:assets|static)(?:/(?!\.)[A-Za-z0-9._-]+)+")
_HEARTBEAT: Final = re.compile(r"/gradio_api/heartbeat/[A-Za-z0-9]{1,64}")
_ASK: Final = "/gradio_api/run/predict"
_SESSION: Final = re.compile(r"[A-Za-z0-9]{1,64}")
_MOST_OPEN_PAGES: Final = 2000
_NOT_FOUND: Final = "there is no such page here"
_WRONG_BODY: Final = "found a body that the chat page does not send, wanted one of its own; load the page again"
_TOO_MANY: Final = "more pages are open than can be served; try again later"


class Door:
    """ASGI middleware before all under `path`; it judges the path that is routed, decoded and without a prefix.

    `functions` are Gradio's functions that the page calls: the number of texts that each takes, by its own number.
    """

    def __init__(self, app: ASGIApp, path: str, functions: Mapping[int, int], closing: asyncio.Event) -> None:
        self.app = app
        self.path = path
        self.functions = functions
        self.closing = closing
        self.open_pages = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        asked = get_route_path(scope) if scope["type"] == "http" else ""
        if asked != self.path and not asked.startswith(f"{self.path}/"):
            await self.app(scope, receive, send)
            return
        rest = asked.removeprefix(self.path)
        is_to_ask = rest == _ASK
        is_ours = is_to_ask or rest in {"", "/"} or _FILE.fullmatch(rest) or _HEARTBEAT.fullmatch(rest)
        if not is_ours:
            raise RefusedError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, _NOT_FOUND)
        wanted = ("POST",) if is_to_ask else ("GET", "HEAD")
        if scope["method"] not in wanted:
            message = f"found another method, wanted {' or '.join(wanted)}"
            allowed = {"Allow": ", ".join(wanted)}
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, Code.METHOD_NOT_ALLOWED, message, allowed)
        if rest == "":
            # What the page loads stands beside it, so its address ends with a slash.
            await RedirectResponse(f"{scope.get('root_path', '')}{self.path}/")(scope, receive, send)
        elif is_to_ask:
            await self.app(scope, await self._checked(scope, receive), send)
        elif _HEARTBEAT.fullmatch(rest):
            await self._held_open({**scope, "query_string": b""}, receive, send)
        else:
            await self.app({**scope, "query_string": b""} if rest != "/" else scope, receive, send)

    async def _checked(self, scope: Scope, receive: Receive) -> Receive:
        """`receive` with the body of a question, and nothing in it that the page would not send.

        Gradio logs and repeats what it can't use.
        """
        request = Request(scope, receive)
        check_json_type(request.headers.get("content-type"))
        sent = read_object(await request.body())
        number, data, session = sent.get("fn_index"), sent.get("data"), sent.get("session_hash")
        is_usable = (
            isinstance(number, int)
            and isinstance(data, list)
            and len(data) == self.functions.get(number)
            and all(value is None or isinstance(value, str) for value in data)
            and isinstance(session, str)
            and _SESSION.fullmatch(session)
        )
        if not is_usable:
            raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.BAD_REQUEST, _WRONG_BODY)
        kept: dict[str, Any] = {"fn_index": number, "data": data, "session_hash": session, "event_data": None}
        body = json.dumps(kept).encode()
        length = [(b"content-length", str(len(body)).encode())]
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name != b"content-length"] + length

        async def again() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        return again

    async def _held_open(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A stream that lasts as long as the page is open, or the server serves: else the server would wait for it."""
        if self.open_pages >= _MOST_OPEN_PAGES or self.closing.is_set():
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, Code.UNAVAILABLE, _TOO_MANY, {"Retry-After": "60"})
        is_over = False

        async def watched(message: Message) -> None:
            nonlocal is_over
            is_over = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        self.open_pages += 1
        stream = asyncio.ensure_future(self.app(scope, receive, watched))
        ending = asyncio.ensure_future(self.closing.wait())
        try:
            await asyncio.wait([stream, ending], return_when=asyncio.FIRST_COMPLETED)
            if not stream.done():
                stream.cancel()
                await asyncio.wait([stream])
            if not is_over:
                await watched({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.open_pages -= 1
            stream.cancel()
            ending.cancel()

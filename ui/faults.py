"""Faults: the last boundary, where what was refused and what went wrong become replies, and no log has a question."""

import logging
import traceback
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.refusals import Code, RefusedError

__all__ = ["Faults", "log_fault"]

_LOG: Final = logging.getLogger(__name__)
_FAULT: Final = RefusedError(
    HTTPStatus.INTERNAL_SERVER_ERROR, Code.FAULT, "a fault in this program; nothing that you sent was kept; try again"
)
_FRAMES = 4


def log_fault(what: str, error: BaseException) -> None:
    """Logs a fault in one line: its type and where it happened. Its message may hold a question, so it is left out."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    _LOG.error("%s: %s at %s", what, type(error).__name__, where)


class Faults:
    """ASGI middleware: a RefusedError, or any exception, becomes a reply in the one shape; `refused` hears of each."""

    def __init__(self, app: ASGIApp, refused: Callable[[Code], None]) -> None:
        self.app = app
        self.refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; nothing that is raised comes out again."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":  # nothing here uses one
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._replied(scope, receive, send)

    async def _replied(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001  (the outermost boundary: the web server would log the message)
            refusal = error if isinstance(error, RefusedError) else _FAULT
            if refusal is _FAULT:
                log_fault("a request failed", error)
            self.refused(refusal.code)
            if not has_started:
                await refusal.response()(scope, receive, send)

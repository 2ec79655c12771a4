"""Limits: how often one client may ask; the only door to the library that counts."""

import math
import time
from http import HTTPStatus
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from starlette._utils import get_route_path
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.clients import client_of
from ui.refusals import Code, RefusedError

__all__ = ["Limits", "is_rate"]

_COUNTED: Final = ("/api/ask", "/api/feedback", "/chat/gradio_api/run/predict")


def is_rate(text: str) -> bool:
    """Whether `text` is a limit, such as "60/minute"."""
    try:
        return parse(text).amount > 0
    except ValueError:
        return False


class Limits:
    """ASGI middleware: refuses the questions of a client who has asked more than `rate`, and says when to come again.

    It keeps two numbers for each client of the last two windows, and forgets them then.
    """

    def __init__(self, app: ASGIApp, rate: str | None) -> None:
        self.app = app
        self.rate: RateLimitItem | None = None if rate is None else parse(rate)
        self.limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on if the client may ask."""
        is_counted = scope["type"] == "http" and scope["method"] == "POST" and get_route_path(scope) in _COUNTED
        if self.rate is not None and is_counted:
            client = client_of(scope)
            if not self.limiter.hit(self.rate, client):
                resets = self.limiter.get_window_stats(self.rate, client).reset_time
                wait_s = max(1, math.ceil(resets - time.time()))
                message = f"found more than {self.rate.amount} questions, wanted {self.rate} at most; ask again later"
                raise RefusedError(
                    HTTPStatus.TOO_MANY_REQUESTS, Code.RATE_LIMITED, message, {"Retry-After": str(wait_s)}
                )
        await self.app(scope, receive, send)

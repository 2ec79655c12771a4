"""Refusals: what the server says when it does not do what it was asked, in one shape everywhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from starlette.responses import Response

__all__ = ["Code", "RefusedError"]


class Code(StrEnum):
    """What kind of refusal it is, for programs."""

    BAD_REQUEST = "bad_request"
    FAULT = "fault"
    FORBIDDEN_ORIGIN = "forbidden_origin"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_FOUND = "not_found"
    NOTHING_PASSES = "nothing_passes"
    RATE_LIMITED = "rate_limited"
    TIMEOUT = "timeout"
    TOO_LONG = "too_long"
    UNAVAILABLE = "unavailable"
    UNSUPPORTED_TYPE = "unsupported_type"


@dataclass(eq=False)  # not frozen: Python itself writes the traceback into an exception
class RefusedError(Exception):
    """A request that is not done; `message` is one line (what, found, wanted, remedy) without a word of the request."""

    status: HTTPStatus
    code: Code
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """The refusal as it goes out."""
        body = json.dumps({"error": {"code": str(self.code), "message": self.message}}, ensure_ascii=False)
        return Response(body, self.status, dict(self.headers), media_type="application/json")

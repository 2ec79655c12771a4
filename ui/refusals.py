"""Refusals: what the server says when it does not do what it was asked, in one shape everywhere."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response

__all__ = ["Code", "RefusedError", "refusal_of"]


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


_FRAMEWORK = {
    HTTPStatus.NOT_FOUND: (Code.NOT_FOUND, "there is no such page here"),
    HTTPStatus.METHOD_NOT_ALLOWED: (Code.METHOD_NOT_ALLOWED, "found another method than this address takes"),
}


def refusal_of(error: Exception) -> RefusedError:
    """What the framework raised, as a refusal of ours: its own words repeat what was sent."""
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) else HTTPStatus.UNPROCESSABLE_ENTITY
    code, message = _FRAMEWORK.get(status, (Code.BAD_REQUEST, f"the request can't be used: {status.phrase.lower()}"))
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    return RefusedError(status, code, message, headers)

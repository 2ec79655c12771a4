"""Strict JSON: an object read from bytes, or a refusal that repeats nothing of them."""

import json
from http import HTTPStatus
from typing import Any, Final, NoReturn, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ui.refusals import Code, RefusedError

__all__ = ["check_json_type", "read_object", "read_record"]

_SEE: Final = "the fields are described in /openapi.json"
_WANTED: Final = "wanted a JSON object in UTF-8; mend the body"

Record = TypeVar("Record", bound=BaseModel)


def check_json_type(content_type: str | None) -> None:
    """Refuses a body that is not said to be JSON: a form of another site could send it without being asked."""
    kind, _, parameters = (content_type or "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if kind.strip().lower() != "application/json" or charset not in {"", "utf-8", "utf8"}:
        raise RefusedError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            Code.UNSUPPORTED_TYPE,
            "found a body of another content type, wanted application/json in UTF-8; set the header Content-Type",
        )


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`.

    Raises:
        RefusedError: if it is not UTF-8, no JSON as the standard has it, holds a key twice or half a character.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise _bad("found bytes that are no UTF-8") from None
    if text.startswith("\ufeff"):
        raise _bad("found a byte order mark before the JSON")
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_constant=_no_number)
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails if a lone surrogate was escaped
    except UnicodeEncodeError:
        raise _bad("found half of a character (a lone surrogate)") from None
    except RecursionError:
        raise _bad("found lists or objects nested too deeply") from None
    except ValueError:  # json's own, and that of a number with thousands of digits
        raise _bad("found no valid JSON") from None
    if not isinstance(value, dict):
        raise _bad("found JSON that is no object")
    return value


def read_record(kind: type[Record], value: dict[str, Any]) -> Record:
    """`value` as a record of that kind.

    Raises:
        RefusedError: if a field is missing, unknown or of another type.
    """
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.BAD_REQUEST, _why(kind, first)) from None


def _why(kind: type[BaseModel], error: ErrorDetails) -> str:
    """What was wrong, in words of ours: a field that is not known may be named by a text."""
    if error["type"] == "extra_forbidden":
        return f"found a field that is not known; leave it out; {_SEE}"
    known = _names(kind.model_json_schema())
    where = ".".join(str(step) for step in error["loc"] if isinstance(step, int) or step in known) or "the body"
    what = "is missing" if error["type"] == "missing" else f"is not usable: {' '.join(error['msg'].split())}"
    return f"{where} {what}; {_SEE}"


def _names(schema: dict[str, Any]) -> set[str]:
    """The names of all fields, also of those that are records themselves."""
    return {name for part in (schema, *schema.get("$defs", {}).values()) for name in part.get("properties", {})}


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _bad("found a key twice in one object")
    return made


def _no_number(_: str) -> NoReturn:
    raise _bad("found NaN or Infinity, which JSON has not")


def _bad(found: str) -> RefusedError:
    return RefusedError(HTTPStatus.BAD_REQUEST, Code.BAD_REQUEST, f"{found}, {_WANTED}")

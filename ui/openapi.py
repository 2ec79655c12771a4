"""The description of the API, complete and with examples."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from ui.api_models import Asked, Feedback
from ui.site import Site

__all__ = ["described"]

_ABOUT = (
    "Answers health questions with quotes from vetted documents, word for word, or says that they don't answer. "
    "Whatever is refused is refused in one shape: `error.code` for programs, `error.message` in one line for people."
)
_VERSION = "1"
_REF = "#/components/schemas/{model}"


def described(app: FastAPI, site: Site) -> dict[str, Any]:
    """The OpenAPI document of `app`; bodies are read by hand, so their models are added here."""
    made: dict[str, Any] = get_openapi(
        title=site.title,
        version=_VERSION,
        description=_ABOUT,
        routes=app.routes,
        servers=[{"url": site.root_path or "/"}],
    )
    bodies: list[tuple[type[BaseModel], Any]] = [(Asked, "validation"), (Feedback, "validation")]
    _, schemas = models_json_schema(bodies, ref_template=_REF)
    made.setdefault("components", {}).setdefault("schemas", {}).update(schemas["$defs"])
    return made

"""The routes of pages: the front door, source pages, and the pages about the API."""

import logging
from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse

from corpus.model import Document
from corpus.store import CorpusError
from ui.docs_page import to_docs
from ui.edition import Edition
from ui.languages import catalogue, negotiated
from ui.openapi import described
from ui.site import Site
from ui.source import Standing, missing_page, to_page

__all__ = ["page_routes"]

_LOG: Final = logging.getLogger(__name__)
_ICON: Final = Path(__file__).parent / "assets" / "icon.svg"


def page_routes(site: Site, editions: Callable[[], Edition]) -> APIRouter:
    """These routes over the edition of the moment."""
    router = APIRouter()

    @router.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse(f"{site.root_path}/chat/")

    @router.get("/favicon.ico", include_in_schema=False)
    def icon() -> FileResponse:
        return FileResponse(_ICON)

    @router.get(
        "/source/{document}",
        tags=["Pages"],
        summary="A document as a page, or one version of it",
        response_class=HTMLResponse,
        responses={404: {"description": "A page that says there is no such document", "content": {"text/html": {}}}},
    )
    def source(document: str, request: Request, lang: str | None = None) -> HTMLResponse:
        """The whole document as it is now, or with `ID@sha256` as it was then; 12 digits of the SHA-256 are enough.

        `#start-end` in the address marks that range and brings it into view.
        """
        texts = catalogue(negotiated(request.headers.get("accept-language"), lang))
        headers = {"Content-Language": texts.language, "Vary": "Accept-Language"}
        edition = editions()
        found = _found(edition, document)
        if found is None:
            return HTMLResponse(missing_page(texts), status_code=HTTPStatus.NOT_FOUND, headers=headers)
        page = to_page(found, texts, today=date.today(), standing=_standing(found, edition))
        return HTMLResponse(page, headers=headers)

    @router.get("/openapi.json", include_in_schema=False)
    def openapi(request: Request) -> JSONResponse:
        return JSONResponse(described(request.app, site))

    @router.get("/docs", include_in_schema=False)
    def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(to_docs(described(request.app, site)))

    return router


def _found(edition: Edition, name: str) -> Document | None:
    """The document of that id, or the version of it that an id with @ and a digest names."""
    document_id, is_version, sha256 = name.partition("@")
    if not is_version:
        return edition.documents.get(document_id)
    try:
        return edition.version(document_id, sha256)
    except CorpusError as error:
        _LOG.error("an earlier version can't be shown: %s", " ".join(str(error).split()))
        return None


def _standing(document: Document, edition: Edition) -> Standing:
    served = edition.documents.get(document.id)
    if served is None:
        return Standing.WITHDRAWN
    return Standing.CURRENT if served == document else Standing.REPLACED

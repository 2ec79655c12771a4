"""Where the widget, the page to frame and the page to try it on are served."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from ui.languages import negotiated
from ui.site import Site
from ui.widget.pages import embed_page, preview_page
from ui.widget.script import SCRIPT_TYPE, File, packed, script, sentences
from ui.widget.words import LANGUAGES

__all__ = ["widget_routes"]

_HERE: Final = Path(__file__).parent
_STYLES: Final = "text/css; charset=utf-8"
_ALWAYS: Final = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# Asked for again each time and answered 304: never older than the server, and a site owner's line never changes.
_FILE: Final = _ALWAYS | {"Cache-Control": "no-cache", "Vary": "Accept-Encoding, Accept-Language"}
_FOR_ALL: Final = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'self'"
)


def widget_routes(site: Site) -> APIRouter:
    """The script, its sentences in other languages, `/embed` and `/widget`."""
    router = APIRouter(include_in_schema=False)
    scripts = {language: script(site.title, site.examples, language) for language in LANGUAGES}

    @router.api_route("/widget.js", methods=["GET", "HEAD"])
    async def widget_script(request: Request) -> Response:
        spoken = negotiated(request.headers.get("accept-language"), None)
        return _sent(scripts[spoken], request, _FILE | _FOR_ALL)

    for path, file, headers in [
        *((f"/widget.{language}.json", sentences(language), _FOR_ALL) for language in LANGUAGES),
        ("/widget.css", packed((_HERE / "page.css").read_bytes(), _STYLES), {}),
        ("/widget-preview.js", packed((_HERE / "preview.js").read_bytes(), SCRIPT_TYPE), {}),
    ]:
        router.add_api_route(path, _sending(file, _FILE | headers), methods=["GET", "HEAD"])

    @router.get("/embed")
    async def embed(request: Request) -> HTMLResponse:
        language = negotiated(request.headers.get("accept-language"), request.query_params.get("language"))
        return HTMLResponse(
            embed_page(site, language, request.query_params),
            headers=_ALWAYS
            | {"Content-Security-Policy": " ".join([_POLICY, *site.allow_origins]), "Vary": "Accept-Language"},
        )

    @router.get("/widget")
    async def widget() -> HTMLResponse:
        return HTMLResponse(preview_page(site), headers=_ALWAYS | {"Content-Security-Policy": _POLICY})

    return router


def _sending(file: File, headers: dict[str, str]) -> Callable[[Request], Response]:
    """The route that sends a file, packed where the browser can unpack it, or says that it has it already."""

    def send(request: Request) -> Response:
        return _sent(file, request, headers)

    return send


def _sent(file: File, request: Request, headers: dict[str, str]) -> Response:
    tagged = headers | {"ETag": file.etag}
    if file.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=tagged)
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(file.plain, headers=tagged, media_type=file.media_type)
    return Response(file.packed, headers=tagged | {"Content-Encoding": "gzip"}, media_type=file.media_type)

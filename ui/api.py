"""The API: questions, topics and feedback in JSON."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from corpus.model import Span
from retrieval.emergency_numbers import LocaleError, numbers_of, with_numbers
from retrieval.filters import EVERYTHING, Filter, FilterError
from retrieval.model import Abstention, Reason, Reply
from retrieval.policy import default_policy
from ui.api_models import Asked, Feedback, Refused, ReplyObject, Topics, Within
from ui.desk import Desk
from ui.edition import Edition
from ui.feedback import FeedbackFile
from ui.json_body import check_json_type, read_object, read_record
from ui.languages import DOCUMENT_LANGUAGE, catalogue
from ui.refusals import Code, RefusedError
from ui.site import Site
from ui.wire import VERSION, source_link, to_json

__all__ = ["api_routes"]

_NO_FEEDBACK: Final = "feedback is not taken here; whoever runs the server can switch it on: --feedback"
_NOTHING_PASSES: Final = "found no passage that passes `within`, wanted one at least; ask with fewer conditions"


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refused, "description": HTTPStatus(status).phrase} for status in statuses}


def _taking(kind: str) -> dict[str, Any]:
    """The description of a body that is read by hand: FastAPI's own reader repeats what it refuses."""
    schema = {"$ref": f"#/components/schemas/{kind}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def api_routes(site: Site, editions: Callable[[], Edition], desk: Desk) -> APIRouter:
    """The routes of the API over the edition of the moment."""
    router = APIRouter(prefix="/api", tags=["API"])

    @router.post(
        "/ask",
        summary="Ask a question",
        response_model=ReplyObject,
        responses=_refusals(400, 403, 408, 413, 415, 422, 429, 500, 503),
        openapi_extra=_taking("Asked"),
    )
    async def ask(request: Request) -> JSONResponse:
        """Quotes that answer, word for word, or the reason why there are none."""
        check_json_type(request.headers.get("content-type"))
        asked = read_record(Asked, read_object(await request.body()))
        try:
            said = await desk.ask(asked.question, asked.history, _filter(asked.within))
        except FilterError:
            raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.NOTHING_PASSES, _NOTHING_PASSES) from None
        reply = said.reply if asked.locale is None else _for_somebody_in(asked.locale, said.reply)
        # A notice is worth more than the refusal: whoever writes at length in need must see it.
        if isinstance(reply, Abstention) and reply.reason is Reason.TOO_LONG and not reply.notices:
            raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, Code.TOO_LONG, _too_long())
        return JSONResponse(
            to_json(
                reply,
                index=said.index,
                elapsed_ms=1000 * said.elapsed_s,
                today=date.today(),
                root_path=site.root_path,
            )
        )

    @router.get(
        "/topics",
        summary="What the documents cover",
        response_model=Topics,
        responses=_refusals(403, 500, 503),
    )
    async def topics() -> JSONResponse:
        """Titles and headings of the documents, each with a link to its place."""
        edition = editions()
        listed = [_topic(span, site.root_path) for span in edition.topics_on(date.today())]
        return JSONResponse({"version": VERSION, "topics": listed, "index": edition.index})

    file = None if site.feedback is None else FeedbackFile(site.feedback)

    @router.post(
        "/feedback",
        summary="Say whether a reply was helpful",
        status_code=HTTPStatus.NO_CONTENT,
        response_class=Response,
        responses=_refusals(400, 403, 404, 408, 413, 415, 422, 429, 500),
        openapi_extra=_taking("Feedback"),
    )
    async def feedback(request: Request) -> Response:
        """Kept without texts, where it is switched on; else there is no such page."""
        if file is None:
            raise RefusedError(HTTPStatus.NOT_FOUND, Code.NOT_FOUND, _NO_FEEDBACK)
        check_json_type(request.headers.get("content-type"))
        said = read_record(Feedback, read_object(await request.body()))
        await run_in_threadpool(file.add, said)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    return router


def _for_somebody_in(locale: str, reply: Reply) -> Reply:
    try:
        return with_numbers(reply, numbers_of(locale))
    except LocaleError:
        return reply  # an emergency is no time to refuse a question


def _filter(within: Within | None) -> Filter:
    if within is None:
        return EVERYTHING
    return Filter(
        frozenset(within.documents), frozenset(within.publishers), within.heading or "", within.reviewed_since
    )


def _topic(span: Span, root_path: str) -> dict[str, Any]:
    return {
        "text": " ".join(span.text.split()),
        "document": span.document.id,
        "start": span.start,
        "end": span.end,
        "link": root_path + source_link(span),
    }


def _too_long() -> str:
    """What is said of a question that is too long: in English, as all of the API's own words are."""
    limit = default_policy().max_question_characters
    return catalogue(DOCUMENT_LANGUAGE).reply(Reason.TOO_LONG, limit=limit)

"""The routes for whoever runs the server: does it live, would it answer, what has it counted?"""

from collections.abc import Callable
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from ui.api_models import Refused, Status
from ui.desk import Desk
from ui.edition import Edition
from ui.metrics import METRICS_TYPE, Metrics

__all__ = ["health_routes"]

_UNREADY: Final[dict[int | str, dict[str, Any]]] = {503: {"model": Refused, "description": "Service Unavailable"}}


def health_routes(editions: Callable[[], Edition], desk: Desk, metrics: Metrics) -> APIRouter:
    """These routes over the edition of the moment."""
    router = APIRouter()

    @router.get("/healthz", tags=["Running it"], summary="Does the process live?", response_model=Status)
    async def healthz() -> JSONResponse:
        return JSONResponse({"status": "ok"})

    @router.get(
        "/readyz",
        tags=["Running it"],
        summary="Would a question be answered now?",
        response_model=Status,
        responses=_UNREADY,
    )
    async def readyz() -> JSONResponse:
        """Yes: an index is loaded and has answered, there is room for a question, and the server isn't stopping."""
        editions()
        desk.check_room()
        return JSONResponse({"status": "ok"})

    @router.get(
        "/metrics",
        tags=["Running it"],
        summary="Counts for Prometheus",
        response_class=Response,
        responses={200: {"description": "Prometheus' text format", "content": {"text/plain": {}}}},
    )
    def counts() -> Response:
        """Questions, abstentions by reason, notices by kind, refusals by code, and times; no texts."""
        return Response(metrics.exposed(), media_type=METRICS_TYPE)

    return router

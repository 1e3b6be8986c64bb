"""What a monitoring system asks for."""

from fastapi import APIRouter, Depends, Request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from starlette.responses import Response

from api.auth import Reader, identity
from api.contract import refusals

router = APIRouter(tags=["service"], dependencies=[Depends(identity)])


@router.get(
    "/metrics",
    operation_id="operations_metrics",
    summary="Figures for Prometheus",
    responses={
        200: {
            "description": "Queue, jobs, slots, workers and requests in Prometheus's text format.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **refusals("unauthenticated", "forbidden", "rate-limited", "unavailable"),
    },
)
def get_operations(request: Request, _caller: Reader) -> Response:
    """All figures as of now. Those of requests are of the process that answers."""
    return Response(
        generate_latest(request.app.state.registry), media_type=CONTENT_TYPE_PLAIN_0_0_4
    )

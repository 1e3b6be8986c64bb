"""The service itself: versions, limits, workers."""

from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Caller, Guard, Reader
from api.contract import resource
from api.services import ReadingDep, ServicesDep
from api.versions import versions
from core.settings import Settings
from lamina.schemas.page import Page
from lamina.schemas.server import Server, Worker
from models import worker as table
from models.job import Job
from models.slot import Slot

router = APIRouter(prefix="/v1", tags=["service"])

_LIMITS = (
    *("json_bytes", "json_nodes", "json_depth", "stack_layers", "stack_nesting"),
    *("upload_bytes", "upload_hours", "uploads_open", "expanded_bytes"),
    *("dataset_rows", "dataset_columns", "archive_entries"),
    *("image_pixels", "cell_bytes", "queue_jobs", "log_lines", "idempotency_hours"),
    *("request_rate", "request_burst", "running_jobs", "stored_bytes", "gpu_seconds", "gpu_days"),
)


@router.get(
    "/server",
    operation_id="server_get",
    summary="Versions and limits",
    responses={200: resource(Server, "This service.")},
)
async def get_server(request: Request, services: ServicesDep, _caller: Reader) -> Response:
    """What runs here and how much it takes."""
    guard: Guard = request.app.state.guard
    server = Server(
        version=request.app.version,
        versions=versions(),
        limits=_limits(services.settings),
        authentication="keys" if guard.locked else "none",
    )
    return answer(server)


@router.get(
    "/workers",
    operation_id="workers_list",
    summary="Workers and their slots",
    responses={200: resource(Page[Worker], "Workers heard of within a day, newest first.")},
)
def list_workers(session: ReadingDep, caller: Reader) -> Response:
    """Who is alive, and which slots are busy; jobs of other projects are not named."""
    found = table.Worker.recent(session)
    slots = _slots(session, caller)
    workers = [
        Worker.model_validate(
            {
                "id": worker.id,
                "host": worker.host,
                "pid": worker.pid,
                "state": state,
                "started_at": worker.started_at,
                "heartbeat_at": worker.heartbeat_at,
                "slots": slots.get(worker.host, []),
            }
        )
        for worker, state in found
    ]
    return answer(Page[Worker](data=workers))


def _slots(session: Session, caller: Caller) -> dict[str, list[dict[str, Any]]]:
    """The slots by host; a job is named only if it is the caller's.

    GPUs tell their memory in use and their utilization, if they were read within a minute.
    """
    slots = Slot.busy(session)
    held = [slot.job_id for slot, busy in slots if busy and slot.job_id]
    read = {slot.id for slot in Slot.read_lately(session)}
    own = Job.owned(session, caller.project_id, held)
    found: dict[str, list[dict[str, Any]]] = {}
    for slot, busy in slots:
        found.setdefault(slot.host, []).append(
            {
                "kind": slot.kind,
                "device": slot.device,
                "name": slot.name,
                "busy": busy,
                "job": slot.job_id if busy and slot.job_id in own else None,
                "memory_bytes": slot.memory_bytes,
                "used_bytes": slot.used_bytes if slot.id in read else None,
                "utilization": slot.utilization if slot.id in read else None,
            }
        )
    return found


def _limits(settings: Settings) -> dict[str, float]:
    return {name: getattr(settings, name) for name in _LIMITS}

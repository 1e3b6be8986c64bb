"""The audit log: who did what."""

from fastapi import APIRouter
from starlette.responses import Response

from api.auth import Admin
from api.contract import resource
from api.paging import SliceDep
from api.services import ReadingDep
from lamina.schemas.audit import AuditEntry
from lamina.schemas.page import Page
from models import audit as table

router = APIRouter(prefix="/v1/audit", tags=["service"])


@router.get(
    "",
    operation_id="audit_list",
    summary="List who changed what",
    responses={200: resource(Page[AuditEntry], "A page, newest first.")},
)
def list_audit(session: ReadingDep, caller: Admin, part: SliceDep) -> Response:
    """Changes made by requests of the project's keys; what was refused or undone is not there."""
    rows = table.AuditEntry.page(session, caller.project_id, part.asked, part.after)
    return part.page(rows, lambda shown: [_present(row) for row in shown])


def _present(row: table.AuditEntry) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        key=row.key_id,
        action=row.action,
        subject=row.subject,
        request_id=row.request_id,
        at=row.at,
    )

"""What the project and the key use of what they may have."""

from fastapi import APIRouter
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.answers import answer
from api.auth import Caller, Reader
from api.contract import resource
from api.services import ReadingDep, ServicesDep
from core.settings import Settings
from lamina.schemas.usage import Amount, KeyUsage, Usage
from models import usage
from models.upload import Upload
from models.webhook import Webhook

router = APIRouter(prefix="/v1/usage", tags=["service"])


@router.get(
    "",
    operation_id="usage_get",
    summary="Usage and quotas",
    responses={200: resource(Usage, "The caller's project.")},
)
def get_usage(session: ReadingDep, services: ServicesDep, caller: Reader) -> Response:
    """What more would be refused: queued jobs with 503, all else with 429."""
    settings, project = services.settings, caller.project_id
    rate, burst = services.throttle.pace(caller.limits)
    counted = rate and caller.account
    return answer(
        Usage(
            queued_jobs=_amount(usage.queued_jobs(session, project), settings.queue_jobs),
            running_jobs=_amount(usage.running_jobs(session, project), settings.running_jobs),
            stored_bytes=_amount(usage.stored_bytes(session, project), settings.stored_bytes),
            gpu_seconds=_amount(
                usage.gpu_seconds(session, project, settings.gpu_days), settings.gpu_seconds
            ),
            gpu_days=settings.gpu_days,
            open_uploads=_amount(Upload.live(session, project), settings.uploads_open),
            webhooks=_amount(Webhook.count(session, project), settings.webhooks_open),
            requests_per_second=rate if counted else None,
            requests_burst=burst if counted else None,
            key=_of_key(session, settings, caller) if caller.account else None,
        )
    )


def _of_key(session: Session, settings: Settings, caller: Caller) -> KeyUsage:
    may, whose = caller.limits, (session, caller.project_id)
    spent = usage.gpu_seconds(*whose, settings.gpu_days, caller.account)
    return KeyUsage(
        queued_jobs=Amount(used=usage.queued_jobs(*whose, caller.account), limit=may.queued_jobs),
        running_jobs=Amount(
            used=usage.running_jobs(*whose, caller.account), limit=may.running_jobs
        ),
        stored_bytes=Amount(
            used=usage.stored_bytes(*whose, caller.account), limit=may.stored_bytes
        ),
        gpu_seconds=Amount(used=spent, limit=may.gpu_seconds),
    )


def _amount(used: float, limit: int) -> Amount:
    return Amount(used=used, limit=limit or None)

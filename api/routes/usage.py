"""What the project uses of what it may have."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.auth import Reader
from api.contract import resource
from api.services import ReadingDep, ServicesDep
from lamina.schemas.usage import Amount, Usage
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
    counted = settings.request_rate and caller.key_id
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
            requests_per_second=settings.request_rate if counted else None,
            requests_burst=settings.request_burst if counted else None,
        )
    )


def _amount(used: float, limit: int) -> Amount:
    return Amount(used=used, limit=limit or None)

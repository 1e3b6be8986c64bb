"""The curves of a job for TensorBoard."""

import io
import math
import zipfile
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.responses import Response

from api import tensorboard
from api.auth import Reader
from api.contract import refusals
from api.lookup import JobId, find
from api.services import ReadingDep
from models.event import Event
from models.job import Job
from models.metric import MetricPoint, Point

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

_MEDIA = "application/zip"
_VALIDATION = "val_"
_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_FILE = {"schema": {"type": "string", "format": "binary"}}


@router.get(
    "/{job_id}/tensorboard",
    operation_id="jobs_tensorboard",
    summary="Get the event files of TensorBoard",
    response_class=Response,
    responses={
        200: {
            "description": "A ZIP to be unpacked into a folder of logs.",
            "content": {_MEDIA: _FILE},
        },
        **refusals("not-found"),
    },
)
def get_tensorboard(job_id: JobId, session: ReadingDep, caller: Reader) -> Response:
    """`{job}/train` and `{job}/validation`: each metric by epoch, as `epoch_loss`.

    The settings of the training (`compile` and `fit`) are in the first, for the tab HPARAMS.
    """
    job = find(session, Job, caller, job_id)
    points = MetricPoint.series(session, job.id, "epoch", MetricPoint.keys(session, job.id))
    moments = Event.moments_of_epochs(session, job.id)
    began = (job.started_at or job.created_at).timestamp()
    files = _files(job, points, {epoch: at.timestamp() for epoch, at in moments.items()}, began)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for run, content in files.items():
            archive.writestr(f"{job.id}/{run}/events.out.tfevents.{int(began)}.lamina", content)
    headers = {"content-disposition": f'attachment; filename="{job.id}.zip"'}
    return Response(packed.getvalue(), headers=headers, media_type=_MEDIA)


def _files(
    job: Job, points: Sequence[Point], moments: dict[int, float], began: float
) -> dict[str, bytes]:
    """The content of the file of each run."""
    settings = {part: job.request.get(part) for part in ("compile", "fit")}
    first = tensorboard.hyperparameters(began, dict(tensorboard.flat(settings)))
    runs: dict[str, list[bytes]] = {"train": [first], "validation": []}
    for epoch, logs in _by_epoch(points).items():
        for run, values in logs.items():
            runs[run].append(tensorboard.scalars(moments.get(epoch, began), epoch, values))
    return {run: tensorboard.event_file(began, *events) for run, events in runs.items() if events}


def _by_epoch(points: Sequence[Point]) -> dict[int, dict[str, dict[str, float]]]:
    """By epoch and run, the metrics under the names of Keras's own callback."""
    found: dict[int, dict[str, dict[str, float]]] = {}
    for point in points:
        value = point.value if point.nonfinite is None else _NUMBERS[point.nonfinite]
        if value is None:
            continue
        run = "validation" if point.key.startswith(_VALIDATION) else "train"
        tag = f"epoch_{point.key.removeprefix(_VALIDATION)}"
        found.setdefault(point.x, {}).setdefault(run, {})[tag] = value
    return found

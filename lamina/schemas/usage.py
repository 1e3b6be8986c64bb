"""What a project uses of what it may, on the wire."""

from typing import Literal

from ._base import Resource


class Amount(Resource):
    """How much is used; `limit` is null where there is none."""

    used: float
    limit: float | None


class Usage(Resource):
    """The quotas of the caller's project."""

    object: Literal["usage"] = "usage"
    queued_jobs: Amount
    running_jobs: Amount
    stored_bytes: Amount
    gpu_seconds: Amount
    gpu_days: float
    open_uploads: Amount
    webhooks: Amount
    requests_per_second: float | None
    requests_burst: int | None

"""What a project uses of what it may, on the wire."""

from typing import Literal

from ._base import Resource


class Amount(Resource):
    """How much is used; `limit` is null where there is none."""

    used: float
    limit: float | None


class KeyUsage(Resource):
    """How much a key, and those that it replaced, have used of what it may."""

    queued_jobs: Amount
    running_jobs: Amount
    stored_bytes: Amount
    gpu_seconds: Amount


class Usage(Resource):
    """The quotas of the caller's project, and in `key` those of the caller's key, if it has one."""

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
    key: KeyUsage | None = None

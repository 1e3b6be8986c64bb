"""The tables. Importing this package knows all of them, which migrations and mappers need."""

from models import (  # noqa: F401
    attempt,
    content,
    dataset,
    event,
    export,
    file,
    idempotency,
    job,
    key,
    layer_count,
    log,
    metric,
    model,
    naming,
    progress,
    project,
    slot,
    upload,
    worker,
)

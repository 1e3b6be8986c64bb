"""The tables. Importing this package knows all of them, which migrations and mappers need."""

from models import (  # noqa: F401
    attempt,
    dataset,
    event,
    file,
    idempotency,
    job,
    key,
    log,
    metric,
    model,
    progress,
    project,
    slot,
    worker,
)

"""The Celery tasks. A message only wakes: what there is to do, the database says."""

import time

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from core import traces
from core.queue import READ_DATASET, RUN_JOB, app
from models.attempt import Superseded
from models.claim import claim_next
from models.dataset import Dataset
from models.trace import place_of_job
from worker.context import Context
from worker.reading import read
from worker.training import train

log = structlog.get_logger(__name__)


def register(context: Context) -> None:
    """Make the tasks known to Celery, bound to this process's context."""

    def run_job() -> None:
        run_jobs(context)

    def read_dataset() -> None:
        read_datasets(context)

    app.task(name=RUN_JOB)(run_job)
    app.task(name=READ_DATASET)(read_dataset)


def run_jobs(context: Context) -> None:
    """Claim and train the jobs that this host can run now, until none is left."""
    while not context.leaving.is_set():
        began = time.time()
        try:
            with context.database.session() as session:
                attempt = claim_next(
                    session,
                    context.worker_id,
                    context.host,
                    context.settings.lease_seconds,
                    context.settings.running_jobs,
                )
        except Superseded:
            continue  # another worker was faster: look again
        except (OperationalError, InterfaceError) as error:
            log.warning("nothing claimed", error=str(error.__cause__ or error))
            return
        if attempt is None:
            return
        at = place_of_job(attempt.job.id, attempt.job.traceparent)
        traces.record("claim", at.below() if at else None, at, began)
        train(context, attempt)


def read_datasets(context: Context) -> None:
    """Claim and read uploaded datasets, until none is left."""
    while not context.leaving.is_set():
        try:
            with context.database.session() as session:
                dataset = Dataset.claim(session, context.settings.lease_seconds)
        except (OperationalError, InterfaceError) as error:
            log.warning("nothing claimed", error=str(error.__cause__ or error))
            return
        if dataset is None:
            return
        read(context, dataset)

"""The thread that says that this worker is alive."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from models.worker import Worker
from worker.context import Context

log = structlog.get_logger(__name__)


class Heartbeat:
    """Renews the worker's row until closed."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._closed.set()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        settings = self._context.settings
        while not self._closed.wait(settings.heartbeat_seconds):
            try:
                with self._context.database.session() as session:
                    Worker.beat(session, self._context.worker_id, settings.lease_seconds)
            except SQLAlchemyError as error:
                log.warning("no heartbeat", error=str(error.__cause__ or error))

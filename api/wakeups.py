"""Wake-ups for workers: sent after the commit, by a thread that no request waits for."""

from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

Worker = Literal["cpu", "gpu", "data"]

log = structlog.get_logger(__name__)


class Wakeups:
    """Sends through Celery, which is imported on the thread that sends."""

    def __init__(self) -> None:
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="wakeups")

    def after_commit(self, session: Session, *workers: Worker) -> None:
        """Wake these workers once this transaction has been committed; never if it is not."""

        @event.listens_for(session, "after_commit", once=True)
        def _committed(_session: Session) -> None:
            for worker in workers:
                self._sender.submit(_send, worker)

    def close(self) -> None:
        """Send what is being sent and drop the rest: the relay sends it again."""
        self._sender.shutdown(wait=True, cancel_futures=True)


def _send(worker: Worker) -> None:
    from core import queue

    names = {"cpu": queue.CPU, "gpu": queue.GPU, "data": queue.DATA}
    queue.wake(names[worker])

"""Wake-ups for workers: sent after the commit, by a thread that no request waits for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

Worker = Literal["cpu", "gpu", "data"]

log = structlog.get_logger(__name__)


_MOST = 100


class Wakeups:
    """Sends through Celery, which is imported on the thread that sends.

    While Redis is out of reach they pile up to a hundred and are dropped beyond: the relay sends
    again what is missing.
    """

    def __init__(self) -> None:
        self._room = threading.Semaphore(_MOST)
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="wakeups")

    def after_commit(self, session: Session, *workers: Worker) -> None:
        """Wake these workers once this transaction has been committed; never if it is not."""

        @event.listens_for(session, "after_commit", once=True)
        def _committed(_session: Session) -> None:
            for worker in workers:
                if self._room.acquire(blocking=False):
                    self._sender.submit(self._send, worker)

    def close(self) -> None:
        """Send what is being sent and drop the rest: the relay sends it again."""
        self._sender.shutdown(wait=True, cancel_futures=True)

    def _send(self, worker: Worker) -> None:
        from core import queue

        names = {"cpu": queue.CPU, "gpu": queue.GPU, "data": queue.DATA}
        try:
            queue.wake(names[worker])
        finally:
            self._room.release()

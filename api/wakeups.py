"""Wake-ups for workers: sent after the commit, by a thread that no request waits for."""

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Literal

import structlog
from sqlalchemy.orm import Session

from models.after_commit import after_commit

Worker = Literal["cpu", "gpu", "data"]

log = structlog.get_logger(__name__)

_MOST = 100
_REST_SECONDS = 0.05


class Wakeups:
    """Sends through Celery, which is imported on the thread that sends.

    After each round it rests for a moment, so that a crowd of requests costs a few messages: one
    for each job, but no more than could find a slot, with those that no worker has taken yet. While
    Redis is out of reach none is sent: the relay sends what is missing.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted: dict[Worker, tuple[int, int]] = {}
        self._is_sending = False
        self._closed = threading.Event()
        self._sender = ThreadPoolExecutor(1, thread_name_prefix="wakeups")

    def after_commit(self, session: Session, *workers: Worker, enough: int = _MOST) -> None:
        """Wake these workers once this transaction has been committed; never if it is not.

        `enough` is how many wake-ups of a kind are worth sending, whoever else asks for them.
        """
        after_commit(session, partial(self._want, workers, max(1, min(enough, _MOST))))

    def close(self) -> None:
        """Send what is being sent and drop the rest: the relay sends it again."""
        self._closed.set()
        self._sender.shutdown(wait=True, cancel_futures=True)

    def _want(self, workers: tuple[Worker, ...], enough: int) -> None:
        with self._lock:
            for worker in workers:
                waiting, most = self._wanted.get(worker, (0, enough))
                most = max(most, enough)
                self._wanted[worker] = (min(waiting + 1, most), most)
            if not self._is_sending and not self._closed.is_set():
                self._is_sending = True
                self._sender.submit(self._send)

    def _send(self) -> None:
        while wanted := self._take():
            for worker, (count, enough) in wanted.items():
                try:
                    self._wake(worker, count, enough)
                except Exception as error:
                    log.error("wake-up failed", worker=worker, error=str(error)[:300])
            self._closed.wait(_REST_SECONDS)

    def _wake(self, worker: Worker, count: int, enough: int) -> None:
        from core import queue

        name = {"cpu": queue.CPU, "gpu": queue.GPU, "data": queue.DATA}[worker]
        for _ in range(min(count, queue.missing(name, enough))):
            if self._closed.is_set():
                return
            queue.wake(name)

    def _take(self) -> dict[Worker, tuple[int, int]]:
        """All that is wanted now; if it is nothing, the sending ends."""
        with self._lock:
            wanted, self._wanted = self._wanted, {}
            self._is_sending = bool(wanted)
            return wanted

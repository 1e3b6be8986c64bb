"""The worker process: a Celery consumer whose threads supervise engine children."""

import logging
import warnings
from typing import Any

from celery import signals
from celery.exceptions import SecurityWarning

from core import logs, queue, traces
from core.allocator import share_arenas
from core.settings import get_settings
from models.upkeep import Upkeep
from worker.context import Context
from worker.tasks import register

_SPARE_THREADS = 2
"""Threads beyond the slots, so that reading datasets never waits for trainings."""


def main() -> None:
    """Run until told to stop; then hand the running jobs over and leave."""
    share_arenas()
    settings = get_settings()
    logs.configure(settings)
    traces.configure("worker")
    # Celery warns a superuser of pickled messages; ours are JSON and carry nothing.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    for name in ("celery", "kombu"):
        logging.getLogger(name).setLevel(logging.WARNING)
    context = Context.open(settings)
    register(context)
    upkeep = Upkeep(context.database, settings)

    # Kept by a strong reference: Celery's signals hold their receivers weakly.
    def leave(**_: Any) -> None:
        context.leaving.set()

    signals.worker_shutting_down.connect(leave)
    context.heartbeat.start()
    context.gpus.start()
    upkeep.start()
    try:
        _consume(context)
    finally:
        context.leaving.set()
        upkeep.close()
        context.gpus.close()
        context.heartbeat.close()
        context.close()
        traces.close()


def _consume(context: Context) -> None:
    """Take wake-ups until SIGTERM or SIGINT. In the main thread, which owns the signals."""
    queues = [queue.CPU, queue.DATA, *([queue.GPU] if context.has_gpus else [])]
    consumer = queue.app.Worker(
        pool="threads",
        concurrency=context.slot_count + _SPARE_THREADS,
        queues=queues,
        hostname=f"{context.worker_id}@{context.host}",
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    consumer.start()

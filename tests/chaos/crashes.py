"""Starts a part of the service that kills itself at a step: `python -m tests.chaos.crashes …`.

A step is a function of the service and a moment: `before` it, `after` it (within its transaction,
which is lost), `committed` (once its transaction is kept, before anybody is told).
"""

import importlib
import os
import runpy
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

MOMENTS = ("before", "after", "committed")
API, WORKER, BOTH = ("api",), ("worker-1",), ("api", "worker-1")
IN_TRANSACTION = {
    "submit": (API, "models.job:Job.submit"),
    "claim": (WORKER, "models.attempt:Attempt.claim"),
    "start": (WORKER, "models.attempt:Attempt.report_start"),
    "report": (WORKER, "models.attempt:Attempt.report_epoch"),
    "checkpoint": (WORKER, "models.attempt:Attempt.record_checkpoint"),
    "finish": (WORKER, "models.attempt:Attempt.succeed"),
    "read": (WORKER, "models.dataset:Dataset.claim"),
    "notice": (WORKER, "models.outbox:tell_of_job"),
    "post claimed": (BOTH, "models.delivery:Delivery.claim"),
    "post settled": (BOTH, "models.delivery:Delivery.settle"),
}
"""Steps that write: which parts of the service may take them, and the function that does."""

OUTSIDE = {
    "wake": (API, "core.queue:wake"),
    "store checkpoint": (WORKER, "worker.reporter:Reporter._store"),
    "store model": (WORKER, "worker.training:_store_model"),
    "put": (WORKER, "core.storage:Storage.put"),
    "tidy": (WORKER, "core.storage:Storage.delete"),
    "post": (BOTH, "models.courier:Courier._send"),
}
"""Steps outside of any transaction."""

POINTS = [
    *((step, moment) for step in IN_TRANSACTION for moment in MOMENTS),
    *((step, moment) for step in OUTSIDE for moment in MOMENTS[:2]),
]


def parts_of(step: str) -> tuple[str, ...]:
    """The parts of the service that may take this step."""
    return (IN_TRANSACTION | OUTSIDE)[step][0]


def die() -> NoReturn:
    """End at once: nothing is flushed, closed, rolled back or said."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def arm(step: str, moment: str, call: int) -> None:
    """Die at this moment of the n-th call of the step that does something."""
    _, target = (IN_TRANSACTION | OUTSIDE)[step]
    reached = threading.local()
    left = threading.Semaphore(call - 1)

    def is_now() -> bool:
        return not left.acquire(blocking=False)

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*args: Any, **values: Any) -> Any:
            if moment == "before" and is_now():
                die()
            result = real(*args, **values)
            if result not in (None, []) or step not in ("claim", "read", "post claimed"):
                if moment == "after" and is_now():
                    die()
                reached.now = moment == "committed"
            return result

        return taken

    _wrap(target, wrapped)
    if moment == "committed":
        _after_commit(lambda: getattr(reached, "now", False) and is_now() and die())


def _wrap(target: str, wrapped: Callable[..., Any]) -> None:
    module_name, _, path = target.partition(":")
    *owners, name = path.split(".")
    owner = importlib.import_module(module_name)
    for one in owners:
        owner = getattr(owner, one)
    kept = vars(owner)[name]
    if isinstance(kept, classmethod):
        setattr(owner, name, classmethod(wrapped(kept.__func__)))
    else:
        setattr(owner, name, wrapped(kept))


def _after_commit(act: Callable[[], object]) -> None:
    from models.database import Database

    real = Database.session

    @contextmanager
    def session(self: Database) -> Iterator[Any]:
        with real(self) as one:
            yield one
        act()

    Database.session = session  # type: ignore[method-assign]


if __name__ == "__main__":
    _, armed_step, armed_moment, armed_call, *sys.argv = sys.argv
    arm(armed_step, armed_moment, int(armed_call))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

"""Starts a part of the service that kills itself when told: `python -m tests.chaos.crashes …`.

A step is a function of the service and a moment: `before` it, `after` it (within its transaction,
which is lost), `committed` (once its transaction is kept, before anybody is told).
"""

import contextlib
import functools
import importlib
import os
import runpy
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

MOMENTS = ("before", "after", "committed")
API, WORKER, BOTH = ("api",), ("worker-1",), ("api", "worker-1")
IN_TRANSACTION = {
    "submit": (API, "models.job:Job.submit"),
    "claim": (WORKER, "models.claim:claim_next"),
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


class Orders:
    """A folder with a file for each point at which somebody is to die; it tells the call of it.

    Whoever removes the file dies: one of the parts that may take the step, once.
    """

    def __init__(self, folder: Path, part: str = "") -> None:
        self._folder, self._part = folder, part
        self._calls: Counter[Path] = Counter()
        self._lock = threading.Lock()

    def give(self, step: str, moment: str, call: int) -> Path:
        """Have the next one die that reaches this moment for the n-th time; the order."""
        order = self._folder / f"{step} {moment}"
        order.with_suffix(".new").write_text(str(call))
        return order.with_suffix(".new").rename(order)

    def follow(self, step: str, moment: str) -> None:
        """Die, if that is the order."""
        if not any(part.startswith(self._part) for part in parts_of(step)):
            return
        order = self._folder / f"{step} {moment}"
        with self._lock, contextlib.suppress(FileNotFoundError):
            call = int(order.read_text())
            self._calls[order] += 1
            if self._calls[order] >= call:
                order.unlink()
                die()


def arm(orders: Orders) -> None:
    """Look at every step that does something whether it is the last one."""
    taken = threading.local()
    for step, (_, target) in (IN_TRANSACTION | OUTSIDE).items():
        _wrap(target, functools.partial(_watched, orders, taken, step))
    _after_commit(orders, taken)


def _watched(
    orders: Orders, taken: threading.local, step: str, real: Callable[..., Any]
) -> Callable[..., Any]:
    def watched(*args: Any, **values: Any) -> Any:
        orders.follow(step, "before")
        result = real(*args, **values)
        if result not in (None, []) or step not in ("claim", "read", "post claimed"):
            orders.follow(step, "after")
            taken.steps = {*getattr(taken, "steps", ()), step}
        return result

    return watched


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


def _after_commit(orders: Orders, taken: threading.local) -> None:
    from models.database import Database

    real = Database.session

    @contextmanager
    def session(self: Database) -> Iterator[Any]:
        taken.steps = set()
        with real(self) as one:
            yield one
        for step in taken.steps:
            orders.follow(step, "committed")

    Database.session = session  # type: ignore[method-assign]


if __name__ == "__main__":
    _, folder, *sys.argv = sys.argv
    arm(Orders(Path(folder), sys.argv[0]))
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

"""Starts a part of the service without one of its defences: `python -m tests.chaos.mutants …`.

A suite that stays green without a defence does not test it.
"""

import runpy
import sys
from collections.abc import Callable
from typing import Any


def without_fences() -> None:
    """An attempt that is over writes as if it were not."""
    from sqlalchemy import update

    from models.attempt import Attempt
    from models.job import Job

    def fence(self: Attempt, session: Any, *_states: str, **values: Any) -> Any:
        return session.scalar(
            update(Job)
            .where(Job.id == self.job.id)
            .values(**(values or {"attempt": Job.attempt}))
            .returning(Job)
            .execution_options(populate_existing=True)
        )

    def orders(self: Attempt, session: Any) -> Any:
        from models.attempt import Orders

        del self, session
        return Orders(cancel=False, stop=False)

    Attempt.fence = fence  # type: ignore[method-assign]
    Attempt.orders = orders  # type: ignore[method-assign]


def without_reaper() -> None:
    """Nobody looks for jobs whose worker fell silent."""
    from models import upkeep

    upkeep.reap = lambda _session: 0


def without_leases() -> None:
    """A worker does not renew what it holds."""
    from models.attempt import Attempt

    Attempt.renew = lambda _self, _session, _lease: None  # type: ignore[method-assign]


def without_relay() -> None:
    """Nobody sends wake-ups again."""
    from models.upkeep import Upkeep

    Upkeep._relay = lambda _self: None  # type: ignore[method-assign]


MUTANTS: dict[str, Callable[[], None]] = {
    "fences": without_fences,
    "reaper": without_reaper,
    "leases": without_leases,
    "relay": without_relay,
}

if __name__ == "__main__":
    _, defence, *sys.argv = sys.argv
    MUTANTS[defence]()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)

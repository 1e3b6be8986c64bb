"""The tables without one of their fences, so that the machine can show that it would tell."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from models import claim, reaper, usage
from models.attempt import Attempt, Superseded
from models.job import Job
from models.metric import MetricPoint

Patch = pytest.MonkeyPatch


def without_number(patch: Patch) -> None:
    """A write does not name its attempt."""

    def fence(self: Attempt, session: Any, *_states: str, **values: Any) -> Job:
        job = session.scalar(
            update(Job)
            .where(Job.id == self.job.id, Job.state.in_(usage.HOLDING))
            .values(**(values or {"attempt": Job.attempt}))
            .returning(Job)
            .execution_options(populate_existing=True)
        )
        if job is None:
            raise Superseded(self.job.id)
        return job

    patch.setattr(Attempt, "fence", fence)


def without_state(patch: Patch) -> None:
    """A write does not name the state that it needs."""

    def fence(self: Attempt, session: Any, *_states: str, **values: Any) -> Job:
        job = session.scalar(
            update(Job)
            .where(Job.id == self.job.id, Job.attempt == self.number)
            .values(**(values or {"attempt": Job.attempt}))
            .returning(Job)
            .execution_options(populate_existing=True)
        )
        if job is None:
            raise Superseded(self.job.id)
        return job

    patch.setattr(Attempt, "fence", fence)


def without_attempt_of_moves(patch: Patch) -> None:
    """A move does not name the attempt that makes it: only the last write of a zombie gets in."""
    real = Job.move

    def move(self: Job, session: Any, *args: Any, **values: Any) -> bool:
        session.expire_all()
        return real(session.get_one(Job, self.id), session, *args, **values)

    patch.setattr(Job, "move", move)


def without_release(patch: Patch) -> None:
    """The reaper keeps the slots of the lost."""
    patch.setattr(reaper, "release", lambda *_: None)


def without_rewinding(patch: Patch) -> None:
    """A new attempt goes on with the curves of the old one."""
    patch.setattr(MetricPoint, "rewind", lambda *_: False)


def without_summaries(patch: Patch) -> None:
    """The best value of a curve outlives the points that it came from."""
    patch.setattr("models.metric.MetricSummary.rebuild", lambda *_: None)


def without_fair_share(patch: Patch) -> None:
    """Claims take what is oldest."""
    real = claim.candidates

    def candidates(*args: Any) -> Any:
        return real(*args).order_by(None).order_by(Job.id)

    patch.setattr(claim, "candidates", candidates)


MUTANTS: dict[str, Callable[[Patch], None]] = {
    "the number in fences": without_number,
    "the state in fences": without_state,
    "the attempt in moves": without_attempt_of_moves,
    "the release by the reaper": without_release,
    "rewinding": without_rewinding,
    "summaries": without_summaries,
    "the order of claims": without_fair_share,
}

"""How long jobs have run lately, and so how long one like them may."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import now
from models.job import Job

_LATELY = 7 * 86_400.0
_MOST = 200
_NEAR = 4
"""Parameters that differ by no more than this factor count as a like size."""


class Sized(Protocol):
    """What is known of a job before it runs."""

    project_id: Any
    kind: Any
    parameters: Any


@dataclass(frozen=True)
class Durations:
    """Jobs that succeeded within a week, the last 200: project, kind, parameters, seconds."""

    ended: Sequence[tuple[str, str, int | None, float]]

    @classmethod
    def lately(cls, session: Session) -> "Durations":
        """Of all projects; counted is the time since the first start."""
        query = (
            select(Job.project_id, Job.kind, Job.parameters, Job.started_at, Job.finished_at)
            .where(Job.finished_at > now(-_LATELY), Job.state == "succeeded")
            .order_by(Job.finished_at.desc())
            .limit(_MOST)
        )
        return cls(
            [
                (project, kind, parameters, (finished - started).total_seconds())
                for project, kind, parameters, started, finished in session.execute(query)
                if started and finished
            ]
        )

    def of(self, job: Sized) -> float | None:
        """The median of the project's jobs of like size, else of its jobs, else of all; seconds."""
        of_kind = [one for one in self.ended if one[1] == job.kind]
        own = [one for one in of_kind if one[0] == job.project_id]
        near = [one for one in own if _near(one[2], job.parameters)]
        for found in (near, own, of_kind):
            if found:
                return median(one[3] for one in found)
        return None


def _near(one: int | None, other: int | None) -> bool:
    least, most = sorted((max(one or 0, 1), max(other or 0, 1)))
    return most <= _NEAR * least

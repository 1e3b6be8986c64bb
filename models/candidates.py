"""Which queued job a host should run next: priority, fair share between projects, age."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from models import usage
from models.job import Job
from models.project import Project


def candidates(
    free: dict[str, int], on_gpu_host: bool, most: int, full: Collection[str] = ()
) -> Select[str]:
    """The best queued job that fits the free slots, of a project that may run one more.

    Passed over are those of the accounts that are `full`.

    Of each project an index gives the first of its queue, so that a claim costs the same however
    many jobs wait behind it. No row is locked: of several claimers that see the same job, one gets
    it, and the others look again.
    """
    other = aliased(Job)
    running = (
        select(func.count())
        .where(other.project_id == Project.id, other.state.in_(usage.HOLDING))
        .scalar_subquery()
    )

    def waiting(job: Any) -> Any:
        mine = job.project_id == Project.id
        found = mine & job.claimable() & _fits(job, free, on_gpu_host)
        return found & (job.account.is_(None) | job.account.not_in(full)) if full else found

    # In two steps, as an index has priority and id in the same direction only.
    urgent, oldest = aliased(Job), aliased(Job)
    urgency = (
        select(urgent.priority)
        .where(waiting(urgent))
        .correlate(Project)
        .order_by(urgent.priority.desc())
        .limit(1)
        .scalar_subquery()
    )
    first = select(oldest.id).where(waiting(oldest), oldest.priority == urgency)
    first_id = first.order_by(oldest.id).limit(1).scalar_subquery()
    # Not joined with the jobs: a plan that reads all of them would be free to choose.
    ahead = select(
        first_id.label("job"), urgency.label("priority"), running.label("running")
    ).select_from(Project)
    queues = (ahead.where(running < most) if most else ahead).subquery()
    query = select(queues.c.job).where(queues.c.job.is_not(None))
    return query.order_by(queues.c.priority.desc(), queues.c.running, queues.c.job).limit(1)


def _fits(job: Any, free: dict[str, int], on_gpu_host: bool) -> Any:
    free_cpu, free_gpu = free.get("cpu", 0), free.get("gpu", 0)
    fits = (job.gpus > 0) & (job.gpus <= free_gpu)
    if free_cpu:
        fits |= job.gpus == 0
    if free_gpu if on_gpu_host else free_cpu:
        fits |= job.gpus.is_(None)
    return fits

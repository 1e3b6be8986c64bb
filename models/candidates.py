"""Which queued job a host should run next: priority, fair share between projects, age."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from models import usage
from models.job import Job


def candidates(free: dict[str, int], on_gpu_host: bool, most: int) -> Select[str]:
    """The best queued job that fits the free slots, of a project that may run one more."""
    free_cpu, free_gpu = free.get("cpu", 0), free.get("gpu", 0)
    other = aliased(Job)
    running = (
        select(func.count())
        .where(other.project_id == Job.project_id, other.state.in_(usage.HOLDING))
        .scalar_subquery()
    )
    fits = (Job.gpus > 0) & (Job.gpus <= free_gpu)
    if free_cpu:
        fits |= Job.gpus == 0
    if free_gpu if on_gpu_host else free_cpu:
        fits |= Job.gpus.is_(None)
    if most:
        fits &= running < most
    return (
        select(Job.id)
        .where(Job.claimable(), fits)
        .order_by(Job.priority.desc(), running, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    )

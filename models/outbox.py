"""The outbox: notices and their deliveries, written in the transaction of what they tell of."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.dataset import Dataset
from models.delivery import Delivery
from models.job import Job
from models.job_fields import FIELDS
from models.metric import MetricSummary
from models.model import TrainedModel
from models.notice import Notice
from models.query import QueryError, condition, parse
from models.webhook import Webhook

EPOCH = "job.epoch"
REACHED = "job.reached"


def tell_of_job(session: Session, job_id: str, kind: str) -> None:
    """Tell the webhooks of its project that a job has changed its state or ended an epoch.

    Changes of state are kept for replays even if no webhook asks for them now; epochs are not.
    """
    owner = select(Job.project_id).where(Job.id == job_id).scalar_subquery()
    webhooks = _held(session, owner)
    if not webhooks:
        return
    job = session.scalars(
        select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
    ).one()
    enabled = [webhook for webhook in webhooks if webhook.state == "enabled"]
    for name in (EPOCH, REACHED) if kind == "epoch" else (f"job.{job.state}",):
        wanted = [webhook for webhook in enabled if _wants(session, webhook, name, job_id)]
        if wanted or kind == "state":
            _tell(session, name, job.project_id, job_id, _job_data(session, job), wanted)


def tell_of_dataset(session: Session, dataset: Dataset) -> None:
    """Tell the webhooks of its project that a dataset is ready or could not be read."""
    webhooks = _held(session, dataset.project_id)
    if not webhooks:
        return
    name = f"dataset.{dataset.state}"
    wanted = [one for one in webhooks if one.state == "enabled" and name in one.events]
    _tell(session, name, dataset.project_id, dataset.id, _dataset_data(dataset), wanted)


def tell_of_test(session: Session, webhook: Webhook) -> Delivery:
    """Tell one webhook that somebody tries it."""
    data = {"object": "webhook", "id": webhook.id, "description": webhook.description}
    notice = Notice.record(session, webhook.project_id, "webhook.test", webhook.id, data)
    return Delivery.enqueue(session, webhook.id, notice.id)


def replay_from(
    session: Session, webhook: Webhook, first: str, most: int
) -> tuple[int, str | None]:
    """Send what a webhook asks for again from a notice on: how many, and where to go on.

    What was sent to it before goes again; of the rest what it asks for today.
    """
    notices = Notice.since(session, webhook.project_id, first, most + 1)
    replayed = 0
    for notice in notices[:most]:
        query = exists().where(Delivery.webhook_id == webhook.id, Delivery.notice_id == notice.id)
        if session.scalar(select(query)) or _wants(session, webhook, notice.type, notice.subject):
            Delivery.replay(session, webhook.id, notice.id)
            replayed += 1
    return replayed, notices[most].id if len(notices) > most else None


def _held(session: Session, project_id: Any) -> list[Webhook]:
    """The webhooks of a project, kept from being deleted until this transaction ends."""
    query = select(Webhook).where(Webhook.project_id == project_id).order_by(Webhook.id)
    return list(session.scalars(query.with_for_update(read=True, key_share=True)))


def _wants(session: Session, webhook: Webhook, name: str, subject: str) -> bool:
    if name not in webhook.events:
        return False
    if name == REACHED and _was_told(session, webhook, subject):
        return False
    if webhook.filter is None or not name.startswith("job."):
        return True
    dialect = session.get_bind().dialect.name
    try:
        holds = condition(parse(webhook.filter), FIELDS, dialect)
    except QueryError as error:  # made by an older version, which knew other fields
        Webhook.disable(session, webhook.id, f"Its filter cannot be read any more: {error.detail}")
        return False
    return bool(session.scalar(select(exists().where(Job.id == subject, holds))))


def _was_told(session: Session, webhook: Webhook, job_id: str) -> bool:
    told = exists().where(
        Delivery.webhook_id == webhook.id,
        Delivery.notice_id == Notice.id,
        Notice.type == REACHED,
        Notice.subject == job_id,
    )
    return bool(session.scalar(select(told)))


def _tell(
    session: Session,
    name: str,
    project_id: str,
    subject: str,
    data: dict[str, Any],
    webhooks: list[Webhook],
) -> None:
    notice = Notice.record(session, project_id, name, subject, data)
    for webhook in webhooks:
        Delivery.enqueue(session, webhook.id, notice.id)


def _job_data(session: Session, job: Job) -> dict[str, Any]:
    """What receivers most often ask next; the rest stands at `url`."""
    summaries = MetricSummary.of_jobs(session, [job.id])[job.id]
    return {
        "object": "job",
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "attempt": job.attempt,
        "display_name": job.display_name,
        "tags": job.tags,
        "metadata": job.labels,
        "dataset": job.dataset_id,
        "model": TrainedModel.ids_of_jobs(session, [job.id]).get(job.id),
        "stop_reason": job.stop_reason,
        "error": job.error,
        "metrics": {
            row.key: {"last": row.last, "best": row.best, "best_epoch": row.best_epoch}
            for row in summaries
        },
        "url": f"/v1/jobs/{job.id}",
    }


def _dataset_data(dataset: Dataset) -> dict[str, Any]:
    return {
        "object": "dataset",
        "id": dataset.id,
        "state": dataset.state,
        "name": dataset.name,
        "version": dataset.name_version,
        "rows": dataset.rows,
        "bytes": dataset.bytes,
        "tags": dataset.tags,
        "metadata": dataset.labels,
        "error": dataset.error,
        "url": f"/v1/datasets/{dataset.id}",
    }

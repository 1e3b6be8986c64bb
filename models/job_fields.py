"""What the filter and the order of a list of jobs may speak of."""

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import func, select

from models.job import Job
from models.layer_count import LayerCount
from models.metric import MetricSummary
from models.query.error import QueryError
from models.query.field import Field, Rows, column
from models.query.json_path import json_text, path_of

_VALUES = {
    "last": MetricSummary.last,
    "best": MetricSummary.best,
    "best_epoch": MetricSummary.best_epoch,
}


def _summaries(names: tuple[str, ...]) -> Rows:
    key, value = names
    if value not in _VALUES:
        raise QueryError(f"A metric has last, best and best_epoch, not {value!r}.")
    summary = MetricSummary
    return Rows(Job.id, summary.job_id, _VALUES[value], summary.key == key)


def _counts(names: tuple[str, ...]) -> Rows:
    count = LayerCount
    return Rows(Job.id, count.job_id, count.count, count.class_name == names[0], absent=0)


def _owned(rows: Callable[[tuple[str, ...]], Rows], help: str, names: int) -> Field:
    """A number from a table of its own, as a field."""

    def express(names: tuple[str, ...], _dialect: str) -> Any:
        found = rows(names)
        query = select(found.value).where(found.owner == found.identifier, found.where)
        value = query.scalar_subquery()
        return value if found.absent is None else func.coalesce(value, found.absent)

    return Field("number", express, names, help, rows)


def _request(*prefix: str) -> Any:
    """The column and the path of a value in the request, as the functions on JSON take them."""
    return lambda names, dialect: (Job.request, path_of(dialect, (*prefix, *names)))


def _json(attribute: Any, *path: str) -> Field:
    return Field(
        "text", lambda _names, dialect: json_text(attribute, path_of(dialect, path)), names=0
    )


FIELDS: Final[dict[str, Field]] = {
    "id": column(Job.id),
    "kind": column(Job.kind),
    "state": column(Job.state),
    "display_name": column(Job.display_name),
    "tags": Field("list", lambda _names, _dialect: Job.tags),
    "metadata": Field(
        "text",
        lambda names, dialect: json_text(Job.labels, path_of(dialect, names)),
        names=1,
        help="a key",
    ),
    "dataset": column(Job.dataset_id),
    "retry_of": column(Job.retry_of),
    "architecture": column(Job.architecture),
    "parameters": column(Job.parameters, "number"),
    "priority": column(Job.priority, "number"),
    "attempt": column(Job.attempt, "number"),
    "failures": column(Job.failures, "number"),
    "stop_reason": column(Job.stop_reason),
    "error.code": _json(Job.error, "code"),
    "error.blame": _json(Job.error, "blame"),
    "device.kind": _json(Job.device, "kind"),
    "created_at": column(Job.created_at, "moment"),
    "started_at": column(Job.started_at, "moment"),
    "finished_at": column(Job.finished_at, "moment"),
    "updated_at": column(Job.updated_at, "moment"),
    "optimizer": _json(Job.request, "compile", "optimizer", "class_name"),
    "learning_rate": Field("json", _request("compile", "optimizer", "learning_rate")),
    "epochs": Field("json", _request("fit", "epochs")),
    "batch_size": Field("json", _request("fit", "batch_size")),
    "request": Field("json", _request(), names=None, help="a path into the request"),
    "metrics": _owned(_summaries, "a metric and one of last, best and best_epoch", names=2),
    "layers": _owned(_counts, "a class of layers, such as Conv2D", names=1),
}

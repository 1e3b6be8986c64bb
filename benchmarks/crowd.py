"""Databases with very many jobs, copied within PostgreSQL from one that was really trained."""

from typing import Any

from sqlalchemy import Connection, text

from models.job import Job
from models.metric import MetricPoint

EPOCHS = 5
KEYS = ("loss", "accuracy", "val_loss", "val_accuracy")
_PIECE = 20_000

_NUMBERED = "'job_' || lpad(n::text, 26, '0')"
"""Ids older than any real one, in the order of their numbers."""


def fill(connection: Connection, template: str, jobs: int) -> None:
    """Add `jobs` copies of a job that ended, each with points of its own, piece by piece."""
    for first in range(0, jobs, _PIECE):
        numbers = {"first": first + 1, "last": min(first + _PIECE, jobs), "template": template}
        for statement in (_jobs(), _LAYERS, _SUMMARIES, _points()):
            connection.execute(text(statement), numbers)
        connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("VACUUM ANALYZE"))


def queue(connection: Connection, template: str, jobs: int, at: int) -> None:
    """Add `jobs` queued copies, numbered from `at` on, that have not run yet."""
    fresh = {"state": "'queued'", "attempt": "0", "finished_at": "NULL", "started_at": "NULL"}
    numbers = {"first": at, "last": at + jobs - 1, "template": template}
    connection.execute(text(_jobs(**fresh, event_seq="0")), numbers)
    connection.commit()


def _jobs(**values: str) -> str:
    values |= {
        "id": _NUMBERED,
        "work_digest": "NULL",
        "created_at": "job.created_at - n * interval '1 second'",
    }
    names = [column.name for column in Job.__table__.columns]
    chosen = ", ".join(values.get(name, f'job."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    return (
        f"INSERT INTO jobs ({columns}) SELECT {chosen} FROM jobs job,"
        " generate_series(CAST(:first AS int), CAST(:last AS int)) n WHERE job.id = :template"
    )


_LAYERS = f"""
    INSERT INTO layer_counts (job_id, class_name, count)
    SELECT {_NUMBERED}, class_name, count
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n, layer_counts
    WHERE job_id = :template
"""
_SUMMARIES = f"""
    INSERT INTO metric_summaries (job_id, key, position, mode, last, best, best_epoch)
    SELECT {_NUMBERED}, key, position, mode, random(), random(), best_epoch
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n, metric_summaries
    WHERE job_id = :template
"""


def _points() -> str:
    table: Any = MetricPoint.__tablename__
    return f"""
        INSERT INTO {table} (job_id, key, axis, x, value)
        SELECT {_NUMBERED}, key, 'epoch', x, random()
        FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n,
            unnest(string_to_array('{",".join(KEYS)}', ',')) key, generate_series(0, {EPOCHS - 1}) x
    """

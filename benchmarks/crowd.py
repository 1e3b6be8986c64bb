"""Databases with very many jobs, copied within PostgreSQL from one that was really trained."""

from typing import Any

from sqlalchemy import Connection, text

from models.job import Job
from models.metric import MetricPoint

EPOCHS = 5
KEYS = ("loss", "accuracy", "val_loss", "val_accuracy")
_PIECE = 20_000
_OF_RUNS = (
    *("worker_id", "device", "checkpoint", "stop_reason", "evaluation", "findings", "memory"),
    *("history_params", "started_at", "finished_at"),
)
"""What a job has only once it ran."""

_NUMBERED = "'job_' || lpad(n::text, 26, '0')"
"""Ids older than any real one, in the order of their numbers."""


def fill(connection: Connection, template: str, jobs: int) -> None:
    """Add `jobs` copies of a job that ended, each with points of its own, piece by piece.

    Without the checks of foreign keys and with the indexes made anew at the end, which takes a
    fraction of the time; so let no service be at work meanwhile.
    """
    connection.execute(text("SET session_replication_role = replica"))
    connection.execute(text("SET maintenance_work_mem = '512MB'"))
    indexes = connection.execute(text(_INDEXES)).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    for first in range(0, jobs, _PIECE):
        numbers = {"first": first + 1, "last": min(first + _PIECE, jobs), "template": template}
        for statement in (_jobs(), _LAYERS, _SUMMARIES, _points()):
            connection.execute(text(statement), numbers)
        connection.commit()
    for _, definition in indexes:
        connection.execute(text(definition))
    connection.commit()
    connection.execution_options(isolation_level="AUTOCOMMIT")
    connection.execute(text("VACUUM ANALYZE"))


def queue(connection: Connection, template: str, jobs: int, at: int, **values: str) -> None:
    """Add `jobs` queued copies that have not run yet, numbered from `at` on.

    `values` are SQL for columns in which they differ, of the number `n`.
    """
    fresh = dict.fromkeys(_OF_RUNS, "NULL") | dict.fromkeys(("attempt", "event_seq"), "0")
    numbers = {"first": at, "last": at + jobs - 1, "template": template}
    connection.execute(text(_jobs(**fresh | {"state": "'queued'"} | values)), numbers)
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


_INDEXES = """
    SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'ix%'
    AND tablename IN ('jobs', 'layer_counts', 'metric_summaries', 'metric_points')
"""
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

"""Rows as a worker would leave them, made through the tables' own methods."""

from typing import Any
from uuid import uuid4

from models.attempt import Attempt
from models.claim import claim_next
from models.database import Database
from models.dataset import Dataset
from models.job import Job
from models.slot import Slot

SCHEMA = {
    "rows": 4,
    "columns": [
        {
            "name": "a",
            "kind": "number",
            "dtype": "float64",
            "shape": None,
            "missing": 0,
            "distinct": 4,
            "categories": None,
            "minimum": 0.0,
            "maximum": 3.0,
            "mean": 1.5,
            "std": 1.1,
            "role": None,
        },
        {
            "name": "label",
            "kind": "category",
            "dtype": "str",
            "shape": None,
            "missing": 0,
            "distinct": 2,
            "categories": ["no", "yes"],
            "minimum": None,
            "maximum": None,
            "mean": None,
            "std": None,
            "role": None,
        },
    ],
}
SLOT = {"kind": "cpu", "device": "cpu:0", "name": None, "memory_bytes": 2**30}
PREVIEW = [{"a": 0.0, "label": "no"}, {"a": 1.0, "label": "yes"}]
CSV = b"a,label\n0,no\n1,yes\n2,no\n3,yes\n"


def unseen() -> bytes:
    """A table like CSV that nobody has uploaded yet."""
    return CSV + f"{uuid4().int >> 80},no\n".encode()


def read_dataset(database: Database) -> None:
    """Read the oldest unread dataset, as a worker would."""
    with database.session() as session:
        dataset = Dataset.claim(session, 60)
        assert dataset is not None
        assert dataset.complete(
            session,
            format="csv",
            rows=4,
            schema=SCHEMA,
            preview=PREVIEW,
            classes={"label": {"no": 2, "yes": 2}},
            files=["table.parquet"],
        )


def make_dataset(database: Database, project_id: str) -> str:
    """A ready dataset without stored files."""
    with database.session() as session:
        row = Dataset(
            id=Dataset.new_id(), project_id=project_id, bytes=len(CSV), digest="0" * 64, name="toy"
        )
        session.add(row)
    read_dataset(database)
    return row.id


def make_job(database: Database, project_id: str, dataset_id: str, **values: Any) -> str:
    """A queued job."""
    given: dict[str, Any] = {
        "dataset_id": dataset_id,
        "request": {"data": {"dataset": dataset_id}, "stack": {"layers": []}, "fit": {"epochs": 4}},
        "plan": {"parameters": {"total": 10}, "advice": []},
        "max_seconds": 60,
        "gpus": 0,
        **values,
    }
    with database.session() as session:
        return Job.submit(session, project_id, **given).id


def claim_job(database: Database, host: str) -> Attempt:
    """The next job as taken by a worker of this host."""
    with database.session() as session:
        if not Slot.free(session, host):
            Slot.declare(session, host, [SLOT])
    with database.session() as session:
        attempt = claim_next(session, "wrk_test", host, 60)
        assert attempt is not None
        return attempt

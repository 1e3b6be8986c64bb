"""What a claim reads: as much behind a long queue as behind a short one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from models.candidates import candidates
from models.database import Database
from models.dataset import Dataset
from models.job import Job
from models.project import Project


@pytest.fixture
def database(make_postgresql: Callable[[], str]) -> Iterator[Database]:
    opened = Database(make_postgresql())
    yield opened
    opened.close()


def _queue(session: Session, jobs: int, **values: Any) -> None:
    """Jobs of three projects and two priorities."""
    for name in ("one", "two", "three"):
        project = Project.named(session, name)
        dataset = Dataset(id=Dataset.new_id(), project_id=project.id, bytes=1, digest="0" * 64)
        session.add(dataset)
        session.flush()
        common = {"project_id": project.id, "dataset_id": dataset.id, "max_seconds": 10}
        rows = [
            {"id": f"job_{name}_{number:05}", "priority": number % 2, **common, **values}
            for number in range(jobs // 3)
        ]
        session.execute(insert(Job), [{"request": {}, "plan": {}, **row} for row in rows])


def _rows_read(session: Session, free: dict[str, int], on_gpu_host: bool) -> int:
    """Rows of jobs that the choice of a candidate goes through."""
    query = candidates(free, on_gpu_host, 2).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    plan = session.scalar(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}".replace(":", r"\:")))
    return _read([plan[0]["Plan"]])


def _read(nodes: list[dict[str, Any]]) -> int:
    found = 0
    for node in nodes:
        if node.get("Relation Name") == "jobs":
            one = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
            found += one * node["Actual Loops"]
        found += _read(node.get("Plans", []))
    return round(found)


def test_a_claim_reads_the_heads_of_queues_only(database: Database) -> None:
    with database.session() as session:
        _queue(session, 1500)
        # Of so few projects PostgreSQL never gathers statistics by itself.
        session.execute(text("ANALYZE jobs"))
        assert session.scalar(candidates({"cpu": 1}, False, 2)) == "job_one_00001"
        assert _rows_read(session, {"cpu": 1}, False) < 30

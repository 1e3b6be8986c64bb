"""How far the reading of a dataset is: overwritten, no change that counts, gone at its end."""

from typing import Any

from models.database import Database
from models.dataset import Dataset
from models.project import Project

HALF = {"phase": "reading", "fraction": 0.3, "done": 5, "total": 10}


def _make(database: Database) -> str:
    with database.session() as session:
        row = Dataset(
            id=Dataset.new_id(),
            project_id=Project.default(session).id,
            bytes=1,
            digest="0" * 64,
        )
        session.add(row)
    return row.id


def _seen(database: Database, identifier: str) -> tuple[Any, int]:
    with database.reading() as session:
        row = session.get_one(Dataset, identifier)
        return row.progress, row.version


def test_progress(database: Database) -> None:
    identifier = _make(database)
    with database.session() as session:
        lost = Dataset.claim(session, 0)
    assert lost is not None
    with database.session() as session:
        assert lost.report_progress(session, HALF)
    assert _seen(database, identifier) == (HALF, 1)
    with database.session() as session:
        later = Dataset.claim(session, 60)
    assert later is not None
    with database.session() as session:
        assert not lost.report_progress(session, {**HALF, "fraction": 0.9})
    assert _seen(database, identifier) == (HALF, 1)
    with database.session() as session:
        assert later.refuse(session, {"code": "invalid-dataset", "detail": "", "errors": []})
    assert _seen(database, identifier) == (None, 2)

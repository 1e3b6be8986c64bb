"""Rows that are inserted later: whole, in one message, and before anybody asks; both databases."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, inspect, select
from sqlalchemy.exc import IntegrityError

from models.audit import AuditEntry
from models.database import Database
from models.event import Event
from models.insertion import insert_later
from models.job import Job
from models.layer_count import LayerCount
from tests.models.test_attempt import make_job

MOMENT = datetime(2026, 2, 3, 4, 5, 6, 789012, UTC)
PAYLOAD = {
    "text": 'ä "quoted" \\ \n \U0001f600',
    "numbers": [0.1, 1e-300, -2.5e-7, 2**53 + 1, 12345678901234567890],
    "nothing": None,
    "nested": {"": [[], {}, True]},
}


def of_event(job_id: str, seq: int, **values: Any) -> dict[str, Any]:
    """A row of the log of a job."""
    row = {"job_id": job_id, "seq": seq, "attempt": 0, "kind": "state", "payload": {}, "at": MOMENT}
    return row | values


def test_values_come_back_as_they_were(database: Database) -> None:
    job_id = make_job(database)
    with database.session() as session:
        insert_later(session, Event.__table__, of_event(job_id, 7, payload=PAYLOAD))
    with database.reading() as session:
        row = session.scalars(select(Event).where(Event.seq == 7)).one()
        assert (row.payload, row.at, row.kind) == (PAYLOAD, MOMENT, "state")


def test_rows_of_several_tables_go_in_one_message(database: Database) -> None:
    job_id = make_job(database)
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    entry = {"id": "aud_1", "project_id": "p", "key_id": None, "action": "a", "subject": None}
    with database.session() as session:
        insert_later(session, Event.__table__, of_event(job_id, 7), of_event(job_id, 8))
        counted = {"job_id": job_id, "class_name": "Dense", "count": 2}
        insert_later(session, LayerCount.__table__, counted)
        insert_later(session, AuditEntry.__table__, {**entry, "request_id": "r"})
    inserts = [text for text in said if "INSERT" in text]
    assert len(inserts) == (1 if database.engine.dialect.name == "postgresql" else 3)
    with database.reading() as session:
        assert list(session.scalars(select(Event.seq).order_by(Event.seq))) == [1, 7, 8]
        assert session.scalars(select(LayerCount.count)).all() == [2]
        found = session.scalars(select(AuditEntry).where(AuditEntry.id == "aud_1")).one()
        assert found.subject is None
        assert found.at is not None, "the database's own default"


def test_who_asks_finds_them(database: Database) -> None:
    job_id = make_job(database)
    with database.session() as session:
        insert_later(session, Event.__table__, of_event(job_id, 7))
        assert session.scalar(select(Event.kind).where(Event.seq == 7)) == "state"


@pytest.mark.parametrize("wrong", [{"job_id": "job_none"}, {"seq": 1}])
def test_what_breaks_a_rule_undoes_all(database: Database, wrong: dict[str, Any]) -> None:
    job_id = make_job(database)

    def insert() -> None:
        with database.session() as session:
            insert_later(session, Event.__table__, of_event(job_id, 7))
            insert_later(session, Event.__table__, of_event(job_id, 8) | wrong)

    with pytest.raises(IntegrityError):
        insert()
    with database.reading() as session:
        assert list(session.scalars(select(Event.seq))) == [1]


def test_a_new_job_is_as_if_it_were_read(database: Database) -> None:
    job_id = make_job(database)
    with database.session() as session:
        known = session.get_one(Job, job_id)
        given = {"dataset_id": known.dataset_id, "max_seconds": 60, "request": {}, "plan": {}}
        made = Job.submit(session, known.project_id, **given)
        as_made = {name: getattr(made, name) for name, _ in inspect(Job).columns.items()}
        session.flush()
        session.expire(made)
        as_read = {name: getattr(made, name) for name in as_made}
    assert as_made == as_read

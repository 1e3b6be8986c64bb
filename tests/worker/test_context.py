"""A worker that starts before its database answers waits for it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models.database import Database
from models.slot import Slot
from models.worker import Worker
from worker import context

_SLOT = {"kind": "cpu", "device": "cpu:0", "name": None, "memory_bytes": 1}


def test_a_worker_waits_until_the_database_answers(
    make_sqlite: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Path(make_sqlite().removeprefix("sqlite:///"))
    later = tmp_path / "later"
    database, refused = Database(f"sqlite:///{later / made.name}"), []
    monkeypatch.setattr(context.log, "warning", lambda *_, **about: refused.append(about))
    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(context.enroll, database, [_SLOT], 60)
        while not refused:
            assert not worker.done()
        made.parent.rename(later)
        assert isinstance(worker.result(), Worker)
    with database.reading() as session:
        assert list(session.scalars(select(Slot.device))) == ["cpu:0"]
    database.close()


def test_it_does_not_wait_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'none' / 'lamina.db'}")
    monkeypatch.setattr(context, "_PATIENCE_SECONDS", 0)
    with pytest.raises(OperationalError):
        context.enroll(database, [_SLOT], 60)
    database.close()

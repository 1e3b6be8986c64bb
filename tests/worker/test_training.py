"""An attempt that something other than its training breaks ends at once, not by its lease."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from obstore.exceptions import GenericError

from core.host import EngineHost
from core.settings import Settings
from core.storage import Storage
from models.database import Database
from models.job import Job
from models.slot import Slot
from tests.models.test_attempt import claim, make_job, make_slots
from worker.cache import Cache
from worker.heartbeat import Heartbeat
from worker.training import train


@pytest.mark.parametrize(
    ("error", "code", "state"),
    [
        (GenericError("the bucket answered nonsense"), "crashed", "failed"),
        (OSError(28, "No space left on device"), "storage-full", "failed"),
        (RuntimeError("a surprise"), "crashed", "failed"),
    ],
)
def test_whatever_the_storage_says_the_attempt_ends(
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    code: str,
    state: str,
) -> None:
    make_slots(database)
    job_id = make_job(database, max_failures=1)
    settings = Settings(home=tmp_path)
    context: Any = SimpleNamespace(
        settings=settings,
        database=database,
        storage=Storage(settings.storage),
        hosts={"cpu": EngineHost(tmp_path / "host", "exec")},
        heartbeat=Heartbeat(database, settings, "wrk_1"),
        cache=Cache(tmp_path / "cache", 0),
    )

    def broken(*_: Any) -> None:
        raise error

    monkeypatch.setattr("worker.training.fetch_dataset", broken)
    attempt = claim(database)
    assert attempt is not None
    train(context, attempt)
    with database.reading() as session:
        job = session.get_one(Job, job_id)
        assert job.error is not None
        assert (job.state, job.error["code"]) == (state, code)
        assert str(error) in job.error["detail"]
        assert Slot.free(session, "here") == {"cpu": 1}
    assert list((tmp_path / "host").glob("task-*")) == []

"""What a project may use: storage, jobs at work, seconds on GPUs."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from core.settings import get_settings
from models.attempt import Attempt, Superseded
from models.base import now
from models.candidates import candidates
from models.claim import claim_next
from models.database import Database
from models.job import Job
from models.project import Project
from models.slot import Slot
from models.usage import gpu_seconds
from tests.api.rows import claim_job, make_dataset, make_job
from tests.api.running import Absent, Running, running
from tests.models import test_attempt as attempts


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def small(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    make: Callable[[], str] = request.getfixturevalue(f"make_{request.param}")
    home: Path = tmp_path_factory.mktemp("home")
    with running(home, make(), Absent(), stored_bytes=100, gpu_seconds=50) as served:
        yield served


def test_storage_is_bounded_and_comes_back(small: Running) -> None:
    rows = b"a,b\n" + b"1,2\n" * 15  # 64 bytes
    first = small.client.post("/v1/datasets", content=rows, headers={"content-type": "text/csv"})
    assert first.status_code == 202
    again = small.client.post("/v1/datasets", content=rows, headers={"content-type": "text/csv"})
    assert again.status_code == 202, "equal bytes are stored once"
    other = rows.replace(b"1", b"3")
    full = small.client.post("/v1/datasets", content=other, headers={"content-type": "text/csv"})
    assert (full.status_code, full.json()["type"]) == (429, "/problems/quota-exceeded")
    assert full.headers["retry-after"] == "3600"
    tus = {"tus-resumable": "1.0.0", "upload-length": "37"}
    assert small.client.post("/v1/uploads", headers=tus).status_code == 429
    assert small.client.get("/v1/usage").json()["stored_bytes"] == {"used": 64.0, "limit": 100.0}
    opened = small.client.post("/v1/uploads", headers={**tus, "upload-length": "36"})
    assert opened.status_code == 201
    assert small.client.get("/v1/usage").json()["stored_bytes"]["used"] == 100
    path = opened.headers["location"]
    assert small.client.delete(path, headers={"tus-resumable": "1.0.0"}).status_code == 204
    gone = {"permanently": "true"}
    for made in (first, again):
        assert small.client.delete(made.headers["location"], params=gone).status_code == 204
    full = small.client.post("/v1/datasets", content=other, headers={"content-type": "text/csv"})
    assert full.status_code == 202


def test_seconds_on_gpus_are_bounded(small: Running) -> None:
    project = small.project()
    dataset = make_dataset(small.database, project)
    job = make_job(small.database, project, dataset, gpus=1)
    with small.database.session() as session:
        found = session.get_one(Job, job)
        found.gpu_seconds = 50.0
        assert found.move(session, "queued", "cancelled")
    usage = small.client.get("/v1/usage").json()
    assert usage["gpu_seconds"] == {"used": 50.0, "limit": 50.0}
    refused = small.client.post(f"/v1/jobs/{job}/retry")
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/quota-exceeded")
    on_cpu = make_job(small.database, project, dataset, gpus=0)
    small.client.post(f"/v1/jobs/{on_cpu}/cancel")
    assert small.client.post(f"/v1/jobs/{on_cpu}/retry").status_code == 202
    with small.database.session() as session:
        session.execute(update(Job).where(Job.id == job).values(created_at=now(-31 * 86_400)))
    assert small.client.get("/v1/usage").json()["gpu_seconds"]["used"] == 0
    assert small.client.post(f"/v1/jobs/{job}/retry").status_code == 202


def test_an_attempt_books_its_seconds_on_gpus(database: Database) -> None:
    attempts.make_slots(database, cpu=0, gpu=2)
    job_id = attempts.make_job(database, gpus=2)
    attempt = attempts.claim(database)
    assert attempt is not None
    with database.session() as session:
        session.execute(update(Slot).values(taken_at=now(-100)))
        project = session.get_one(Job, job_id).project_id
        assert gpu_seconds(session, project, 30) == pytest.approx(200, abs=30)
    with database.session() as session:
        attempt.give_back(session, "handed-over", 0)
    with database.session() as session:
        assert session.get_one(Job, job_id).gpu_seconds == pytest.approx(200, abs=30)
        assert gpu_seconds(session, project, 30) == pytest.approx(200, abs=30)


def _claim(database: Database, most: int) -> Attempt | None:
    with database.session() as session:
        return claim_next(session, "wrk_1", attempts.HOST, 60, most)


def test_a_project_runs_no_more_jobs_than_it_may(database: Database) -> None:
    attempts.make_slots(database, cpu=4)
    jobs = [attempts.make_job(database) for _ in range(4)]
    assert [_claim(database, 2) is not None for _ in range(3)] == [True, True, False]
    with database.session() as session:
        other = Project.named(session, "other").id
        moved = update(Job).where(Job.id == jobs[3]).values(project_id=other, priority=-5)
        session.execute(moved)  # less urgent than what may not start
    assert _claim(database, 2) is not None
    assert attempts.state_of(database, jobs[3]) == "running"


def test_a_claim_that_lost_the_last_place_takes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts.make_slots(database, cpu=4)
    jobs = [attempts.make_job(database) for _ in range(2)]
    assert _claim(database, 1) is not None
    seen = "models.claim.candidates"  # as it was before the other claim was committed
    monkeypatch.setattr(seen, lambda free, gpu, *_: candidates(free, gpu, 0))
    with pytest.raises(Superseded):
        _claim(database, 1)
    assert attempts.state_of(database, jobs[1]) == "queued"


def test_a_job_tells_that_its_project_runs_as_many_as_it_may(
    small: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = small.project()
    dataset = make_dataset(small.database, project)
    jobs = [make_job(small.database, project, dataset) for _ in range(2)]
    few = get_settings().model_copy(update={"running_jobs": 1})
    monkeypatch.setattr("models.waiting.get_settings", lambda: few)
    claim_job(small.database, "quota-host")
    told = small.client.get(f"/v1/jobs/{jobs[1]}").json()
    assert (told["waiting"]["code"], told["estimated_start"]) == ("quota", None)

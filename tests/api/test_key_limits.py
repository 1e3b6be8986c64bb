"""What a key may use beside its project: set, shown, counted, enforced; on both databases."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import update

from api.auth import Caller
from api.checking import Checked
from api.sources import Sources
from api.submission import enter, enter_use
from lamina.schemas.job_request import JobRequest
from lamina.schemas.model import PredictionRequest
from models.attempt import Superseded
from models.candidates import candidates
from models.claim import claim_next
from models.database import Database
from models.dataset import Dataset
from models.job import Job
from models.key import Key
from models.model import TrainedModel
from models.project import Project
from models.slot import Slot
from tests.api.rows import SCHEMA, SLOT, make_job, unseen
from tests.api.running import Absent, Running, running
from tests.models import test_attempt as attempts

CSV = {"content-type": "text/csv"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A service with keys; what a key asks for is counted by the process, for want of Redis."""
    make: Callable[[], str] = request.getfixturevalue(f"make_{request.param}")
    home: Path = tmp_path_factory.mktemp("home")
    absent = "redis://127.0.0.1:9/0"
    with running(home, make(), Absent(), redis_url=absent, request_burst=100_000) as served:
        yield served


class Holder:
    """Who has a key of its own, in the project that all keys of a module share."""

    def __init__(self, served: Running, scope: str, limits: dict[str, int] | None = None) -> None:
        with served.database.session() as session:
            self.project = Project.default(session).id
            key, secret = Key.issue(session, self.project, "", [scope], limits=limits)
        self.id, self.client = key.id, served.client
        served.app.state.guard.forget()
        self.headers = {"authorization": f"Bearer {secret}"}

    def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = self.headers | more.pop("headers", {})
        return self.client.request(method, path, headers=headers, **more)

    def usage(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", "/v1/usage").json()["key"]
        return found


@pytest.fixture
def admin(shared: Running) -> Holder:
    return Holder(shared, "admin")


def _limit(admin: Holder, key: str, limits: Any) -> httpx2.Response:
    return admin.ask("PATCH", f"/v1/keys/{key}", json={"limits": limits})


def _refused(response: httpx2.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


def _dataset(served: Running, holder: Holder) -> str:
    """A ready dataset, whatever else waits to be read."""
    with served.database.session() as session:
        row = Dataset(
            **{"id": Dataset.new_id(), "project_id": holder.project, "state": "ready"},
            **{"bytes": 1, "digest": "0" * 64, "schema": SCHEMA, "files": ["table.parquet"]},
        )
        session.add(row)
        return row.id


def _ended(served: Running, holder: Holder, **values: Any) -> str:
    """A cancelled job of this holder, to be repeated."""
    dataset = _dataset(served, holder)
    job = make_job(served.database, holder.project, dataset, account=holder.id, **values)
    with served.database.session() as session:
        assert session.get_one(Job, job).move(session, "queued", "cancelled")
    return job


def test_limits_are_set_changed_and_shown(shared: Running, admin: Holder) -> None:
    wanted = {"name": "n", "limits": {"running_jobs": 2, "gpu_seconds": 0}}
    made = admin.ask("POST", "/v1/keys", json=wanted).json()
    none = dict.fromkeys(made["limits"])
    assert made["limits"] == {**none, "running_jobs": 2, "gpu_seconds": 0}
    changed = _limit(admin, made["id"], {"queued_jobs": 5, "running_jobs": None})
    assert changed.json()["limits"] == {**none, "queued_jobs": 5, "gpu_seconds": 0}
    assert admin.ask("GET", f"/v1/keys/{made['id']}").json() == changed.json()
    assert admin.ask("GET", "/v1/keys").json()["data"][0] == changed.json()
    assert admin.ask("PATCH", f"/v1/keys/{made['id']}", json={}).json() == changed.json()
    assert _limit(admin, made["id"], None).json()["limits"] == none
    trainer = Holder(shared, "train")
    assert _limit(trainer, trainer.id, {}).status_code == 403


@pytest.mark.parametrize(
    ("limits", "pointer"),
    [
        ({"running_jobs": 0}, "/limits/running_jobs"),
        ({"stored_bytes": -1}, "/limits/stored_bytes"),
        ({"requests_per_second": 0.5}, "/limits/requests_per_second"),
        ({"running_job": 1}, "/limits/running_job"),
        ([], "/limits"),
    ],
)
def test_limits_that_mean_nothing_are_refused(
    shared: Running, admin: Holder, limits: Any, pointer: str
) -> None:
    for answer in (
        _limit(admin, admin.id, limits),
        admin.ask("POST", "/v1/keys", json={"limits": limits}),
    ):
        assert answer.status_code == 422
        assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


def test_requests_are_counted_by_the_limits_of_the_key(shared: Running, admin: Holder) -> None:
    slow = Holder(shared, "read", {"requests_per_second": 1, "requests_burst": 3})
    answers = [slow.ask("GET", "/v1/jobs") for _ in range(30)]
    assert answers[0].headers["ratelimit-policy"] == '"requests";q=3;w=3'
    refused = next(one for one in answers if one.status_code == 429)
    assert refused.json()["detail"].startswith("This key may make 1 requests a second")
    assert int(refused.headers["retry-after"]) >= 1
    policy = admin.ask("GET", "/v1/jobs").headers["ratelimit-policy"]
    assert policy == '"requests";q=100000;w=1000', "as the settings have it"
    _limit(admin, slow.id, {"requests_burst": 1000})
    freed = slow.ask("GET", "/v1/usage")
    assert freed.status_code == 200, "at once in this process"
    assert (freed.json()["requests_per_second"], freed.json()["requests_burst"]) == (1, 1000)


def test_what_a_key_stores_is_bounded(shared: Running) -> None:
    content, theirs = unseen(), unseen()
    tight, other = Holder(shared, "train", {"stored_bytes": len(content)}), Holder(shared, "train")
    brought = other.ask("POST", "/v1/datasets", content=theirs, headers=CSV)
    assert brought.status_code == 202
    first = tight.ask("POST", "/v1/datasets", content=content, headers=CSV)
    assert first.status_code == 202, "what others store is not counted"
    assert tight.usage()["stored_bytes"] == {"used": len(content), "limit": len(content)}
    assert other.ask("POST", "/v1/datasets", content=content, headers=CSV).status_code == 202
    assert other.usage()["stored_bytes"] == {"used": len(theirs), "limit": None}
    full = tight.ask("POST", "/v1/datasets", content=unseen(), headers=CSV)
    assert _refused(full) == (429, "quota-exceeded")
    assert "This key" in full.json()["detail"]
    tus = {"tus-resumable": "1.0.0", "upload-length": "1"}
    assert _refused(tight.ask("POST", "/v1/uploads", headers=tus)) == (429, "quota-exceeded")
    assert other.ask("POST", "/v1/uploads", headers=tus).status_code == 201
    assert other.usage()["stored_bytes"]["used"] == len(theirs) + 1


def test_jobs_of_a_key_that_wait_are_bounded_exactly(shared: Running) -> None:
    holder, other = Holder(shared, "train", {"queued_jobs": 2}), Holder(shared, "train")
    job = _ended(shared, holder)
    together = threading.Barrier(6)

    def repeat(_: int) -> int:
        with httpx2.Client(base_url=shared.url, headers=holder.headers, timeout=30) as client:
            together.wait()
            return client.post(f"/v1/jobs/{job}/retry").status_code

    with ThreadPoolExecutor(6) as pool:
        answered = Counter(pool.map(repeat, range(6)))
    assert answered == {202: 2, 503: 4}
    full = holder.ask("POST", f"/v1/jobs/{job}/retry")
    assert _refused(full) == (503, "queue-full")
    assert "of this key" in full.json()["detail"]
    assert holder.usage()["queued_jobs"] == {"used": 2, "limit": 2}
    assert other.ask("POST", f"/v1/jobs/{job}/retry").status_code == 202
    assert other.usage()["queued_jobs"] == {"used": 1, "limit": None}


def test_trainings_and_predictions_count_for_the_key(
    shared: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = Holder(shared, "train", {"queued_jobs": 2})
    job = _ended(shared, Holder(shared, "train"))
    with shared.database.session() as session:
        row = session.get_one(Job, job)
        model = TrainedModel(
            **{"id": TrainedModel.new_id(), "project_id": row.project_id, "job_id": job},
            **{"dataset_id": row.dataset_id, "attempt": 1, "prefix": "p", "display_name": None},
            **{"files": {}, "stack": {}},
        )
        session.add(model)
        dataset = session.get_one(Dataset, row.dataset_id)
    caller = Caller(holder.project, frozenset({"train"}), holder.id, holder.id)
    data = {"dataset": dataset.id, "target": "label"}
    training = JobRequest.model_validate({"data": data, "stack": []})
    checked = Checked(training, {"request": {"data": data}}, {"dataset": dataset}, Sources())
    monkeypatch.setattr("api.submission.demand", lambda *_: None)  # a plan of nothing fits
    wanted = PredictionRequest(dataset=dataset.id)
    with shared.database.session() as session:
        enter(shared.services, caller, checked, session)
        enter_use("predict", shared.services, caller, model, wanted, dataset, session)
    assert holder.usage()["queued_jobs"] == {"used": 2, "limit": 2}


def test_seconds_on_gpus_of_a_key_are_bounded(shared: Running, admin: Holder) -> None:
    holder, other = Holder(shared, "train", {"gpu_seconds": 50}), Holder(shared, "train")
    job = _ended(shared, holder, gpus=1)
    assert holder.ask("POST", f"/v1/jobs/{job}/retry").status_code == 202
    with shared.database.session() as session:
        session.execute(update(Job).where(Job.id == job).values(gpu_seconds=50.0))
    assert holder.usage()["gpu_seconds"] == {"used": 50.0, "limit": 50.0}
    refused = holder.ask("POST", f"/v1/jobs/{job}/retry")
    assert _refused(refused) == (429, "quota-exceeded")
    assert "of this key" in refused.json()["detail"]
    assert other.ask("POST", f"/v1/jobs/{job}/retry").status_code == 202
    heir = admin.ask("POST", f"/v1/keys/{holder.id}/rotate").json()
    assert heir["limits"]["gpu_seconds"] == 50
    bearer = {"authorization": f"Bearer {heir['secret']}"}
    assert shared.client.post(f"/v1/jobs/{job}/retry", headers=bearer).status_code == 429
    _limit(admin, holder.id, {"gpu_seconds": 60})
    assert shared.client.post(f"/v1/jobs/{job}/retry", headers=bearer).status_code == 202


def test_a_job_tells_that_its_key_runs_as_many_as_it_may(shared: Running) -> None:
    holder = Holder(shared, "train", {"running_jobs": 1})
    dataset = _dataset(shared, holder)
    jobs = [
        make_job(shared.database, holder.project, dataset, account=holder.id, priority=50)
        for _ in range(2)
    ]
    host = f"limits-{holder.id}"
    with shared.database.session() as session:
        Slot.declare(session, host, [{**SLOT, "device": f"cpu:{i}"} for i in range(2)])
    with shared.database.session() as session:
        taken = claim_next(session, "wrk_limits", host, 60)
    assert taken is not None
    assert taken.job.id == jobs[0]
    told = holder.ask("GET", f"/v1/jobs/{jobs[1]}").json()
    assert (told["waiting"]["code"], told["estimated_start"]) == ("key-quota", None)
    assert holder.usage()["running_jobs"] == {"used": 1, "limit": 1}


def _account(database: Database, running_jobs: int) -> str:
    with database.session() as session:
        limits = {"running_jobs": running_jobs}
        key, _ = Key.issue(session, Project.default(session).id, "", ["train"], limits=limits)
        return key.id


def _claim(database: Database) -> str | None:
    attempt = attempts.claim(database)
    return attempt.job.id if attempt else None


def test_a_key_runs_no_more_jobs_than_it_may(database: Database) -> None:
    attempts.make_slots(database, cpu=6)
    one, two = _account(database, 1), _account(database, 2)
    first = [attempts.make_job(database, account=one, priority=9) for _ in range(2)]
    second = [attempts.make_job(database, account=two) for _ in range(3)]
    free = attempts.make_job(database, priority=-5)
    claimed = [_claim(database) for _ in range(5)]
    assert claimed == [first[0], second[0], second[1], free, None]
    with database.session() as session:
        assert session.get_one(Job, first[0]).move(session, "running", "failed")
    assert _claim(database) == first[1]
    with database.session() as session:
        session.get_one(Key, two).limit(session, {"running_jobs": None})
    assert _claim(database) == second[2]


def test_a_claim_that_lost_the_last_place_of_a_key_takes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts.make_slots(database, cpu=2)
    account = _account(database, 1)
    jobs = [attempts.make_job(database, account=account) for _ in range(2)]
    assert _claim(database) == jobs[0]
    seen = "models.claim.candidates"  # as it was before the other claim was committed
    monkeypatch.setattr(seen, lambda free, gpu, *_: candidates(free, gpu, 0))
    with pytest.raises(Superseded):
        _claim(database)
    assert attempts.state_of(database, jobs[1]) == "queued"

"""What is created at the same time: one transaction, each request's own fate."""

import asyncio
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import anyio.to_thread
import httpx2
import pytest
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from api.examples import SMALLEST
from api.group_commit import GroupCommit
from api.idempotency import Answer, Once
from api.refusal import Refusal
from models.audit import Act, AuditEntry, acting
from models.database import Database
from models.dataset import Dataset
from models.event import Event
from models.job import Job
from models.project import Project
from tests.api.rows import make_dataset
from tests.api.running import Running


@dataclass
class Crowd:
    """Requests that come while the first one's transaction is at work."""

    database: Database
    project: str
    dataset: str
    sessions: list[int] = field(default_factory=list)

    def job(self, name: str) -> Callable[[Session], Answer]:
        """Makes a job of this name."""

        def make(session: Session) -> Answer:
            self.sessions.append(id(session))
            given = {"dataset_id": self.dataset, "display_name": name, "max_seconds": 60}
            known = {"moment": datetime.now(UTC), "is_watched": False}
            job = Job.submit(session, self.project, **known, request={}, plan={}, **given)
            return Answer(202, {}, json.dumps({"id": job.id}).encode())

        return make

    def create(self, *makes: Callable[[Session], Answer], key: str | None = None) -> list[Any]:
        """What becomes of these, which wait for one that is at work when they come."""
        return asyncio.run(self._create(makes, key))

    async def _create(
        self, makes: tuple[Callable[[Session], Answer], ...], key: str | None
    ) -> list[Any]:
        group, begun, come = GroupCommit(self.database), threading.Event(), threading.Event()

        def first(_session: Session) -> Answer:
            begun.set()
            come.wait(10)
            return Answer(202, {}, b"{}")

        once = Once(key, "POST /v1/jobs", self.project)
        tasks = [asyncio.create_task(group.create(Once(None, "", self.project), "", first))]
        while not begun.is_set():
            await asyncio.sleep(0.01)
        for number, make in enumerate(makes):
            tasks.append(asyncio.create_task(self._acting(number, group.create(once, "d", make))))
        await asyncio.sleep(0.05)
        come.set()
        found: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
        return found[1:]

    async def _acting(self, number: int, creation: Coroutine[Any, Any, Any]) -> Any:
        acting.set(Act(self.project, None, "jobs_create", None, f"request {number}"))
        return await creation

    def names(self) -> list[str | None]:
        """The jobs that there are."""
        with self.database.reading() as session:
            return sorted(session.scalars(select(Job.display_name)))


@pytest.fixture
def crowd(database: Database) -> Crowd:
    with database.session() as session:
        project = Project.default(session).id
    return Crowd(database, project, make_dataset(database, project))


def _refuse(_session: Session) -> Answer:
    raise Refusal("queue-full", "No room.")


def _fail(_session: Session) -> Answer:
    raise ValueError("a mistake")


def test_a_crowd_is_created_in_one_transaction(crowd: Crowd) -> None:
    written: list[str] = []

    @event.listens_for(crowd.database.engine, "before_cursor_execute")
    def _listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        written.extend(re.findall(r"INSERT INTO (\w+)", statement))

    found = crowd.create(*[crowd.job(name) for name in "abcde"])
    assert not any(replayed for _, replayed in found)
    assert crowd.names() == list("abcde")
    assert len(set(crowd.sessions)) == 1
    # Events and acts, too, once for all; the first one's own act is nobody's.
    assert Counter(written) == {"jobs": 1, "events": 1, "audit_entries": 1}
    with crowd.database.reading() as session:
        acts = session.scalars(select(AuditEntry)).all()
        told = session.scalars(select(Event)).all()
    made = {f"request {number}": answer.body["id"] for number, (answer, _) in enumerate(found)}
    assert {act.request_id: act.subject for act in acts} == made
    assert {(one.job_id, one.seq) for one in told} == {(job, 1) for job in made.values()}


def test_who_is_refused_is_refused_alone(crowd: Crowd) -> None:
    first, refused, last = crowd.create(crowd.job("a"), _refuse, crowd.job("b"))
    assert isinstance(refused, Refusal)
    assert first[0].status == last[0].status == 202
    assert (crowd.names(), len(set(crowd.sessions))) == (["a", "b"], 1)
    with crowd.database.reading() as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 2


def test_where_no_thread_can_start_nobody_waits_for_ever(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = anyio.to_thread.run_sync, []

    async def run_sync(*work: Any) -> Any:
        calls.append(work)
        if len(calls) == 2:
            raise RuntimeError("can't start new thread")
        return await real(*work)

    monkeypatch.setattr(anyio.to_thread, "run_sync", run_sync)
    found = crowd.create(crowd.job("a"), crowd.job("b"))
    assert [type(one) for one in found] == [RuntimeError] * 2
    assert [made.status for made, _ in crowd.create(crowd.job("c"))] == [202]
    assert crowd.names() == ["c"]


def test_a_mistake_costs_only_its_own_request(crowd: Crowd) -> None:
    first, failed, last = crowd.create(crowd.job("a"), _fail, crowd.job("b"))
    assert isinstance(failed, ValueError)
    assert first[0].status == last[0].status == 202
    assert crowd.names() == ["a", "b"]


def test_a_request_that_comes_twice_at_once_creates_once(crowd: Crowd) -> None:
    found = crowd.create(crowd.job("a"), crowd.job("a"), key="the same")
    assert sorted(replayed for _, replayed in found) == [False, True]
    assert found[0][0] == found[1][0]
    assert crowd.names() == ["a"]


def test_many_clients_at_once(whole: Running, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = make_dataset(whole.database, whole.project())
    body = {**SMALLEST, "data": {"dataset": dataset, "target": "label"}}

    def send(number: int) -> httpx2.Response:
        # Every fifth is refused.
        sent = body if number % 5 else {**body, "stack": [{"class_name": "Desne"}]}
        return whole.client.post("/v1/jobs", json={**sent, "tags": [str(number)]})

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(send, range(40)))
    assert Counter(answer.status_code for answer in answers) == {202: 32, 422: 8}
    made = {answer.json()["id"]: answer.json() for answer in answers if answer.is_success}
    lines = [line for line in capsys.readouterr().out.splitlines() if "job queued" in line]
    assert sorted(line.partition("trace_id=")[2].split()[0] for line in lines) == sorted(
        job["trace_id"] for job in made.values()
    )
    places = [job["queue_position"] for job in made.values()]
    assert sorted(places) == list(range(min(places), min(places) + 32))
    for identifier, job in made.items():
        shown = whole.client.get(f"/v1/jobs/{identifier}").json()
        assert (shown["tags"], shown["trace_id"]) == (job["tags"], job["trace_id"])
    assert len({job["trace_id"] for job in made.values()}) == 32


def test_a_dataset_that_has_changed_is_looked_for_again(whole: Running) -> None:
    dataset = make_dataset(whole.database, whole.project())
    body = {**SMALLEST, "data": {"dataset": dataset, "target": "label"}}
    assert whole.client.post("/v1/jobs", json=body).status_code == 202

    def change(**values: Any) -> None:  # as another process would
        with whole.database.session() as session:
            changed = {"version": Dataset.version + 1, **values}
            session.execute(update(Dataset).where(Dataset.id == dataset).values(**changed))

    change()
    assert whole.client.post("/v1/jobs", json=body).status_code == 202
    change(classes={"label": {"no": 4}}, schema={"rows": 4, "columns": []})
    refused = whole.client.post("/v1/jobs", json=body)
    assert refused.json()["type"] == "/problems/data-stack-mismatch"
    with whole.database.session() as session:
        row = session.get_one(Dataset, dataset)
        row.deleted_at = row.created_at
    gone = whole.client.post("/v1/jobs", json=body)
    assert gone.json()["errors"][0]["code"] == "unknown-dataset"

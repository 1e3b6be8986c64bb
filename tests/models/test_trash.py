"""Trash, retention and the sweep that is cut off anywhere, on both databases."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, update

from core.settings import Settings
from core.storage import Storage
from models import trash
from models.attempt import Attempt
from models.base import now
from models.database import Database
from models.dataset import Dataset
from models.event import Event
from models.file import File
from models.job import Job
from models.leader import Leader
from models.log import LogLine
from models.metric import MetricPoint
from models.model import TrainedModel
from models.removal import Removal
from models.sweep import sweep
from tests.models.test_attempt import claim, make_job, make_slots

_AGES = {"job_days": 10, "record_days": 5, "checkpoint_days": 5, "dataset_days": 10}


class Cut(BaseException):
    """The process ends here."""


class Fuse:
    """Lets so many durable steps through and ends the process at the next one."""

    def __init__(self) -> None:
        self.left = 1_000_000

    def step(self, *_: Any) -> None:
        """One more; raises Cut when there were enough."""
        self.left -= 1
        if self.left < 0:
            raise Cut


class Fused(Storage):
    """A storage of which a deletion may be cut off before it, and after its first object."""

    def __init__(self, url: str, fuse: Fuse) -> None:
        super().__init__(url)
        self.fuse = fuse

    def delete(self, prefix: str) -> None:
        """Delete what stands below the prefix, in two steps."""
        self.fuse.step()
        for entry in [entry for page in _pages(self, prefix) for entry in page][:1]:
            self.discard(entry["path"])
        self.fuse.step()
        super().delete(prefix)


def _pages(storage: Storage, prefix: str) -> Any:
    return storage._store.list(prefix=prefix)


def _train(database: Database, storage: Storage, lasting: bool = False, **values: Any) -> Attempt:
    """A job that succeeded at its second attempt, with all that this leaves behind."""
    job_id = make_job(database, **values)
    for turn in (1, 2):
        attempt = claim(database)
        assert attempt is not None
        assert attempt.job.id == job_id
        storage.put(f"{attempt.prefix}/checkpoints/1/state", b"x")
        storage.put(f"{attempt.prefix}/split.parquet", b"x")
        with database.session() as session:
            key = f"{attempt.prefix}/checkpoints/1"
            attempt.record_checkpoint(session, {"epoch": turn, "key": key, "files": ["state"]})
            attempt.report_epoch(session, turn, {"loss": 1.0}, 1.0)
            attempt.report_progress(session, {"epoch": 0, "step": 1}, turn, {"loss": 1.0})
            attempt.report_lines(session, 0, [("stdout", "hello")])
            if turn == 1:
                attempt.give_back(session, "handed-over", 0)
    if lasting:
        with database.session() as session:
            attempt.fail(session, {"code": "internal"})
        return attempt
    storage.put(f"{attempt.prefix}/model/stack.json", b"{}")
    model = TrainedModel(
        id=TrainedModel.new_id(), project_id=attempt.job.project_id, job_id=job_id,
        dataset_id=attempt.job.dataset_id, attempt=2, prefix=f"{attempt.prefix}/model",
        files={"stack.json": {"bytes": 2, "digest": ""}}, stack={},
    )  # fmt: skip
    with database.session() as session:
        attempt.succeed(session, model)
    return attempt


def _age(database: Database, days: float, *jobs: str) -> None:
    with database.session() as session:
        moment = now(-days * 86_400)
        session.execute(update(Job).where(Job.id.in_(jobs)).values(finished_at=moment))


def _whole(database: Database, storage: Storage) -> None:
    """Every object that a row names is there."""
    with database.reading() as session:
        for model in session.query(TrainedModel):
            for name in model.files:
                storage.size(f"{model.prefix}/{name}")
        for job in session.query(Job).where(Job.checkpoint.is_not(None)):
            assert job.checkpoint is not None
            for name in job.checkpoint["files"]:
                storage.size(f"{job.checkpoint['key']}/{name}")
        for dataset in session.query(Dataset).where(Dataset.state == "ready"):
            storage.size(dataset.source_key)


def _keys(storage: Storage, prefix: str) -> set[str]:
    return {entry["path"] for page in _pages(storage, prefix) for entry in page}


def test_a_sweep_may_be_cut_off_anywhere(database: Database, tmp_path: Path) -> None:
    fuse = Fuse()
    storage = Fused(f"file://{tmp_path / 'objects'}", fuse)
    make_slots(database, cpu=1)
    old, pinned, young = (_train(database, storage) for _ in range(3))
    failed = _train(database, storage, lasting=True)
    with database.session() as session:
        heir = Job.submit(
            session, failed.job.project_id, retry_of=failed.job.id, request={}, plan={},
            dataset_id=failed.job.dataset_id, max_seconds=10, checkpoint=failed.job.checkpoint,
        )  # fmt: skip
        session.get_one(Job, pinned.job.id).pinned = True
        session.get_one(Job, heir.id).checkpoint = session.get_one(Job, failed.job.id).checkpoint
        session.flush()
        assert heir.move(session, "queued", "cancelled")
        unused = Dataset(
            id=Dataset.new_id(), project_id=old.job.project_id, bytes=1, digest="d", state="ready"
        )
        session.add(unused)
    storage.put(unused.source_key, b"x")
    with database.session() as session:
        session.execute(update(Dataset).values(updated_at=now(-11 * 86_400)))
    _age(database, 11, old.job.id, pinned.job.id, failed.job.id)
    settings = Settings(home=tmp_path, trash_days=0, **_AGES)  # type: ignore[arg-type]
    _whole(database, storage)

    def commit(_connection: Connection) -> None:
        fuse.step()

    event.listen(database.engine, "commit", commit)
    for cut in range(200):
        fuse.left = cut
        try:
            sweep(database, storage, settings)
        except Cut:
            fuse.left = 1_000_000
            _whole(database, storage)
        else:
            break
    else:
        pytest.fail("the sweep never came to its end")
    event.remove(database.engine, "commit", commit)
    fuse.left = 1_000_000
    assert cut > 10, "there were steps to cut off"
    _whole(database, storage)
    with database.reading() as session:
        assert {job.id for job in session.query(Job)} == {pinned.job.id, young.job.id, heir.id}
        assert session.get_one(Job, heir.id).checkpoint is None, "what it named is gone"
        assert session.get(Dataset, unused.id) is None
        assert session.query(Removal).count() == 0
        prefixes = [f"{session.get_one(Job, one.job.id).prefix}/2" for one in (pinned, young)]
    kept = {f"{one}/{name}" for one in prefixes for name in ("model/stack.json", "split.parquet")}
    assert _keys(storage, f"{old.job.project_id}/jobs") == kept
    assert _keys(storage, f"{old.job.project_id}/datasets") == set()


def test_records_go_before_the_job(database: Database, tmp_path: Path) -> None:
    storage = Storage(f"file://{tmp_path / 'objects'}")
    make_slots(database, cpu=1)
    job = _train(database, storage, lasting=True).job
    _age(database, 6, job.id)
    sweep(database, storage, Settings(home=tmp_path, **_AGES))  # type: ignore[arg-type]
    with database.reading() as session:
        found = session.get_one(Job, job.id)
        assert (found.state, found.deleted_at, found.checkpoint) == ("failed", None, None)
        assert {one.kind for one in session.query(Event)} == {"state"}
        assert {one.axis for one in session.query(MetricPoint)} == {"epoch"}
        assert session.query(LogLine).count() == 0
    assert _keys(storage, f"{job.prefix}/1") == {f"{job.prefix}/1/split.parquet"}


def test_what_is_deleted_can_be_brought_back_until_its_time(
    database: Database, tmp_path: Path
) -> None:
    storage = Storage(f"file://{tmp_path / 'objects'}")
    make_slots(database, cpu=1)
    job = _train(database, storage).job
    project, settings = job.project_id, Settings(home=tmp_path)
    with database.session() as session:
        model = session.query(TrainedModel).one()
        file = File(
            id=File.new_id(), project_id=project, form="arrays", description={}, files=[], bytes=1,
            digest="d",
        )  # fmt: skip
        session.add(file)
        session.flush()
        for row in (model, session.get_one(Job, job.id), file):
            trash.put(session, row)
            assert trash.find(session, project, row.id) is row
            assert trash.find(session, "prj_other", row.id) is None
            assert type(row).find(session, project, row.id) is None
        assert [one.id for one in trash.page(session, project, "job", 5)] == [job.id]
    sweep(database, storage, settings)
    with database.session() as session:
        trash.restore(session, session.get_one(Job, job.id))
        assert Job.find(session, project, job.id) is not None
        session.execute(update(TrainedModel).values(deleted_at=now(-8 * 86_400)))
        session.execute(update(File).values(deleted_at=now(-8 * 86_400)))
    sweep(database, storage, settings)
    with database.reading() as session:
        assert session.query(TrainedModel).count() == session.query(File).count() == 0
        assert session.get_one(Job, job.id).deleted_at is None
    assert _keys(storage, model.prefix) == set()


def test_one_leads_at_a_time(database: Database) -> None:
    def lead(holder: str, lease: float = 60) -> bool:
        with database.session() as session:
            return Leader.lead(session, "sweep", holder, lease)

    assert [lead("a"), lead("b"), lead("a")] == [True, False, True]
    assert lead("a", -1)
    assert [lead("b"), lead("a")] == [True, False], "a lease that ran out is free"
    with database.session() as session:
        Leader.leave(session, "sweep", "a")
    assert not lead("a")
    with database.session() as session:
        Leader.leave(session, "sweep", "b")
    assert lead("a")

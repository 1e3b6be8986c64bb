"""Trash, retention and the sweep that is cut off anywhere, on both databases."""

import signal
import subprocess
import sys
from dataclasses import dataclass
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
from models.project import Project
from models.removal import Removal
from models.sweep import sweep
from tests.models.test_attempt import claim, make_job, make_slots

AGES = {"job_days": 10, "record_days": 5, "checkpoint_days": 5, "dataset_days": 10}


class Cut(BaseException):
    """The process ends here."""


class Fuse:
    """Lets so many durable steps through and ends the process at the next one."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def step(self) -> None:
        """One more; the end when there were enough."""
        self.left -= 1
        if self.left < 0:
            self.end()

    def end(self) -> None:
        """Raises Cut, which nobody catches."""
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


@dataclass(frozen=True)
class Scene:
    """What a sweep finds: jobs to be thrown away, and such as are to be kept."""

    database: Database
    storage: Storage
    settings: Settings
    old: Job
    pinned: Job
    young: Job
    heir: str
    unused: str

    @classmethod
    def make(cls, database: Database, home: Path) -> "Scene":
        """Three trained jobs; a failed one that a retried one relies on; a dataset without jobs."""
        storage = Storage(f"file://{home / 'objects'}")
        make_slots(database, cpu=1)
        old, pinned, young = (_train(database, storage).job for _ in range(3))
        failed = _train(database, storage, lasting=True).job
        with database.session() as session:
            heir = Job.submit(
                session, failed.project_id, retry_of=failed.id, request={}, plan={},
                dataset_id=failed.dataset_id, max_seconds=10, checkpoint=failed.checkpoint,
            )  # fmt: skip
            session.get_one(Job, pinned.id).pinned = True
            session.get_one(Job, heir.id).checkpoint = session.get_one(Job, failed.id).checkpoint
            session.flush()
            assert heir.move(session, "queued", "cancelled")
            unused = Dataset(
                id=Dataset.new_id(), project_id=old.project_id, bytes=1, digest="d", state="ready"
            )
            session.add(unused)
        storage.put(unused.source_key, b"x")
        with database.session() as session:
            session.execute(update(Dataset).values(updated_at=now(-11 * 86_400)))
        _age(database, 11, old.id, pinned.id, failed.id)
        settings = Settings(home=home, trash_days=0, **AGES)  # type: ignore[arg-type]
        return cls(database, storage, settings, old, pinned, young, heir.id, unused.id)

    def check(self) -> None:
        """Every row has its objects, wherever the sweep was."""
        _whole(self.database, self.storage)

    def check_swept(self) -> None:
        """What is to be kept is there, and nothing else."""
        self.check()
        with self.database.reading() as session:
            kept_jobs = {self.pinned.id, self.young.id, self.heir}
            assert {job.id for job in session.query(Job)} == kept_jobs
            assert session.get_one(Job, self.heir).checkpoint is None, "what it named is gone"
            assert session.get(Dataset, self.unused) is None
            assert session.query(Removal).count() == 0
        names = ("model/stack.json", "split.parquet")
        kept = {f"{one.prefix}/2/{name}" for one in (self.pinned, self.young) for name in names}
        assert _keys(self.storage, f"{self.old.project_id}/jobs") == kept
        assert _keys(self.storage, f"{self.old.project_id}/datasets") == set()


def fused_sweep(database: Database, settings: Settings, fuse: Fuse) -> None:
    """A sweep that is cut off where the fuse says."""

    def commit(_connection: Connection) -> None:
        fuse.step()

    event.listen(database.engine, "commit", commit)
    try:
        sweep(database, Fused(settings.storage, fuse), settings)
    finally:
        event.remove(database.engine, "commit", commit)


def test_a_sweep_may_be_cut_off_anywhere(database: Database, tmp_path: Path) -> None:
    scene = Scene.make(database, tmp_path)
    scene.check()
    for cut in range(200):
        try:
            fused_sweep(database, scene.settings, Fuse(cut))
        except Cut:
            scene.check()
        else:
            break
    else:
        pytest.fail("the sweep never came to its end")
    assert cut > 10, "there were steps to cut off"
    scene.check_swept()


@pytest.mark.long
def test_a_process_that_sweeps_may_be_killed_anywhere(database: Database, tmp_path: Path) -> None:
    scene = Scene.make(database, tmp_path)
    url = database.engine.url.render_as_string(hide_password=False)
    for cut in range(200):
        command = [sys.executable, "-m", "tests.models.killed_sweep", url, str(tmp_path), str(cut)]
        status = subprocess.run(command, check=False, timeout=300).returncode
        scene.check()
        if status == 0:
            break
        assert status == -signal.SIGKILL
    assert cut > 10, "there were steps to be killed at"
    scene.check_swept()


def test_records_go_before_the_job(database: Database, tmp_path: Path) -> None:
    storage = Storage(f"file://{tmp_path / 'objects'}")
    make_slots(database, cpu=1)
    job = _train(database, storage, lasting=True).job
    _age(database, 6, job.id)
    sweep(database, storage, Settings(home=tmp_path, **AGES))  # type: ignore[arg-type]
    with database.reading() as session:
        found = session.get_one(Job, job.id)
        assert (found.state, found.deleted_at, found.checkpoint) == ("failed", None, None)
        assert {one.kind for one in session.query(Event)} == {"state"}
        assert {one.axis for one in session.query(MetricPoint)} == {"epoch"}
        assert session.query(LogLine).count() == 0
    assert _keys(storage, f"{job.prefix}/1") == {f"{job.prefix}/1/split.parquet"}


def test_what_a_killed_worker_leaves_of_a_success_goes(database: Database, tmp_path: Path) -> None:
    storage = Storage(f"file://{tmp_path / 'objects'}")
    make_slots(database, cpu=1)
    job = _train(database, storage).job  # nothing is deleted yet: so the worker was killed here
    kept = {f"{job.prefix}/2/{name}" for name in ("model/stack.json", "split.parquet")}
    sweep(database, storage, Settings(home=tmp_path))
    assert _keys(storage, job.prefix) == kept
    # One that was frozen until now stores what it had, and is killed too.
    for late in ("1/checkpoints/2/state", "2/checkpoints/3/state"):
        storage.put(f"{job.prefix}/{late}", b"x")
    sweep(database, storage, Settings(home=tmp_path))
    assert len(_keys(storage, job.prefix)) == 4, "it may still be about to delete them itself"
    _age(database, 1.1, job.id)
    sweep(database, storage, Settings(home=tmp_path))
    assert _keys(storage, job.prefix) == kept
    _train(database, storage, lasting=True)
    with database.session() as session:
        session.execute(update(Job).values(finished_at=now(-1.1 * 86_400)))
    sweep(database, storage, Settings(home=tmp_path))
    [failed] = _with_checkpoints(database)
    storage.size(f"{failed['key']}/state")


def _with_checkpoints(database: Database) -> list[dict[str, Any]]:
    with database.reading() as session:
        return [job.checkpoint for job in session.query(Job) if job.checkpoint]


def test_side_files_go_that_nothing_was_made_with(database: Database, tmp_path: Path) -> None:
    storage = Storage(f"file://{tmp_path / 'objects'}")
    make_slots(database, cpu=1)
    with database.session() as session:
        project = Project.default(session).id
        files = [
            File(
                id=File.new_id(), project_id=project, form="arrays", description={}, files=[],
                bytes=1, digest="d",
            )
            for _ in range(4)
        ]  # fmt: skip
        session.add_all(files)
    unused, of_job, of_model, young = (file.id for file in files)
    make_job(database, sources=[of_job, "mdl_x"], priority=-1)
    trained = _train(database, storage, sources=[of_model]).job
    with database.session() as session:
        old = update(File).where(File.id != young).values(created_at=now(-11 * 86_400))
        session.execute(old)
        trash.put(session, session.get_one(Job, trained.id))  # its model is kept

    def there() -> set[str]:
        with database.reading() as session:
            return {file.id for file in session.query(File) if file.deleted_at is None}

    sweep(database, storage, Settings(home=tmp_path))
    assert there() == {unused, of_job, of_model, young}, "kept for ever unless set"
    sweep(database, storage, Settings(home=tmp_path, file_days=10))
    assert there() == {of_job, of_model, young}
    with database.session() as session:
        trash.put(session, session.query(TrainedModel).one())
    sweep(database, storage, Settings(home=tmp_path, file_days=10))
    assert there() == {of_job, young}


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

"""The sweep, on both databases, in a folder and in a bucket."""

from pathlib import Path

import pytest
from sqlalchemy import update

from core.storage import Storage
from models.base import now
from models.content import Content
from models.database import Database
from models.dataset import Dataset
from models.project import Project
from models.sharing import enter
from models.sweep import delete_orphans, end_uploads
from models.upload import Upload, UploadPart


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return Storage(f"file://{tmp_path / 'objects'}")
    options = request.getfixturevalue("bucket_options")
    return Storage(f"s3://bucket/{tmp_path.name}", options)


@pytest.fixture
def project(database: Database) -> str:
    with database.session() as session:
        return Project.default(session).id


def _upload(database: Database, storage: Storage, project: str) -> Upload:
    with database.session() as session:
        upload = Upload.open(session, project, 10, "", 1)
        assert upload.seize(session, "writer", None, 1)
        key = f"{upload.prefix}/0"
        storage.put(key, b"01234")
        part = UploadPart(upload_id=upload.id, start=0, bytes=5, key=key)
        assert upload.append(session, "writer", [part], 1) == 5
        return upload


def test_expired_uploads_go_with_their_bytes(
    database: Database, storage: Storage, project: str
) -> None:
    old, young = (_upload(database, storage, project) for _ in range(2))
    with database.session() as session:
        session.execute(update(Upload).where(Upload.id == old.id).values(expires_at=now(-1)))
    assert end_uploads(database, storage) == 1
    with database.reading() as session:
        assert [row.id for row in session.query(Upload)] == [young.id]
        assert [row.upload_id for row in session.query(UploadPart)] == [young.id]
    assert storage.newest(old.prefix) is None
    assert storage.newest(young.prefix) is not None
    assert end_uploads(database, storage) == 0


def test_objects_without_a_row_go_when_they_are_old(
    database: Database, storage: Storage, project: str
) -> None:
    kept = _upload(database, storage, project)
    with database.session() as session:
        content = Content.enter(
            session, id=Content.new_id(), project_id=project, digest="d", bytes=1
        )
        row = Dataset(id=Dataset.new_id(), project_id=project, bytes=1, digest="d")
        enter(session, row, content)
    storage.put(row.source_key, b"x")
    orphans = [
        Content.prefix_of(project, Content.new_id()),
        f"{project}/uploads/upl_01kaz8v7m2f5q0r9x3n6t4w1yc",
        f"{project}/files/file_01kaz8v7m2f5q0r9x3n6t4w1yc",
        f"{project}/datasets/ds_01kaz8v7m2f5q0r9x3n6t4w1yc",
        f"{project}/jobs/job_01kaz8v7m2f5q0r9x3n6t4w1yc",
        f"prj_gone/contents/{Content.new_id()}",
    ]
    strange = [f"{project}/contents/notes", f"{project}/plans/job_01kaz8v7m2f5q0r9x3n6t4w1yc"]
    for prefix in (*orphans, *strange):
        storage.put(f"{prefix}/deep/object", b"x")
    assert delete_orphans(database, storage, hours=1) == 0
    assert delete_orphans(database, storage, hours=-1) == len(orphans)
    for prefix in orphans:
        assert storage.newest(prefix) is None
    for prefix in (*strange, row.prefix, kept.prefix):
        assert storage.newest(prefix) is not None
    assert delete_orphans(database, storage, hours=-1) == 0

"""References to datasets, on both databases."""

import pytest

from models.content import Content
from models.database import Database
from models.dataset import Dataset
from models.project import Project
from models.reference import find_dataset
from models.sharing import enter


@pytest.fixture
def project(database: Database) -> str:
    with database.session() as session:
        return Project.default(session).id


def _make(database: Database, project: str, name: str) -> str:
    with database.session() as session:
        digest = f"{name}-{Dataset.new_id()}"[-64:]
        content = Content.enter(
            session, id=Content.new_id(), project_id=project, digest=digest, bytes=1
        )
        row = Dataset(id=Dataset.new_id(), project_id=project, name=name, bytes=1, digest=digest)
        enter(session, row, content)
        return row.id


def test_what_a_reference_means(database: Database, project: str) -> None:
    first, second = (_make(database, project, "pets") for _ in range(2))
    odd = _make(database, project, "odd@2")
    meant = {
        first: first,
        "pets": second,
        "pets@1": first,
        "pets@01": first,
        "pets@2": second,
        "pets@latest": second,
        "odd@2": odd,
        "odd@2@1": odd,
        "odd@2@latest": odd,
    }
    with database.reading() as session:
        for reference, identifier in meant.items():
            found = find_dataset(session, project, reference)
            assert found is not None, reference
            assert found.id == identifier, reference
        for reference in (
            *("", "@", "@1", "pets@", "pets@0", "pets@3", "pets@-1", "pets@²", "pets@LATEST"),
            *("pets@99999999999999999999", "Pets", "pets@1@1", Dataset.new_id(), "odd"),
        ):
            assert find_dataset(session, project, reference) is None, reference
        assert find_dataset(session, "prj_other", "pets") is None
        assert find_dataset(session, "prj_other", first) is None


def test_datasets_without_a_content_have_no_twins(database: Database, project: str) -> None:
    with database.session() as session:
        for _ in range(2):
            session.add(Dataset(id=Dataset.new_id(), project_id=project, bytes=1, digest="d"))
    with database.session() as session:
        row = Dataset.claim(session, 60)
        assert row is not None
        assert row.refuse(session, {"code": "invalid-dataset", "detail": "", "errors": []})
    with database.reading() as session:
        assert sorted(one.state for one in session.query(Dataset)) == ["failed", "reading"]

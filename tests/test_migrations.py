"""Migrations: up, down, up again, and nothing left to generate; on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

import models  # noqa: F401 - fills the metadata
from models.base import Base
from models.database import Database
from models.dataset import Dataset
from models.job import Job
from models.layer_count import LayerCount
from tests.fixtures.databases import migrate


def test_every_revision_can_be_taken_back(database_url: str) -> None:
    migrate(database_url, "base")
    database = Database(database_url)
    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}
    migrate(database_url)
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())
    database.close()


def test_the_revisions_make_the_tables_that_the_code_describes(database_url: str) -> None:
    database = Database(database_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    database.close()
    assert differences == []


def test_datasets_of_the_first_release_are_kept(database_url: str) -> None:
    migrate(database_url, "base")
    migrate(database_url, "bda27553fb14")
    database = Database(database_url)
    with database.session() as session:
        session.execute(text("INSERT INTO projects (id, name) VALUES ('p', 'p')"))
        for identifier in ("ds_1", "ds_2"):
            session.execute(
                text(
                    "INSERT INTO datasets (id, project_id, state, name, bytes, digest, notes, tags,"
                    " metadata, version, attempt)"
                    f" VALUES ('{identifier}', 'p', 'ready', 'n', 1, 'd', '[]', '[]', '{{}}', 1, 2)"
                )
            )
        session.execute(
            text(
                "INSERT INTO jobs (id, project_id, kind, state, tags, metadata, dataset_id,"
                " sources, request, plan, max_seconds, priority, attempt, failures, max_failures,"
                " stop_requested, version, event_seq)"
                " VALUES ('job_1', 'p', 'train', 'queued', '[]', '{}', 'ds_1', '[]', '{}', :plan,"
                " 1, 0, 0, 0, 3, false, 1, 1)"
            ),
            {"plan": '{"layers": [{"class_name": "Dense"}, {"class_name": "Dense"}]}'},
        )
    migrate(database_url)
    with database.reading() as session:
        rows = session.query(Dataset).order_by(Dataset.id).all()
        assert [row.name_version for row in rows] == [1, 2]
        assert rows[0].canonical_prefix == "p/datasets/ds_1/canonical-2"
        assert session.get_one(Job, "job_1").dataset_id == "ds_1"
        assert session.get_one(LayerCount, ("job_1", "Dense")).count == 2
    database.close()

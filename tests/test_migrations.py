"""Migrations: up, down, up again, and nothing left to generate; on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

import models  # noqa: F401 - fills the metadata
from models.base import Base
from models.database import Database
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

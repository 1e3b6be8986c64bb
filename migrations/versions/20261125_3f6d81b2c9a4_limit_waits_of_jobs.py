"""Limit waits of jobs.

Revision ID: 3f6d81b2c9a4
Revises: d0a7f9b87fa0
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision: str = "3f6d81b2c9a4"
down_revision: str | None = "d0a7f9b87fa0"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("start_by", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("start_by")

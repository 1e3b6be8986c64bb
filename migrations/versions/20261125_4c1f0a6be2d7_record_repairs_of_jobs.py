"""Record repairs of jobs.

Revision ID: 4c1f0a6be2d7
Revises: 1eea24d88a5d
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision: str = "4c1f0a6be2d7"
down_revision: str | None = "1eea24d88a5d"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("repairs", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("repairs")

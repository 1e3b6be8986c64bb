"""Keep what trainings choose for themselves.

Revision ID: e7b0c95d3a14
Revises: 7be1f2a94c60
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision: str = "e7b0c95d3a14"
down_revision: str | None = "7be1f2a94c60"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chosen", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("chosen")

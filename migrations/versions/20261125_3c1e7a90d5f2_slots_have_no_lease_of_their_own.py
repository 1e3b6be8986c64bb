"""Slots have no lease of their own.

Revision ID: 3c1e7a90d5f2
Revises: 8b1e7d40f5c6
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision: str = "3c1e7a90d5f2"
down_revision: str | None = "8b1e7d40f5c6"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.drop_column("lease_until")


def downgrade() -> None:
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lease_until", Moment(), nullable=True))

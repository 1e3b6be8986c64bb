"""read GPUs of slots.

Revision ID: 7be1f2a94c60
Revises: 61f6e7bcc059
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Moment

revision: str = "7be1f2a94c60"
down_revision: str | None = "61f6e7bcc059"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.add_column(sa.Column("utilization", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("used_bytes", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("read_at", Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.drop_column("read_at")
        batch_op.drop_column("used_bytes")
        batch_op.drop_column("utilization")

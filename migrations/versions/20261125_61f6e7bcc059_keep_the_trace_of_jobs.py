"""Keep the trace of jobs.

Revision ID: 61f6e7bcc059
Revises: 3f6d81b2c9a4
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "61f6e7bcc059"
down_revision: str | None = "3f6d81b2c9a4"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traceparent", sa.String(length=55), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("traceparent")

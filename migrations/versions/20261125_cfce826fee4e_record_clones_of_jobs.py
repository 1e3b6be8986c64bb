"""Record clones of jobs.

Revision ID: cfce826fee4e
Revises: 02e184c854a7
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "cfce826fee4e"
down_revision: str | None = "02e184c854a7"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cloned_from", sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("cloned_from")

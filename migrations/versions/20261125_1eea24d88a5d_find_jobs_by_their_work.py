"""Find jobs by their work.

Revision ID: 1eea24d88a5d
Revises: 08944efd676a
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "1eea24d88a5d"
down_revision: str | None = "08944efd676a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("work_digest", sa.String(length=64), nullable=True))
        batch_op.create_index(
            "ix_jobs_project_id_work_digest", ["project_id", "work_digest"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_project_id_work_digest")
        batch_op.drop_column("work_digest")

"""Find jobs by their end.

Revision ID: 5d0f4a9be7c3
Revises: b235365e9425
"""

from collections.abc import Sequence

from alembic import op

revision: str = "5d0f4a9be7c3"
down_revision: str | None = "b235365e9425"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index("ix_jobs_finished_at", "jobs", ["finished_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_jobs_finished_at", table_name="jobs")

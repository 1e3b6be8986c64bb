"""Find the first of a queue.

Revision ID: b1c4e7d20f65
Revises: 3c1e7a90d5f2
"""

from collections.abc import Sequence

from alembic import op

revision: str = "b1c4e7d20f65"
down_revision: str | None = "3c1e7a90d5f2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    columns = ["project_id", "state", "priority", "id"]
    op.create_index("ix_jobs_project_id_state_priority_id", "jobs", columns, unique=False)


def downgrade() -> None:
    op.drop_index("ix_jobs_project_id_state_priority_id", table_name="jobs")

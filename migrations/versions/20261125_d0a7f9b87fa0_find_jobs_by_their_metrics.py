"""Find jobs by their metrics.

Revision ID: d0a7f9b87fa0
Revises: 5d0f4a9be7c3
"""

from collections.abc import Sequence

from alembic import op

revision: str = "d0a7f9b87fa0"
down_revision: str | None = "5d0f4a9be7c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    for name in ("best", "last"):
        index = f"ix_metric_summaries_key_{name}_job_id"
        op.create_index(index, "metric_summaries", ["key", name, "job_id"], unique=False)


def downgrade() -> None:
    for name in ("last", "best"):
        op.drop_index(f"ix_metric_summaries_key_{name}_job_id", table_name="metric_summaries")

"""count layers of jobs.

Revision ID: 02e184c854a7
Revises: 90ed43602930
"""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision: str = "02e184c854a7"
down_revision: str | None = "90ed43602930"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    table = op.create_table(
        "layer_counts",
        sa.Column("job_id", sa.String(length=40), nullable=False),
        sa.Column("class_name", sa.String(length=100), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"],
            ["jobs.id"],
            name=op.f("fk_layer_counts_job_id_jobs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("job_id", "class_name", name=op.f("pk_layer_counts")),
    )
    with op.batch_alter_table("layer_counts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_layer_counts_class_name_count", ["class_name", "count"], unique=False
        )
    # Jobs that are there already are counted as later ones are when they are submitted.
    jobs = sa.table("jobs", sa.column("id", sa.String), sa.column("plan", Json))
    for job_id, plan in op.get_bind().execute(sa.select(jobs.c.id, jobs.c.plan)).all():
        counts = Counter(layer["class_name"][:100] for layer in plan.get("layers") or [])
        rows = [{"job_id": job_id, "class_name": name, "count": n} for name, n in counts.items()]
        if rows:
            op.bulk_insert(table, rows)


def downgrade() -> None:
    with op.batch_alter_table("layer_counts", schema=None) as batch_op:
        batch_op.drop_index("ix_layer_counts_class_name_count")

    op.drop_table("layer_counts")

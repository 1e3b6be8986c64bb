"""Add exports.

Revision ID: 7cd8365e9cc5
Revises: 75cabf3d41c1
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Json, Moment, now

revision: str = "7cd8365e9cc5"
down_revision: str | None = "75cabf3d41c1"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("model_id", sa.String(length=40), nullable=False),
        sa.Column("form", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lease_until", Moment(), nullable=True),
        sa.Column("file", Json, nullable=True),
        sa.Column("report", Json, nullable=True),
        sa.Column("error", sa.String(length=2000), nullable=True),
        sa.Column("created_at", Moment(), server_default=now(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["models.id"],
            name=op.f("fk_exports_model_id_models"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("model_id", "form", name=op.f("pk_exports")),
    )


def downgrade() -> None:
    op.drop_table("exports")

"""add dataset findings.

Revision ID: a0bf906b37f8
Revises: 7cd8365e9cc5
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision: str = "a0bf906b37f8"
down_revision: str | None = "7cd8365e9cc5"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("datasets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("samples", Json, nullable=True))
        batch_op.add_column(sa.Column("profile", Json, nullable=True))
        batch_op.add_column(sa.Column("advice", Json, nullable=True))
        batch_op.add_column(sa.Column("progress", Json, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("datasets", schema=None) as batch_op:
        batch_op.drop_column("progress")
        batch_op.drop_column("advice")
        batch_op.drop_column("profile")
        batch_op.drop_column("samples")

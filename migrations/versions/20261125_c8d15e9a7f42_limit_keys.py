"""limit keys.

Revision ID: c8d15e9a7f42
Revises: b1c4e7d20f65
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Json

revision: str = "c8d15e9a7f42"
down_revision: str | None = "b1c4e7d20f65"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_COUNTED = ("jobs", "contents", "files", "uploads")


def upgrade() -> None:
    with op.batch_alter_table("keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("limits", Json, server_default="{}", nullable=False))
    op.execute("UPDATE keys SET account = id")
    with op.batch_alter_table("keys", schema=None) as batch_op:
        batch_op.alter_column("account", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_index(batch_op.f("ix_keys_account"), ["account"], unique=False)
    for table in _COUNTED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("account", sa.String(length=40), nullable=True))
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_account_state", ["account", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_account_state")
    for table in reversed(_COUNTED):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("account")
    with op.batch_alter_table("keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keys_account"))
        batch_op.drop_column("limits")
        batch_op.drop_column("account")

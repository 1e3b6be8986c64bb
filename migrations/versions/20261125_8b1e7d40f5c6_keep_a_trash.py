"""Keep a trash, pins, leaders and removals.

Revision ID: 8b1e7d40f5c6
Revises: e7b0c95d3a14
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from models.base import Moment, now

revision: str = "8b1e7d40f5c6"
down_revision: str | None = "e7b0c95d3a14"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_PINNABLE = ("jobs", "models", "datasets")
_DELETABLE = (*_PINNABLE, "files")


def upgrade() -> None:
    for name in _DELETABLE:
        with op.batch_alter_table(name, schema=None) as table:
            table.add_column(sa.Column("deleted_at", Moment(), nullable=True))
            table.create_index(f"ix_{name}_deleted_at", ["deleted_at"], unique=False)
            if name in _PINNABLE:
                pinned = sa.Column(
                    "pinned", sa.Boolean(), server_default=sa.false(), nullable=False
                )
                table.add_column(pinned)
            if name == "jobs":
                table.add_column(sa.Column("pruned_at", Moment(), nullable=True))
    op.create_table(
        "removals",
        sa.Column("prefix", sa.String(length=255), nullable=False),
        sa.Column("at", Moment(), server_default=now(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_removals")),
    )
    op.create_table(
        "leaders",
        sa.Column("duty", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("lease_until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("duty", name=op.f("pk_leaders")),
    )


def downgrade() -> None:
    # What lies in the trash is there again: nothing is lost by going back.
    op.drop_table("leaders")
    op.drop_table("removals")
    for name in _DELETABLE:
        with op.batch_alter_table(name, schema=None) as table:
            table.drop_index(f"ix_{name}_deleted_at")
            table.drop_column("deleted_at")
            if name in _PINNABLE:
                table.drop_column("pinned")
            if name == "jobs":
                table.drop_column("pruned_at")

"""What all things share that can be deleted and brought back, or be kept from retention."""

from datetime import datetime

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Moment


class Deletable:
    """A row that a DELETE marks; it is purged with its objects when its time in the trash is up."""

    deleted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)


class Pinnable:
    """A row that retention leaves alone while it is pinned."""

    pinned: Mapped[bool] = mapped_column(default=False, server_default=false())

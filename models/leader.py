"""Leaders: one process at a time that does what needs doing only once."""

from datetime import datetime

from sqlalchemy import String, delete, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Moment, insert_new, now


class Leader(Base):
    """Who has a duty, until when by the database's clock."""

    __tablename__ = "leaders"

    duty: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(64))
    lease_until: Mapped[datetime] = mapped_column(Moment)

    @classmethod
    def lead(cls, session: Session, duty: str, holder: str, lease: float) -> bool:
        """Take the duty if it is free or already ours, for so many seconds; whether it is ours."""
        insert_new(session, cls, {"duty": duty, "holder": holder, "lease_until": now()})
        taken = session.execute(
            update(cls)
            .where(cls.duty == duty, (cls.holder == holder) | (cls.lease_until <= now()))
            .values(holder=holder, lease_until=now(lease))
            .execution_options(synchronize_session=False)
        )
        return bool(taken.rowcount)  # type: ignore[attr-defined]

    @classmethod
    def leave(cls, session: Session, duty: str, holder: str) -> None:
        """Give the duty back."""
        session.execute(delete(cls).where(cls.duty == duty, cls.holder == holder))

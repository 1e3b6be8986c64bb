"""Slots: what a host can run at a time, each held by one attempt."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Double,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Moment, insert_new, now

_STALE_SECONDS = 60.0
"""A reading of a card that is older tells nothing about now."""


class Slot(Base):
    """One GPU of a host, or one share of its CPU. Two workers of a host share its slots.

    A slot has no lease of its own: it is held as long as its job is at work, and the job has one.
    So no second training comes to a GPU whose job has fallen silent and may go on.
    """

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("host", "device"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    kind: Mapped[str] = mapped_column(String(3))
    device: Mapped[str] = mapped_column(String(80))
    name: Mapped[str | None] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(Integer)
    memory_bytes: Mapped[int] = mapped_column(BigInteger)
    job_id: Mapped[str | None] = mapped_column(
        ForeignKey("jobs.id", ondelete="SET NULL"), index=True
    )
    attempt: Mapped[int | None] = mapped_column(Integer)
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    utilization: Mapped[float | None] = mapped_column(Double)
    used_bytes: Mapped[int | None] = mapped_column(BigInteger)
    read_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def is_free(cls) -> Any:
        """Condition: no attempt holds the slot."""
        return cls.job_id.is_(None)

    @classmethod
    def free(cls, session: Session, host: str) -> dict[str, int]:
        """Free slots of a host by kind."""
        query = (
            select(cls.kind, func.count()).where(cls.host == host, cls.is_free()).group_by(cls.kind)
        )
        return dict(session.execute(query).all())

    @classmethod
    def busy(cls, session: Session) -> list[tuple["Slot", bool]]:
        """All slots, by host and position, each with whether an attempt holds it."""
        query = select(cls).order_by(cls.host, cls.position)
        return [(slot, slot.job_id is not None) for slot in session.scalars(query)]

    @classmethod
    def take(
        cls,
        session: Session,
        where: tuple[str, str],
        count: int,
        holder: tuple[str, int],
    ) -> list["Slot"]:
        """Give `count` free slots of a (host, kind) to an attempt (job id, number).

        Fewer come back when others were faster.
        """
        host, kind = where
        free = (
            select(cls.id)
            .where(cls.host == host, cls.kind == kind, cls.is_free())
            .order_by(cls.position)
            .limit(count)
            .with_for_update(skip_locked=True)
        )
        found = list(session.scalars(free))
        job_id, attempt = holder
        return list(
            session.scalars(
                update(cls)
                .where(cls.id.in_(found), cls.is_free())
                .values(job_id=job_id, attempt=attempt, taken_at=now())
                .returning(cls)
            )
        )

    @classmethod
    def release(cls, session: Session, job_id: str, attempt: int | None = None) -> float:
        """Free the slots of an attempt, or of all attempts of a job; their seconds on GPUs."""
        held = cls.job_id == job_id
        if attempt is not None:
            held &= cls.attempt == attempt
        timed = select(cls.taken_at, now()).where(
            held, cls.kind == "gpu", cls.taken_at.is_not(None)
        )
        seconds = seconds_between(session, timed)
        session.execute(
            update(cls)
            .where(held)
            .values(job_id=None, attempt=None, taken_at=None)
            .execution_options(synchronize_session=False)
        )
        return seconds

    @classmethod
    def note(
        cls,
        session: Session,
        place: tuple[str, str],
        utilization: float | None,
        used_bytes: int | None,
    ) -> None:
        """Keep a reading of the card at a (host, device); None is what it does not tell."""
        session.execute(
            update(cls)
            .where(cls.host == place[0], cls.device == place[1])
            .values(utilization=utilization, used_bytes=used_bytes, read_at=now())
            .execution_options(synchronize_session=False)
        )

    @classmethod
    def read_lately(cls, session: Session) -> list["Slot"]:
        """The cards of which there is a reading of the last minute, by host and position."""
        query = select(cls).where(cls.read_at > now(-_STALE_SECONDS))
        return list(session.scalars(query.order_by(cls.host, cls.position)))

    @classmethod
    def declare(cls, session: Session, host: str, found: list[dict[str, Any]]) -> None:
        """Make the rows of a host's slots: `kind`, `device`, `name`, `memory_bytes`.

        Those that are gone are dropped. Several workers of a host may start at once.
        """
        for position, description in enumerate(found):
            told = {"host": host, "position": position, **description}
            insert_new(session, cls, told)
            place = (cls.host == host) & (cls.device == description["device"])
            session.execute(update(cls).where(place).values(**told))
        devices = [description["device"] for description in found]
        session.execute(delete(cls).where(cls.host == host, cls.device.not_in(devices)))


def seconds_between(session: Session, pairs: Any) -> float:
    """The seconds from the first to the second moment of each row that a query finds, in all."""
    seconds = 0.0
    for earlier, later in session.execute(pairs):
        seconds += (later - earlier).total_seconds()
    return max(0.0, seconds)

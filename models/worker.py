"""Workers: the processes that train, and when they were last heard of."""

from datetime import datetime

from sqlalchemy import Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Moment, now


class Worker(Base):
    """One worker process on a host."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    heartbeat_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    alive_until: Mapped[datetime] = mapped_column(Moment)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def register(cls, session: Session, host: str, pid: int, lease: float) -> "Worker":
        """Enter a worker that has just started; forget those silent for a day."""
        session.execute(delete(cls).where(cls.heartbeat_at < now(-86_400.0)))
        worker = cls(id=ids.new("wrk"), host=host, pid=pid, alive_until=now(lease))
        session.add(worker)
        session.flush()
        return worker

    @classmethod
    def beat(cls, session: Session, worker_id: str, lease: float) -> None:
        """Note that the worker is alive."""
        session.execute(
            update(cls)
            .where(cls.id == worker_id)
            .values(heartbeat_at=now(), alive_until=now(lease), stopped_at=None)
        )

    @classmethod
    def leave(cls, session: Session, worker_id: str) -> None:
        """Note that the worker ends in good order."""
        session.execute(update(cls).where(cls.id == worker_id).values(stopped_at=now()))

    @classmethod
    def recent(cls, session: Session) -> list[tuple["Worker", str]]:
        """Workers heard of within a day, newest first, each `alive`, `lost` or `stopped`."""
        query = select(cls, cls.alive_until > now()).order_by(cls.id.desc())
        return [
            (worker, "stopped" if worker.stopped_at else "alive" if alive else "lost")
            for worker, alive in session.execute(query)
        ]

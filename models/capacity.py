"""What the hosts of this service could run, free or not."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.base import now
from models.slot import Slot
from models.worker import Worker


@dataclass(frozen=True)
class Capacity:
    """The largest that hosts offer: GPUs side by side, and bytes of one slot by kind.

    Both are empty when no host is known, which means that nothing can be said.
    """

    gpus: int
    memory: dict[str, int]

    @classmethod
    def known(cls, session: Session) -> "Capacity":
        """Of hosts with a worker heard of within a day: one that is away may come back."""
        return cls._of(session, alive=False)

    @classmethod
    def alive(cls, session: Session) -> "Capacity":
        """Of hosts with a worker that lives now."""
        return cls._of(session, alive=True)

    @classmethod
    def _of(cls, session: Session, *, alive: bool) -> "Capacity":
        hosts = select(Worker.host).where(Worker.heartbeat_at > now(-86_400.0))
        if alive:
            hosts = hosts.where(Worker.alive_until > now(), Worker.stopped_at.is_(None))
        query = (
            select(Slot.kind, func.count(), func.max(Slot.memory_bytes))
            .where(Slot.host.in_(hosts))
            .group_by(Slot.host, Slot.kind)
        )
        gpus, memory = 0, dict[str, int]()
        for kind, count, most in session.execute(query):
            memory[kind] = max(memory.get(kind, 0), most)
            gpus = max(gpus, count if kind == "gpu" else 0)
        return cls(gpus, memory)

    @property
    def is_known(self) -> bool:
        """Whether there is any host to speak of."""
        return bool(self.memory)

    def memory_of(self, gpus: int | None) -> int:
        """Bytes that a job of so many GPUs (None: any device) may take on each device."""
        if gpus is None:
            return max(self.memory.values(), default=0)
        return self.memory.get("gpu" if gpus else "cpu", 0)

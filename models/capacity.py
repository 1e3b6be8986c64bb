"""What the hosts of this service could run, free or not."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models.fleet import Fleet


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
        return cls.of(Fleet.look(session))

    @classmethod
    def alive(cls, session: Session) -> "Capacity":
        """Of hosts with a worker that lives now."""
        return cls.of(Fleet.look(session), alive=True)

    @classmethod
    def of(cls, fleet: Fleet, *, alive: bool = False) -> "Capacity":
        """Of these hosts, or of those among them that live now."""
        gpus, memory = 0, dict[str, int]()
        for share in fleet.shares:
            if share.is_alive or not alive:
                memory[share.kind] = max(memory.get(share.kind, 0), share.memory)
                gpus = max(gpus, share.slots if share.kind == "gpu" else 0)
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

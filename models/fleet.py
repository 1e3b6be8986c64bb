"""The slots of all hosts, found with one statement: what could run, what runs, what is free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session

from models.base import now
from models.slot import Slot
from models.worker import Worker

_DAY = 86_400.0


@dataclass(frozen=True)
class Share:
    """The slots of one kind on one host: how many, the memory of the largest, how many are free."""

    kind: str
    slots: int
    memory: int
    free: int
    is_alive: bool


@dataclass(frozen=True)
class Fleet:
    """Of hosts with a worker heard of within a day: one that is away may come back."""

    shares: Sequence[Share]

    @classmethod
    def look(cls, session: Session) -> "Fleet":
        """As it is now."""
        return cls.of(session.execute(_query()))

    @classmethod
    def of(cls, rows: Iterable[Any]) -> "Fleet":
        """Of the rows that `query` finds."""
        return cls([Share(*row) for row in rows])

    @staticmethod
    def query() -> Select[Any]:
        """A row for each host and kind, in the order of the fields of `Share`."""
        here = (Worker.host == Slot.host) & (Worker.heartbeat_at > now(-_DAY))
        alive = exists().where(here, Worker.alive_until > now(), Worker.stopped_at.is_(None))
        query: Any = (
            select(
                Slot.kind.label("kind"),
                func.count().label("slots"),
                func.max(Slot.memory_bytes).label("memory"),
                func.sum(case((Slot.is_free(), 1), else_=0)).label("free"),
                alive.correlate(Slot).label("is_alive"),
            )
            .where(exists().where(here).correlate(Slot))
            .group_by(Slot.host, Slot.kind)
        )
        found: Select[Any] = query
        return found

    @property
    def free(self) -> dict[str, int]:
        """The most free slots of a kind on one host that is alive."""
        found: dict[str, int] = {}
        for share in self.shares:
            if share.is_alive and share.free:
                found[share.kind] = max(found.get(share.kind, 0), share.free)
        return found

    def free_of(self, *kinds: str) -> int:
        """How many slots of these kinds are free on all hosts that are alive."""
        return sum(share.free for share in self.shares if share.is_alive and share.kind in kinds)


@cache
def _query() -> Any:
    return Fleet.query()

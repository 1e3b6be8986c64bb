"""Group commit: what is created at the same time is created in one transaction."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import anyio.to_thread
import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from api.refusal import Refusal
from models import audit
from models.database import Database

if TYPE_CHECKING:
    from api.idempotency import Answer, Once

log = structlog.get_logger(__name__)

_MOST = 32
"""Creations in one transaction."""

_DELAY_SECONDS = 0.002
"""How long a group waits for more, where there was a crowd just now (PostgreSQL: commit_delay)."""

_LATELY_SECONDS = 0.05

Made = tuple["Answer", bool]


@dataclass
class _Creation:
    """One request's work, in the context of that request."""

    once: "Once"
    digest: str
    make: Callable[[Session], "Answer"]
    context: Context = field(default_factory=copy_context)
    made: Made | None = None
    error: Exception | None = None
    settled: asyncio.Event = field(default_factory=asyncio.Event)

    def among(self, session: Session) -> None:
        """Create it in a transaction that others share; what is refused has changed nothing."""
        try:
            self.made = self.context.run(self._entered, session)
        except Refusal as refusal:
            self.error = refusal

    def alone(self, database: Database) -> None:
        """Create it in a transaction of its own."""
        self.made, self.error = None, None
        try:
            self.made = self.context.run(self.once.create, database, self.digest, self.make)
        except Exception as error:
            self.error = error

    def _entered(self, session: Session) -> Made:
        made = self.once.within(session, self.digest, self.make)
        audit.enter(session)
        return made


class GroupCommit:
    """Creates for many requests at a time, with one commit for all of one project.

    What comes while a transaction is at work waits for the next, so that a crowd costs a few
    transactions; a single request, where none is at work, waits for nobody. `make` must raise
    Refusal before it has changed anything; any other exception has all that were with it created
    one by one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: deque[_Creation] = deque()
        self._task: asyncio.Task[None] | None = None
        self._crowded_until = 0.0

    async def create(self, once: "Once", digest: str, make: "Callable[[Session], Answer]") -> Made:
        """As `Once.create`, perhaps with others; for a client that has left, too."""
        creation = _Creation(once, digest, make)
        self._waiting.append(creation)
        if self._task is None or self._task.done():
            # In a context of nobody's, so that what it does is no act of this request.
            self._task = asyncio.create_task(self._work(), context=Context())
        await creation.settled.wait()
        if creation.error is not None:
            raise creation.error
        assert creation.made is not None  # noqa: S101 - either of them is there
        return creation.made

    async def _work(self) -> None:
        clock = asyncio.get_running_loop().time
        while self._waiting:
            if clock() < self._crowded_until:
                await asyncio.sleep(_DELAY_SECONDS)
            group = self._next()
            try:
                await anyio.to_thread.run_sync(self._create, group)
            except Exception as error:  # no thread could be started: the others are still served
                for creation in group:
                    creation.error = error
            finally:
                for creation in group:
                    creation.settled.set()
            if len(group) > 1:
                self._crowded_until = clock() + _LATELY_SECONDS

    def _next(self) -> list[_Creation]:
        """The oldest, and those of its project: so no two groups want locks in another order."""
        project = self._waiting[0].once.project_id
        mine = [one for one in self._waiting if one.once.project_id == project][:_MOST]
        chosen = {id(one) for one in mine}
        self._waiting = deque(one for one in self._waiting if id(one) not in chosen)
        return mine

    def _create(self, group: list[_Creation]) -> None:
        if len(group) > 1 and self._create_together(group):
            return
        for creation in group:
            creation.alone(self._database)

    def _create_together(self, group: list[_Creation]) -> bool:
        """Whether it has come to an end for all of them."""
        try:
            with self._database.session() as session:
                for creation in group:
                    creation.among(session)
        except (OperationalError, InterfaceError) as error:  # none would fare better
            for creation in group:
                creation.made, creation.error = None, creation.error or error
        except Exception as error:
            log.info("not created together", creations=len(group), error=repr(error)[:300])
            return False
        return True

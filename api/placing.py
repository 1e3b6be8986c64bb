"""Placing a dataset: the bytes where the project does not have them yet, then the row."""

from collections.abc import Callable
from pathlib import Path

import anyio.to_thread
from sqlalchemy.orm import Session

from api.auth import Caller
from api.idempotency import Answer, Once
from api.presenters.dataset import present
from api.quota import demand_storage
from api.services import Services
from models.content import Content
from models.dataset import Dataset
from models.sharing import enter

RETRY = "1"
"""Seconds after which to look whether a dataset has been read."""

Also = Callable[[Session], None]


class _Unknown(Exception):
    """The project does not have these bytes yet."""


async def place(
    services: Services,
    caller: Caller,
    once: Once,
    digest: str,
    row: Dataset,
    content: Path | bytes,
    also: Also | None = None,
) -> tuple[Answer, bool]:
    """Enter the row where the project has these bytes; else store them first, then enter it.

    `digest` is of the request, `also` is done in the transaction of the row. When the row cannot be
    entered the bytes go as well. Tells whether the answer is a replay.
    """

    def join(session: Session) -> Answer:
        shared = Content.hold(session, row.project_id, row.digest)
        if shared is None:
            raise _Unknown
        return _enter(services, session, row, shared, also)

    def run() -> tuple[Answer, bool]:
        if stored := _seen(services, once, digest):
            return stored, True
        try:
            return once.create(services.database, digest, join)
        except _Unknown:
            return _bring(services, caller, once, digest, row, content, also)

    return await anyio.to_thread.run_sync(run)


def _bring(
    services: Services,
    caller: Caller,
    once: Once,
    digest: str,
    row: Dataset,
    content: Path | bytes,
    also: Also | None,
) -> tuple[Answer, bool]:
    identifier = Content.new_id()
    prefix = Content.prefix_of(row.project_id, identifier)
    values = {"project_id": row.project_id, "digest": row.digest, "bytes": row.bytes}
    values["account"] = caller.account

    def bring(session: Session) -> Answer:
        shared = Content.enter(session, id=identifier, **values)
        made = _enter(services, session, row, shared, also)
        demand_storage(services.settings, session, caller)
        return made

    try:
        services.storage.put(f"{prefix}/source", content)
        made, replayed = once.create(services.database, digest, bring)
    except BaseException:
        services.storage.delete(prefix)
        raise
    if replayed or row.content_id != identifier:  # another request was faster
        services.storage.delete(prefix)
    return made, replayed


def _enter(
    services: Services, session: Session, row: Dataset, content: Content, also: Also | None
) -> Answer:
    enter(session, row, content)
    if also is not None:
        also(session)
    services.wakeups.after_commit(session, "data")
    headers = {"Location": f"/v1/datasets/{row.id}", "Retry-After": RETRY}
    return Answer.of(present(row), 202, headers)


def _seen(services: Services, once: Once, digest: str) -> Answer | None:
    with services.database.reading() as session:
        return once.stored(session, digest)

"""Writing to the database through its outages."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.orm import Session

from core.settings import Settings
from models.database import Database

log = structlog.get_logger(__name__)

T = TypeVar("T")

_LEASES_WITHOUT_CONTACT = 10
"""An outage this long ends the training: someone else must have the job by then."""


def persist(
    database: Database, settings: Settings, write: Callable[[Session], T], repeated: T | None = None
) -> T:
    """Run one transaction, again and again while the database is out of reach.

    The fence makes waiting safe: an attempt that was given away meanwhile raises Superseded. When
    the answer to a commit was lost, the repeated insert breaks a unique key, which proves that the
    first one arrived; `repeated` is returned then.
    """
    deadline = time.monotonic() + _LEASES_WITHOUT_CONTACT * settings.lease_seconds
    failed = False
    while True:
        try:
            with database.session() as session:
                return write(session)
        except (OperationalError, InterfaceError) as error:
            if time.monotonic() > deadline:
                raise
            if not failed:
                log.warning("the database does not answer", error=str(error.__cause__ or error))
            failed = True
            time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - spreads retries, guards nothing
        except IntegrityError:
            if not failed or repeated is None:
                raise
            return repeated

"""What is to be done once a transaction has been committed, and never if it is not."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

_WORK = "after_commit"


def after_commit(session: Session, work: Callable[[], None]) -> None:
    """Have this done after the commit, in the order in which it was asked for."""
    session.info.setdefault(_WORK, []).append(work)


def keep(sessions: Any) -> None:
    """Have these sessions do what was asked for.

    One listener for all of them: to register one for each piece of work costs more than the work.
    """

    @event.listens_for(sessions, "after_commit")
    def _committed(session: Session) -> None:
        for work in session.info.pop(_WORK, []):
            work()

"""Exports: models written in the forms of other runtimes, made once and on demand."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Json, Moment, now
from models.model import TrainedModel


class Export(Base):
    """One written form of a model: `making` until it is `ready`, or `refused` with the reason.

    `file` is `{"name", "bytes", "digest"}` of the object below the model's prefix. Whoever makes
    it holds a lease; each try has a number and writes an object of its own.
    """

    __tablename__ = "exports"

    model_id: Mapped[str] = mapped_column(
        ForeignKey("models.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="making")
    attempt: Mapped[int] = mapped_column(Integer, default=1)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    file: Mapped[dict[str, Any] | None] = mapped_column(Json)
    report: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error: Mapped[str | None] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @classmethod
    def find(cls, session: Session, model_id: str, form: str) -> "Export | None":
        """The export of this form, in whatever state."""
        return session.get(cls, (model_id, form), populate_existing=True)

    @classmethod
    def of_models(cls, session: Session, model_ids: list[str]) -> dict[str, list["Export"]]:
        """The exports of each of these models, by the name of their form."""
        found: dict[str, list[Export]] = {identifier: [] for identifier in model_ids}
        query = select(cls).where(cls.model_id.in_(model_ids)).order_by(cls.form)
        for row in session.scalars(query):
            found[row.model_id].append(row)
        return found

    @classmethod
    def claim(cls, session: Session, model_id: str, form: str, lease: float) -> int | None:
        """The number of a try to make it; None when it is made, refused or being made.

        Lost races leave through an exception in `session`, so use it for nothing else.
        """
        taken = session.scalar(
            update(cls)
            .where(cls.model_id == model_id, cls.form == form)
            .where(cls.state == "making", cls.lease_until < now())
            .values(attempt=cls.attempt + 1, lease_until=now(lease))
            .returning(cls.attempt)
        )
        if taken is not None or cls.find(session, model_id, form) is not None:
            return taken
        try:
            with session.begin_nested():
                session.add(cls(model_id=model_id, form=form, lease_until=now(lease)))
        except IntegrityError:  # another was faster, or the model is gone
            return None
        return 1

    @classmethod
    def settle(cls, session: Session, model_id: str, form: str, attempt: int, **found: Any) -> bool:
        """Record what became of a try; False when it was superseded or the model is gone."""
        changed = session.execute(
            update(cls)
            .where(cls.model_id == model_id, cls.form == form)
            .where(cls.attempt == attempt, cls.state == "making")
            .values(lease_until=None, **found)
            .execution_options(synchronize_session=False)
        )
        _touch(session, model_id)
        return bool(changed.rowcount)  # type: ignore[attr-defined]

    @classmethod
    def give_up(cls, session: Session, model_id: str, form: str, attempt: int) -> None:
        """Forget a try that says nothing about the model, so that the next request tries again."""
        session.execute(
            delete(cls)
            .where(cls.model_id == model_id, cls.form == form)
            .where(cls.attempt == attempt, cls.state == "making")
            .execution_options(synchronize_session=False)
        )
        _touch(session, model_id)


def _touch(session: Session, model_id: str) -> None:
    """Let those who watch the model know."""
    session.execute(
        update(TrainedModel)
        .where(TrainedModel.id == model_id)
        .values(version=TrainedModel.version + 1)
        .execution_options(synchronize_session=False)
    )

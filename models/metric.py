"""Metrics: every point of every curve, and one summary row for each curve."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Double, ForeignKey, Index, Integer, Row, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Moment, now

_RISING = (
    "acc", "auc", "precision", "recall", "f1", "fbeta", "r2", "iou", "dice", "cosine", "top_k",
    "sensitivity", "specificity", "true_positives", "true_negatives", "pearson", "concordance",
)  # fmt: skip
"""Parts of metric names for which more is better; for all others less is."""

Logs = dict[str, float | str | None]
Point = Row[str, int, float | None, str | None]
"""Key, x, value, and the word for what JSON does not know."""


class MetricPoint(Base):
    """One value of one curve. NaN and infinities are null, with the word in `nonfinite`."""

    __tablename__ = "metric_points"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    axis: Mapped[str] = mapped_column(String(8), primary_key=True)
    x: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    value: Mapped[float | None] = mapped_column(Double)
    nonfinite: Mapped[str | None] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @classmethod
    def keys(cls, session: Session, job_id: str, axis: str = "epoch") -> list[str]:
        """The curves of a job, in the order in which Keras reports them."""
        if axis == "epoch":
            query = (
                select(MetricSummary.key)
                .where(MetricSummary.job_id == job_id)
                .order_by(MetricSummary.position)
            )
        else:
            query = (
                select(cls.key)
                .where(cls.job_id == job_id, cls.axis == axis)
                .distinct()
                .order_by(cls.key)
            )
        return list(session.scalars(query))

    @classmethod
    def series(
        cls, session: Session, job_id: str, axis: str, keys: list[str], after: int | None = None
    ) -> Sequence[Point]:
        """The points of these curves beyond `after`, by x.

        As rows and no objects, which for long curves take several times as long to make.
        """
        query = (
            select(cls.key, cls.x, cls.value, cls.nonfinite)
            .where(cls.job_id == job_id, cls.axis == axis, cls.key.in_(keys))
            .order_by(cls.x)
        )
        return session.execute(query if after is None else query.where(cls.x > after)).all()

    @classmethod
    def before(cls, session: Session, job_id: str, epoch: int) -> list[tuple[int, Logs]]:
        """The logs of the epochs before this one, each with its number, in their order."""
        query = select(cls).where(cls.job_id == job_id, cls.axis == "epoch", cls.x < epoch)
        found: dict[int, Logs] = {}
        for point in session.scalars(query.order_by(cls.x)):
            found.setdefault(point.x, {})[point.key] = point.value
        return list(found.items())

    @classmethod
    def record(cls, session: Session, job_id: str, axis: str, x: int, logs: Logs) -> None:
        """Add one value to each curve in `logs`."""
        session.add_all(
            cls(job_id=job_id, key=key, axis=axis, x=x, **_split(value))
            for key, value in logs.items()
        )

    @classmethod
    def places(cls, session: Session, job_id: str, axis: str) -> list[int]:
        """Where an axis has points, in order."""
        query = select(cls.x).where(cls.job_id == job_id, cls.axis == axis)
        return list(session.scalars(query.distinct().order_by(cls.x)))

    @classmethod
    def thin(cls, session: Session, job_id: str, axis: str, places: list[int]) -> None:
        """Forget the points at every second of these places; the first and the last stay."""
        session.execute(
            delete(cls).where(cls.job_id == job_id, cls.axis == axis, cls.x.in_(places[1:-1:2]))
        )

    @classmethod
    def rewind(cls, session: Session, job_id: str, epoch: int, step: int) -> bool:
        """Forget the points at or after an epoch; True when there were any."""
        gone = 0
        for axis, first in (
            *(("epoch", epoch), ("gradient", epoch), ("rate", epoch)),
            ("step", step),
        ):
            result = session.execute(
                delete(cls).where(cls.job_id == job_id, cls.axis == axis, cls.x >= first)
            )
            gone += result.rowcount  # type: ignore[attr-defined]
        if gone:
            MetricSummary.rebuild(session, job_id)
        return bool(gone)


class MetricSummary(Base):
    """The last and best value of one curve, so that lists never read curves."""

    __tablename__ = "metric_summaries"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, default=0)
    mode: Mapped[str] = mapped_column(String(3))
    last: Mapped[float | None] = mapped_column(Double)
    best: Mapped[float | None] = mapped_column(Double)
    best_epoch: Mapped[int | None] = mapped_column(BigInteger)

    # Lists ask for the jobs whose number is large or small, and in its order.
    __table_args__ = (
        Index("ix_metric_summaries_key_best_job_id", "key", "best", "job_id"),
        Index("ix_metric_summaries_key_last_job_id", "key", "last", "job_id"),
    )

    @classmethod
    def of_jobs(cls, session: Session, job_ids: list[str]) -> dict[str, list["MetricSummary"]]:
        """The summaries of several jobs in one query, in Keras's order."""
        found: dict[str, list[MetricSummary]] = {job_id: [] for job_id in job_ids}
        query = select(cls).where(cls.job_id.in_(job_ids)).order_by(cls.job_id, cls.position)
        for summary in session.scalars(query):
            found[summary.job_id].append(summary)
        return found

    @classmethod
    def update(
        cls, session: Session, job_id: str, epoch: int, logs: Logs, modes: Mapping[str, str]
    ) -> None:
        """Take one epoch's values into the summaries; where `modes` is silent, the name tells."""
        known = {row.key: row for row in session.scalars(select(cls).where(cls.job_id == job_id))}
        for key, value in logs.items():
            summary = known.get(key)
            if summary is None:
                mode = modes.get(key) or mode_of(key)
                summary = cls(job_id=job_id, key=key, position=len(known), mode=mode)
                known[key] = summary
                session.add(summary)
            summary._take(epoch, _split(value)["value"])

    @classmethod
    def rebuild(cls, session: Session, job_id: str) -> None:
        """Compute the summaries again from the points that are left, in the same order."""
        known = {row.key: row for row in session.scalars(select(cls).where(cls.job_id == job_id))}
        for summary in known.values():
            summary.last = summary.best = summary.best_epoch = None
        query = (
            select(MetricPoint)
            .where(MetricPoint.job_id == job_id, MetricPoint.axis == "epoch")
            .order_by(MetricPoint.x)
        )
        left = set()
        for point in session.scalars(query):
            known[point.key]._take(point.x, point.value)
            left.add(point.key)
        for key in known.keys() - left:
            session.delete(known[key])

    def _take(self, epoch: int, value: float | None) -> None:
        self.last = value
        if value is None:
            return
        better = self.best is None or (
            value > self.best if self.mode == "max" else value < self.best
        )
        if better:
            self.best, self.best_epoch = value, epoch


def mode_of(key: str) -> str:
    """Whether more (`max`) or less (`min`) of this metric is better."""
    name = key.removeprefix("val_").removeprefix("test_").lower()
    return "max" if any(part in name for part in _RISING) and "loss" not in name else "min"


def _split(value: float | str | None) -> dict[str, Any]:
    """A value as the columns that hold it: JSON knows no NaN, PostgreSQL's NaN sorts oddly."""
    if isinstance(value, str):
        return {"value": None, "nonfinite": value}
    if value is not None and not math.isfinite(value):
        word = "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        return {"value": None, "nonfinite": word}
    return {"value": value, "nonfinite": None}

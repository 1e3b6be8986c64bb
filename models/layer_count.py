"""How often each class of layer occurs in the stack of a job, so that lists can ask for it."""

from collections import Counter
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base
from models.insertion import insert_later


class LayerCount(Base):
    """A class of Keras and its number of layers in a job's plan, nested ones by their line."""

    __tablename__ = "layer_counts"

    job_id: Mapped[str] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    class_name: Mapped[str] = mapped_column(String(100), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_layer_counts_class_name_count", "class_name", "count"),)

    @classmethod
    def record(cls, session: Session, job_id: str, plan: dict[str, Any]) -> None:
        """Count the layers of a plan."""
        counts = Counter(layer["class_name"] for layer in plan.get("layers") or [])
        rows = [
            {"job_id": job_id, "class_name": name[:100], "count": count}
            for name, count in counts.items()
        ]
        if rows:
            insert_later(session, cls.__table__, *rows)

"""Datasets: uploaded files and what was found in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    exists,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from lamina import ids
from models.base import Base, Json, Moment, now
from models.content import Content
from models.keeping import Deletable, Pinnable

MAX_ATTEMPTS = 3
"""A file whose reading loses its worker this often is given up."""


class Dataset(Deletable, Pinnable, Base):
    """One upload: `reading` until a worker has understood it, then `ready` or `failed`.

    The uploaded bytes lie in object storage at `source_key`, the canonical files below
    `canonical_prefix`; `files` names the latter. Datasets of one content whose names end alike
    are twins: one of them is read, and what was found is true of all.

    `profile` and `advice` are what was found in the data, `progress` how far its reading is: no
    change that counts, and lost with the attempt.

    `name_version` counts the datasets of one name; `version` counts the changes of this row.
    """

    __tablename__ = "datasets"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"))
    state: Mapped[str] = mapped_column(String(16), default="reading")
    name: Mapped[str | None] = mapped_column(String(200))
    name_version: Mapped[int | None] = mapped_column(Integer)
    filename: Mapped[str | None] = mapped_column(String(1024))
    content_type: Mapped[str | None] = mapped_column(String(200))
    format: Mapped[str | None] = mapped_column(String(40))
    bytes: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    content_id: Mapped[str | None] = mapped_column(ForeignKey("contents.id"), index=True)
    suffix: Mapped[str] = mapped_column(String(40), default="", server_default="")
    canonical: Mapped[str | None] = mapped_column(String(255))
    duplicate_of: Mapped[str | None] = mapped_column(String(40))
    rows: Mapped[int | None] = mapped_column(BigInteger)
    schema: Mapped[dict[str, Any] | None] = mapped_column(Json)
    preview: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    samples: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    classes: Mapped[dict[str, dict[str, int]] | None] = mapped_column(Json)
    profile: Mapped[dict[str, Any] | None] = mapped_column(Json)
    advice: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    progress: Mapped[dict[str, Any] | None] = mapped_column(Json)
    files: Mapped[list[str] | None] = mapped_column(Json)
    notes: Mapped[list[str]] = mapped_column(Json, default=list)
    tags: Mapped[list[str]] = mapped_column(Json, default=list)
    labels: Mapped[dict[str, str]] = mapped_column("metadata", Json, default=dict)
    error: Mapped[dict[str, Any] | None] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer, default=1)
    attempt: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    updated_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    __table_args__ = (
        UniqueConstraint("project_id", "name", "name_version"),
        Index("ix_datasets_project_id_id", "project_id", "id"),
        Index("ix_datasets_state_lease_until", "state", "lease_until"),
    )

    @staticmethod
    def new_id() -> str:
        """An id for a dataset whose bytes are stored before its row."""
        return ids.new("ds")

    @property
    def prefix(self) -> str:
        """Where all objects of this dataset, and of those with the same content, lie."""
        if self.content_id is None:
            return f"{self.project_id}/datasets/{self.id}"
        return Content.prefix_of(self.project_id, self.content_id)

    @property
    def source_key(self) -> str:
        """Where the uploaded bytes lie."""
        return f"{self.prefix}/source"

    @property
    def canonical_prefix(self) -> str:
        """Below this lie the canonical files of the successful attempt."""
        return self.canonical or f"{self.prefix}/canonical-{self.id}-{self.attempt}"

    @classmethod
    def find(
        cls, session: Session, project_id: str, dataset_id: str, *options: Any
    ) -> "Dataset | None":
        """The project's dataset of this id, loaded with these options of SQLAlchemy."""
        owned = select(cls).where(cls.id == dataset_id, cls.project_id == project_id)
        owned = owned.options(*options)
        return session.scalar(owned.where(cls.deleted_at.is_(None)))

    @classmethod
    def page(
        cls,
        session: Session,
        project_id: str,
        size: int,
        after: str | None = None,
        name: str | None = None,
    ) -> list["Dataset"]:
        """Up to `size` datasets of the project older than `after`, newest first; of one name."""
        mine = select(cls).where(cls.project_id == project_id, cls.deleted_at.is_(None))
        query = mine.order_by(cls.id.desc()).limit(size)
        if name is not None:
            query = query.where(cls.name == name)
        return list(session.scalars(query.where(cls.id < after) if after else query))

    @classmethod
    def unread(cls) -> Any:
        """Condition: waits for a worker to read it, or lost the one that did.

        Of twins only the oldest is read.
        """
        older = aliased(cls)
        twin = exists().where(
            older.content_id == cls.content_id,
            older.suffix == cls.suffix,
            older.state == "reading",
            older.deleted_at.is_(None),
            older.id < cls.id,
        )
        free = cls.lease_until.is_(None) | (cls.lease_until < now())
        return (cls.state == "reading") & cls.deleted_at.is_(None) & free & ~twin

    @classmethod
    def has_unread(cls, session: Session) -> bool:
        """Whether any dataset waits for a worker."""
        return bool(session.scalar(select(exists().where(cls.unread()))))

    @classmethod
    def claim(cls, session: Session, lease_seconds: float) -> "Dataset | None":
        """Take the oldest unread dataset, or None; counts one attempt."""
        candidate = (
            select(cls.id)
            .where(cls.unread())
            .order_by(cls.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        dataset_id = session.scalar(candidate)
        if dataset_id is None:
            return None
        return session.scalar(
            update(cls)
            .where(cls.id == dataset_id, cls.unread())
            .values(attempt=cls.attempt + 1, lease_until=now(lease_seconds))
            .returning(cls)
        )

    def renew(self, session: Session, lease_seconds: float) -> bool:
        """Keep the claim; False when another attempt has taken over."""
        return self._fenced(session, lease_until=now(lease_seconds))

    def report_progress(self, session: Session, progress: dict[str, Any]) -> bool:
        """Overwrite how far the reading is, of the twins too; False when superseded."""
        if not self._fenced(session, progress=progress):
            return False
        self._spread(session, progress=progress)
        return True

    def complete(self, session: Session, **found: Any) -> bool:
        """Record what was read and make the dataset ready, unless superseded."""
        return self._settle(session, state="ready", canonical=self.canonical_prefix, **found)

    def refuse(self, session: Session, error: dict[str, Any]) -> bool:
        """Record why it cannot be read, unless superseded."""
        return self._settle(session, state="failed", error=error)

    def _settle(self, session: Session, **values: Any) -> bool:
        settled = {
            "lease_until": None,
            "progress": None,
            "version": Dataset.version + 1,
            "updated_at": now(),
            **values,
        }
        if not self._fenced(session, **settled):
            return False
        for dataset_id in (self.id, *self._spread(session, **settled)):
            tell(session, dataset_id)
        return True

    def _spread(self, session: Session, **values: Any) -> list[str]:
        """Write the same to the twins that wait for this reading; their ids."""
        if self.content_id is None:  # of the time before contents: it has none
            return []
        twins = session.scalars(
            update(Dataset)
            .where(
                Dataset.content_id == self.content_id,
                Dataset.suffix == self.suffix,
                Dataset.state == "reading",
            )
            .values(**values)
            .returning(Dataset.id)
            .execution_options(synchronize_session=False)
        )
        return list(twins)

    def _fenced(self, session: Session, **values: Any) -> bool:
        changed = session.execute(
            update(Dataset)
            .where(
                Dataset.id == self.id,
                Dataset.attempt == self.attempt,
                Dataset.state == "reading",
                Dataset.deleted_at.is_(None),
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def tell(session: Session, dataset_id: str) -> None:
    """Tell webhooks that a dataset has been read, or cannot be."""
    from models.outbox import tell_of_dataset  # it knows jobs, which refer to datasets

    query = select(Dataset).where(Dataset.id == dataset_id)
    tell_of_dataset(session, session.scalars(query.execution_options(populate_existing=True)).one())

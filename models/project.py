"""Projects: the owners of everything else."""

from datetime import datetime

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from models.base import Base, Moment, insert_new, now

DEFAULT = "default"


class Project(Base):
    """A project owns datasets, jobs, models and keys; nobody sees another project's."""

    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())

    @classmethod
    def named(cls, session: Session, name: str) -> "Project":
        """The project of this name, made if it is not there yet."""
        query = select(cls).where(cls.name == name)
        found = session.scalar(query)
        if found is None:
            insert_new(session, cls, {"id": ids.new("prj"), "name": name})
            found = session.scalars(query).one()
        return found

    @classmethod
    def default(cls, session: Session) -> "Project":
        """The project of a service without keys."""
        return cls.named(session, DEFAULT)

"""Names of datasets: how many versions of each there have been."""

from sqlalchemy import ForeignKey, Integer, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, insert_new


class DatasetName(Base):
    """A name that a project has used, and its last version; a number is never given twice."""

    __tablename__ = "dataset_names"

    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    last: Mapped[int] = mapped_column(Integer, default=0)

    @classmethod
    def next_version(cls, session: Session, project_id: str, name: str) -> int:
        """The number of a new dataset of this name: 1, 2, 3…"""
        insert_new(session, cls, {"project_id": project_id, "name": name, "last": 0})
        session.execute(
            update(cls)
            .where(cls.project_id == project_id, cls.name == name)
            .values(last=cls.last + 1)
            .execution_options(synchronize_session=False)
        )
        query = select(cls.last).where(cls.project_id == project_id, cls.name == name)
        return session.execute(query).scalar_one()

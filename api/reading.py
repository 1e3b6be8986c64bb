"""What a stream tells of a dataset that is being read: its progress, and what came of it."""

from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.orm import Session

from api.hub import Watch
from api.presenters.dataset import present
from api.services import Services
from api.sse import encode
from models.dataset import Dataset


class DatasetReader:
    """`progress` as it goes, and `dataset.done` with the whole dataset at the end."""

    def __init__(self, services: Services, dataset_id: str) -> None:
        self.ended = False
        self._services = services
        self._dataset_id = dataset_id
        self._told: Any = None

    async def read(self, _watch: Watch) -> AsyncIterator[bytes]:
        """What is new; nothing more once the dataset is gone."""
        row = await self._services.following(_row, self._dataset_id)
        if row is None:
            self.ended = True
            return
        found = present(row)
        if row.state != "reading":
            self.ended = True
            yield encode("dataset.done", found, row.version)
        elif found.progress is not None and found.progress != self._told:
            self._told = found.progress
            yield encode("progress", found.progress)


def _row(session: Session, dataset_id: str) -> Dataset | None:
    row = session.get(Dataset, dataset_id)
    return row if row is not None and row.deleted_at is None else None

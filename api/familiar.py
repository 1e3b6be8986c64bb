"""Datasets that requests have named lately, so that what was found in them is read once."""

import json
import threading
from collections import OrderedDict
from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, defer

from lamina import ids
from models.dataset import Dataset
from models.reference import find_dataset

_BYTES = 8 * 2**20


class Familiar:
    """Ready datasets as last seen, with their version, which counts all changes; of one process.

    Whether one is still there, and what a name means, is asked each time.
    """

    def __init__(self, most: int = _BYTES) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()
        self._rows: OrderedDict[str, tuple[Dataset, int]] = OrderedDict()

    def find(self, session: Session, project_id: str, reference: str) -> Dataset | None:
        """The project's dataset that a reference means, to be read only, without its rows."""
        if ids.is_id(reference, "ds"):
            values = {"owner": project_id, "itself": reference}
            found = session.connection().execute(_version(), values).one_or_none()
            if found is None:
                return None
            known = self.known(project_id, reference)
            if known is not None and known.version == found.version:
                return known
        options = (defer(Dataset.preview, raiseload=True), defer(Dataset.samples, raiseload=True))
        row = find_dataset(session, project_id, reference, *options)
        if row is not None and row.state == "ready":
            self._keep(row)
        return row

    def known(self, project_id: str, identifier: str) -> Dataset | None:
        """The project's dataset of this id as it was last seen, perhaps gone or changed since."""
        with self._lock:
            if identifier not in self._rows:
                return None
            self._rows.move_to_end(identifier)
            row, _ = self._rows[identifier]
        return row if row.project_id == project_id else None

    def forget(self, identifiers: Collection[str]) -> None:
        """These have changed."""
        with self._lock:
            for identifier in identifiers:
                self._drop(identifier)

    def _keep(self, row: Dataset) -> None:
        found = (row.schema, row.classes, row.profile, row.advice, row.files, row.labels)
        size = len(json.dumps(found))
        if size > self._most:
            return
        with self._lock:
            self._drop(row.id)
            self._rows[row.id] = (row, size)
            self._held += size
            while self._held > self._most:
                self._drop(next(iter(self._rows)))

    def _drop(self, identifier: str) -> None:
        _, size = self._rows.pop(identifier, (None, 0))
        self._held -= size


@cache
def _version() -> Any:
    return select(Dataset.id, Dataset.version).where(
        Dataset.id == bindparam("itself"),
        Dataset.project_id == bindparam("owner"),
        Dataset.deleted_at.is_(None),
    )

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
    """Ready datasets by id and version, which counts all that changes of them; of one process.

    Whether one is still there, and what a name means, is asked each time.
    """

    def __init__(self, most: int = _BYTES) -> None:
        self._most = most
        self._held = 0
        self._lock = threading.Lock()
        self._rows: OrderedDict[tuple[str, int], tuple[Dataset, int]] = OrderedDict()
        self._last: dict[str, Dataset] = {}

    def find(self, session: Session, project_id: str, reference: str) -> Dataset | None:
        """The project's dataset that a reference means, to be read only, without its rows."""
        if ids.is_id(reference, "ds"):
            values = {"owner": project_id, "itself": reference}
            found = session.connection().execute(_version(), values).one_or_none()
            if found is None:
                return None
            with self._lock:
                if (known := self._rows.get(tuple(found))) is not None:
                    self._rows.move_to_end(tuple(found))
                    return known[0]
        options = (defer(Dataset.preview, raiseload=True), defer(Dataset.samples, raiseload=True))
        row = find_dataset(session, project_id, reference, *options)
        if row is not None and row.state == "ready":
            self._keep(row)
        return row

    def known(self, project_id: str, identifier: str) -> Dataset | None:
        """The project's dataset of this id as it was last seen, perhaps gone or changed since."""
        with self._lock:
            row = self._last.get(identifier)
        return row if row is not None and row.project_id == project_id else None

    def forget(self, identifiers: Collection[str]) -> None:
        """These have changed."""
        with self._lock:
            for identifier in identifiers:
                self._last.pop(identifier, None)

    def _keep(self, row: Dataset) -> None:
        found = (row.schema, row.classes, row.profile, row.advice, row.files, row.labels)
        size = len(json.dumps(found))
        key = (row.id, row.version)
        with self._lock:
            if size > self._most or key in self._rows:
                return
            self._rows[key] = (row, size)
            self._last[row.id] = row
            self._held += size
            while self._held > self._most:
                _, (oldest, least) = self._rows.popitem(last=False)
                self._held -= least
                if self._last.get(oldest.id) is oldest:
                    del self._last[oldest.id]


@cache
def _version() -> Any:
    return select(Dataset.id, Dataset.version).where(
        Dataset.id == bindparam("itself"),
        Dataset.project_id == bindparam("owner"),
        Dataset.deleted_at.is_(None),
    )

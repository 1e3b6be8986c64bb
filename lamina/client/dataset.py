"""A dataset as users hold it."""

from typing import Generic

from lamina.schemas.dataset import Dataset, Preview, ReadingProgress
from lamina.schemas.plan import Advice
from lamina.schemas.statistics import Statistics

from .call import Call
from .errors import DatasetFailed
from .exchange import exchange, fetch
from .operation import Bound, D, operation, stream
from .reading import follow
from .step import Items, Steps
from .waiting import settle


class DatasetHandle(Bound[D], Generic[D]):
    """Uploaded data; `resource` is what the service last said of it."""

    def __init__(self, driver: D, resource: Dataset) -> None:
        super().__init__(driver)
        self.resource = resource

    def __repr__(self) -> str:
        return f"<dataset {self.id}: {self.state}>"

    def _repr_html_(self) -> str:
        return self.resource._repr_html_()

    @property
    def id(self) -> str:
        """The id, `ds_…`."""
        return self.resource.id

    @property
    def state(self) -> str:
        """The state when last heard: reading, ready or failed."""
        return self.resource.state

    @property
    def path(self) -> str:
        """Where the service keeps it."""
        return f"/v1/datasets/{self.id}"

    @operation
    def refresh(self) -> Steps[Dataset]:
        """Ask for the present state."""
        self.resource = yield from fetch(self._driver, Call("GET", self.path), Dataset)
        return self.resource

    @operation
    def wait(self, timeout: float | None = None) -> Steps[Dataset]:
        """Wait until it was read. Raises DatasetFailed, and WaitTimeout after `timeout` s."""
        return (yield from self.read_steps(timeout))

    def read_steps(self, timeout: float | None = None) -> Steps[Dataset]:
        """The steps of `wait`, for operations that include it."""

        def read(dataset: Dataset) -> bool:
            return dataset.state != "reading"

        if not read(self.resource):
            self.resource = yield from settle(self._driver, self.path, Dataset, read, timeout)
        if self.state == "failed":
            raise DatasetFailed(self.resource)
        return self.resource

    @stream
    def progress(self) -> Items[ReadingProgress]:
        """How far its reading is, live, until it was read; `wait` then tells what came of it."""
        return follow(self.path)

    @operation
    def preview(self, rows: int | None = None) -> Steps[Preview]:
        """The first rows, and some of each class or by chance."""
        call = Call("GET", f"{self.path}/preview", {"rows": rows})
        return (yield from fetch(self._driver, call, Preview))

    @operation
    def stats(self, *columns: str) -> Steps[Statistics]:
        """The statistics of these columns; of all without any."""
        query = {"column": list(columns)} if columns else {}
        return (
            yield from fetch(self._driver, Call("GET", f"{self.path}/stats", query), Statistics)
        )

    @property
    def advice(self) -> list[Advice]:
        """What was found in the data when it was read, the gravest first."""
        return self.resource.advice

    @operation
    def delete(self, *, permanently: bool = False) -> Steps[None]:
        """Delete it. Raises InUse while a job, an ended one too, refers to it.

        `client.trash.restore(id)` brings it back for some days, unless it goes `permanently`.
        """
        query = {"permanently": "true"} if permanently else {}
        yield from exchange(self._driver, Call("DELETE", self.path, query))

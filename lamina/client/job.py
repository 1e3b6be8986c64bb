"""A job as users hold it."""

import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Unpack

from lamina.schemas.evaluation import EvaluationReport
from lamina.schemas.event import Event, LogLine
from lamina.schemas.history import History, MetricSeries, RangeTest
from lamina.schemas.job import TERMINAL_STATES, Job
from lamina.schemas.model import Model
from lamina.schemas.page import Page
from lamina.schemas.plot import Plot
from lamina.schemas.split import Split

from .call import Call, at, creating
from .download import download
from .errors import BadSource, JobCancelled, JobFailed
from .events import JobEvent, follow
from .exchange import exchange, fetch
from .operation import Bound, D, operation, stream
from .recipe import Choices, changes_of
from .step import Items, Steps, work
from .waiting import settle

if TYPE_CHECKING:
    from .model import ModelHandle


class JobHandle(Bound[D], Generic[D]):
    """A training job; `resource` is what the service last said of it."""

    def __init__(self, driver: D, resource: Job) -> None:
        super().__init__(driver)
        self.resource = resource

    def __repr__(self) -> str:
        return f"<job {self.id}: {self.state}>"

    def _repr_html_(self) -> str:
        return self.resource._repr_html_()

    @property
    def id(self) -> str:
        """The id, `job_…`."""
        return self.resource.id

    @property
    def state(self) -> str:
        """The state when last heard: queued, running, cancelling, succeeded, failed, cancelled."""
        return self.resource.state

    @property
    def ended(self) -> bool:
        """Whether it had ended when last heard."""
        return self.state in TERMINAL_STATES

    @property
    def path(self) -> str:
        """Where the service keeps it."""
        return f"/v1/jobs/{self.id}"

    @operation
    def refresh(self) -> Steps[Job]:
        """Ask for the present state."""
        self.resource = yield from fetch(self._driver, Call("GET", self.path), Job)
        return self.resource

    @operation
    def wait(self, timeout: float | None = None) -> Steps[Job]:
        """Wait for the end; the finished job.

        Raises JobFailed, JobCancelled, and WaitTimeout after `timeout` seconds.
        """

        def ended(job: Job) -> bool:
            return job.state in TERMINAL_STATES

        self.resource = yield from settle(self._driver, self.path, Job, ended, timeout)
        if self.state == "failed":
            raise JobFailed(self.resource)
        if self.state == "cancelled":
            raise JobCancelled(self.resource)
        return self.resource

    @operation
    def cancel(self) -> Steps[Job]:
        """End it now and keep nothing; harmless when it has ended."""
        return (yield from self._act("cancel"))

    @operation
    def stop(self) -> Steps[Job]:
        """End it after the running epoch and keep the model."""
        return (yield from self._act("stop"))

    @operation
    def retry(self) -> Steps["JobHandle[D]"]:
        """A new job that goes on from the last checkpoint."""
        call = creating(Call("POST", f"{self.path}/retry"))
        return JobHandle(self._driver, (yield from fetch(self._driver, call, Job)))

    @operation
    def clone(self, changes: Any = None, **choices: Unpack[Choices]) -> Steps["JobHandle[D]"]:
        """A new job from the same request: with `changes`, or with the choices of `train`.

        `changes` is a dict that is merged into `job.resource.request` (None takes a member away,
        a list replaces a list), or a JSON Patch as a list. `dataset=` is an id, a name or a
        handle. Raises BadSource, InvalidRequest and what `train` raises.
        """
        if changes is not None and choices:
            raise BadSource("give either changes or single choices, not both")
        wanted = changes_of(self.resource.request, choices) if choices else changes
        call = creating(Call("POST", f"{self.path}/clone", json=wanted))
        return JobHandle(self._driver, (yield from fetch(self._driver, call, Job)))

    @operation
    def delete(self, *, permanently: bool = False) -> Steps[None]:
        """Delete it with its records. Raises JobActive while it has not ended.

        `client.trash.restore(id)` brings it back for some days, unless it goes `permanently`.
        """
        query = {"permanently": "true"} if permanently else {}
        yield from exchange(self._driver, Call("DELETE", self.path, query))

    @stream
    def events(self, after: int = 0) -> Items[JobEvent]:
        """What happens, live, from the event after number `after` to the end of the job."""
        return follow(self._driver, self.id, after)

    @operation
    def metrics(
        self,
        keys: list[str] | None = None,
        x: str = "epoch",
        after: int | None = None,
        max_points: int | None = None,
    ) -> Steps[MetricSeries]:
        """Metric values as columns, by `epoch` or `step`; down-sampled to `max_points`.

        Other axes: `rate`, `gradient`, and `system`, what the training used of its host by second.
        """
        names = ",".join(keys) if keys else None
        params = {"keys": names, "x": x, "after": after, "max_points": max_points}
        call = Call("GET", f"{self.path}/metrics", params)
        return (yield from fetch(self._driver, call, MetricSeries))

    @operation
    def history(self) -> Steps[History]:
        """What Keras's `History` of this training holds; epochs count from zero."""
        return (yield from fetch(self._driver, Call("GET", f"{self.path}/history"), History))

    @operation
    def history_csv(self) -> Steps[str]:
        """The history as Keras's `CSVLogger` writes it."""
        call = Call("GET", f"{self.path}/history", headers={"Accept": "text/csv"})
        return (yield from exchange(self._driver, call)).text

    @operation
    def range_test(self) -> Steps[RangeTest | None]:
        """How the loss went over the learning rates, where the service was to find one."""
        call = Call("GET", f"{self.path}/events", {"type": "range-test"})
        page = yield from fetch(self._driver, call, Page[Event])
        return RangeTest.model_validate(page.data[-1].data) if page.data else None

    @operation
    def logs(self, tail: int | None = None) -> Steps[list[LogLine]]:
        """What its attempts printed; the last `tail` lines."""
        call = Call("GET", f"{self.path}/logs", {"tail": tail})
        return (yield from fetch(self._driver, call, Page[LogLine])).data

    @operation
    def evaluation(self) -> Steps[EvaluationReport]:
        """How good the network is on held-out rows, in full, by output.

        Raises NotReady before the job's end, NotFound where nothing was held out.
        """
        call = Call("GET", f"{self.path}/evaluation")
        return (yield from fetch(self._driver, call, EvaluationReport))

    @operation
    def split(self) -> Steps[Split]:
        """The rows of each part. Raises NotReady before the training starts."""
        return (yield from fetch(self._driver, Call("GET", f"{self.path}/split"), Split))

    @operation
    def split_file(self, to: str | os.PathLike[str]) -> Steps[Path]:
        """Write which row belongs to which part to a file; its path.

        The form goes by the end of its name: `.json`, `.csv`, `.npy` or `.parquet`.
        """
        path = Path(to).expanduser()
        params = {"format": path.suffix.lower().lstrip(".") or "csv"}
        call = Call("GET", f"{self.path}/split", params)
        content = (yield from exchange(self._driver, call)).content
        yield from work(lambda: path.write_bytes(content))
        return path

    @operation
    def plots(self) -> Steps[list[Plot]]:
        """The pictures that there are of it now."""
        return (yield from fetch(self._driver, Call("GET", f"{self.path}/plots"), Page[Plot])).data

    @operation
    def plot(
        self,
        name: str,
        to: str | os.PathLike[str] | None = None,
        output: str | None = None,
        width: int | None = None,
    ) -> Steps[Path]:
        """Write a picture to a file, as PNG where its name ends so, else as SVG; its path.

        Into a folder it goes as `NAME.svg`. `width` is that of a PNG in pixels. Raises NotFound,
        which names the pictures that there are.
        """
        path = Path(to or ".").expanduser()
        if path.is_dir():
            path = path / f"{name}.svg"
        form = "png" if path.suffix.lower() == ".png" else "svg"
        params = {"output": output, "width": width if form == "png" else None}
        call = Call("GET", f"{self.path}{at('plots', name).removeprefix('/v1')}.{form}", params)
        content = (yield from exchange(self._driver, call)).content
        yield from work(lambda: path.write_bytes(content))
        return path

    @operation
    def tensorboard(self, to: str | os.PathLike[str] = "logs") -> Steps[Path]:
        """Write the event files of TensorBoard below a folder; the folder of this job in it.

        Then `tensorboard --logdir logs` shows the curves of all jobs that were written there.
        """
        folder = Path(to).expanduser()
        call = Call("GET", f"{self.path}/tensorboard")
        content = (yield from exchange(self._driver, call)).content

        def unpack() -> None:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(folder)

        yield from work(unpack)
        return folder / self.id

    @operation
    def predictions(
        self, to: str | os.PathLike[str] | None = None, format: str | None = None
    ) -> Steps[Path]:
        """Write the table of a job that predicts to a file, as `csv` or `parquet`; its path.

        Left out, the format is the file name's ending, else CSV. Raises NotReady before its end.
        """
        path = Path(to or ".").expanduser()
        if path.is_dir():
            path = path / f"{self.id}.{format or 'csv'}"
        form = format or ("parquet" if path.suffix.lower() == ".parquet" else "csv")
        address = f"{self.path}/predictions"
        return (yield from download(self._driver, address, {"format": form}, path, None))

    @operation
    def model(self) -> Steps["ModelHandle[D]"]:
        """The trained model. Raises BadSource while there is none."""
        from .model import ModelHandle

        if self.resource.model is None:
            self.resource = yield from fetch(self._driver, Call("GET", self.path), Job)
        if self.resource.model is None:
            raise BadSource(f"{self.id} has no model; it is {self.state}")
        call = Call("GET", f"/v1/models/{self.resource.model}")
        return ModelHandle(self._driver, (yield from fetch(self._driver, call, Model)))

    def _act(self, verb: str) -> Steps[Job]:
        call: Any = Call("POST", f"{self.path}/{verb}")
        self.resource = yield from fetch(self._driver, call, Job)
        return self.resource

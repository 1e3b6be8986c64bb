"""The service as a whole: upload, train, check, and what it says of itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Unpack

from lamina import __version__, ids
from lamina.schemas.conversion import Conversion, StackForm
from lamina.schemas.dataset import Dataset
from lamina.schemas.job import Job
from lamina.schemas.page import Page
from lamina.schemas.plan import Plan
from lamina.schemas.server import Readiness, Server, Worker
from lamina.schemas.suggestion import Suggestion
from lamina.schemas.usage import Usage

from .call import Call, Progress, at, creating
from .collections import Audit, Datasets, Files, Jobs, Keys, Models
from .dataset import DatasetHandle
from .delivery import PATIENCE, deliver
from .errors import BadSource
from .exchange import exchange, fetch, once, read
from .job import JobHandle
from .operation import Bound, D, operation
from .recipe import Choices, job_body
from .source import body_of, is_url, is_version
from .step import Steps, work
from .trash import Kept, Trash, pin
from .webhooks import Webhooks

_CHECKED = ("stack", "data", "compile", "fit", "callbacks")


class Service(Bound[D], Generic[D]):
    """All operations, once for both clients."""

    def __init__(self, driver: D) -> None:
        super().__init__(driver)
        self.jobs: Jobs[D] = Jobs(driver)
        self.datasets: Datasets[D] = Datasets(driver)
        self.files: Files[D] = Files(driver)
        self.models: Models[D] = Models(driver)
        self.keys: Keys[D] = Keys(driver)
        self.audit: Audit[D] = Audit(driver)
        self.trash: Trash[D] = Trash(driver)
        self.webhooks: Webhooks[D] = Webhooks(driver)

    @property
    def url(self) -> str:
        """The base URL of the service."""
        return self._driver.url

    @operation
    def upload(
        self,
        source: Any,
        y: Any = None,
        *,
        name: str | None = None,
        filename: str | None = None,
        progress: Progress | None = None,
    ) -> Steps[DatasetHandle[D]]:
        """Send data: a path, a folder of class folders, bytes, records, a frame, arrays, a URL.

        A URL (`https://…`, `s3://…`) is fetched by the service, if its operator allows that.

        With `y`, `source` and `y` are arrays and become the columns `x` and `y`. `progress` is
        told (bytes sent, bytes in all). What is large goes in pieces, and goes on after a broken
        connection; the service checks the SHA-256. The dataset is still being read when this
        returns; see `DatasetHandle.wait`. Raises BadSource, InvalidDataset, TooLarge.
        """
        return (yield from self._upload(source, y, name, filename, progress))

    @operation
    def train(
        self,
        what: Any,
        x: Any = None,
        y: Any = None,
        *,
        progress: Progress | None = None,
        **choices: Unpack[Choices],
    ) -> Steps[JobHandle[D]]:
        """Submit a training: `what` is a job body, a stack, a JSON file, or a keras.Model.

        The data is `dataset=` (an id, a handle, or anything to upload), or `x` and `y` as
        arrays, or what the job body names. Raises BadSource, InvalidStack, InvalidTraining,
        DataStackMismatch, DatasetFailed.
        """
        body = yield from self._body(what, x, y, choices, progress)
        call = creating(Call("POST", "/v1/jobs", json=body))
        return JobHandle(self._driver, (yield from fetch(self._driver, call, Job)))

    @operation
    def validate(
        self,
        what: Any,
        x: Any = None,
        y: Any = None,
        *,
        progress: Progress | None = None,
        **choices: Unpack[Choices],
    ) -> Steps[Plan]:
        """What `train` would do with the same arguments; no job is made. Raises as `train`."""
        body = yield from self._body(what, x, y, choices, progress)
        call = Call("POST", "/v1/jobs", {"validate_only": True}, json=body)
        return (yield from fetch(self._driver, call, Plan))

    @operation
    def check(self, what: Any, **choices: Unpack[Choices]) -> Steps[Plan]:
        """Shapes and parameters of a stack, with or without data. Raises InvalidStack."""
        body = job_body(what, choices)
        if choices.get("dataset") is not None:
            body = yield from self._with_data(body, choices["dataset"], None, None)
        content = {name: body[name] for name in _CHECKED if name in body}
        call = Call("POST", "/v1/stacks/check", json=content)
        return (yield from fetch(self._driver, call, Plan))

    @operation
    def convert(self, what: Any, to: StackForm) -> Steps[dict[str, Any]]:
        """A stack in its short form, or as `keras.models.model_from_json` loads it ("keras").

        `what` is as for `check`; of a job body the stack is taken. Raises BadSource, InvalidStack.
        """
        body = {"stack": job_body(what, {}).get("stack"), "to": to}
        call = Call("POST", "/v1/stacks/convert", json=body)
        return (yield from fetch(self._driver, call, Conversion)).stack

    @operation
    def suggest(
        self,
        dataset: Any,
        *,
        target: str | None = None,
        features: Sequence[str] | None = None,
        progress: Progress | None = None,
    ) -> Steps[Suggestion]:
        """A job body that suits the data, and why; `request` of it goes into `train` as it is.

        `dataset` is an id, a handle, or anything to upload. The target may be left out where a
        column is known to hold labels. Raises BadSource, DataStackMismatch, DatasetFailed.
        """
        data = {"target": target, "features": list(features) if features else None}
        known = {"data": {name: value for name, value in data.items() if value is not None}}
        body = yield from self._with_data(known, dataset, None, progress)
        call = Call("POST", "/v1/stacks/suggest", json=body)
        return (yield from fetch(self._driver, call, Suggestion))

    @operation
    def catalog(self, kind: str = "layers", name: str | None = None) -> Steps[Any]:
        """What stacks are made of: `layers`, `optimizers`, `losses`…; or one entry by name."""
        path = at("catalog", kind, name) if name else at("catalog", kind)
        return (yield from exchange(self._driver, Call("GET", path))).json()

    @operation
    def server(self) -> Steps[Server]:
        """Versions and limits of the service."""
        return (yield from fetch(self._driver, Call("GET", "/v1/server"), Server))

    @operation
    def pin(self, id: str) -> Steps[Kept]:
        """Keep a job, a model or a dataset for ever, whatever is thrown away when it is old."""
        return (yield from pin(self._driver, id, pinned=True))

    @operation
    def unpin(self, id: str) -> Steps[Kept]:
        """Keep it as long as others."""
        return (yield from pin(self._driver, id, pinned=False))

    @operation
    def usage(self) -> Steps[Usage]:
        """What the project uses of what it may."""
        return (yield from fetch(self._driver, Call("GET", "/v1/usage"), Usage))

    @operation
    def workers(self) -> Steps[list[Worker]]:
        """Who is there to train."""
        return (yield from fetch(self._driver, Call("GET", "/v1/workers"), Page[Worker])).data

    @operation
    def ready(self) -> Steps[Readiness]:
        """Whether the service can do its work, check by check; asked once."""
        # A service that is not ready answers 503 with the checks: no refusal, and no reason
        # to ask again.
        return read((yield from once(self._driver, Call("GET", "/readyz"))), Readiness)

    def _body(
        self, what: Any, x: Any, y: Any, choices: Choices, progress: Progress | None
    ) -> Steps[dict[str, Any]]:
        body = job_body(what, choices)
        dataset = choices.get("dataset")
        if x is not None and dataset is not None:
            raise BadSource("give either x and y or dataset, not both")
        given = x if dataset is None else dataset
        if given is not None:
            body = yield from self._with_data(body, given, y, progress)
        return body

    def _with_data(
        self, body: dict[str, Any], given: Any, y: Any, progress: Progress | None
    ) -> Steps[dict[str, Any]]:
        data = {**(body.get("data") or {})}
        if y is not None and "target" not in data:
            data["target"] = {name: name for name in y} if isinstance(y, Mapping) else "y"
        data["dataset"] = yield from self._dataset_id(given, y, progress)
        return {**body, "data": data}

    def _dataset_id(self, given: Any, y: Any, progress: Progress | None) -> Steps[str]:
        if isinstance(given, DatasetHandle | Dataset):
            return given.id
        if isinstance(given, str) and (ids.kind_of(given) == "dataset" or is_version(given)):
            return given
        handle = yield from self._upload(given, y, None, None, progress)
        yield from handle.read_steps()
        return handle.id

    def _upload(
        self,
        source: Any,
        y: Any,
        name: str | None,
        filename: str | None,
        progress: Progress | None,
    ) -> Steps[DatasetHandle[D]]:
        if is_url(source) and y is None:
            return (yield from self._refer(source, name, filename))
        body = yield from work(lambda: body_of(source, y))
        try:
            names = {"name": name, "filename": filename or body.filename}
            found = yield from deliver(self._driver, "/v1/datasets", body, names, progress, Dataset)
        finally:
            body.close()
        return DatasetHandle(self._driver, found)

    def _refer(self, url: str, name: str | None, filename: str | None) -> Steps[DatasetHandle[D]]:
        given = {"url": url, "name": name, "filename": filename}
        content = {field: value for field, value in given.items() if value is not None}
        call = creating(Call("POST", "/v1/datasets", json=content, patience=PATIENCE))
        return DatasetHandle(self._driver, (yield from fetch(self._driver, call, Dataset)))


def sent_headers(key: str | None) -> dict[str, str]:
    """Headers of every request."""
    headers = {
        "User-Agent": f"lamina-python/{__version__}",
        "Accept": "application/json, */*;q=0.5",
    }
    return headers | ({"Authorization": f"Bearer {key}"} if key else {})

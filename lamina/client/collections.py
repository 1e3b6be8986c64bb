"""The lists of a service: jobs, datasets, files, models, keys."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic

from lamina.schemas.audit import AuditEntry
from lamina.schemas.dataset import Dataset
from lamina.schemas.file import File
from lamina.schemas.job import Job
from lamina.schemas.key import Key, Scope
from lamina.schemas.model import Model, Predictions
from lamina.schemas.sample import SampleDataset

from .call import Call, Progress, at, creating
from .dataset import DatasetHandle
from .delivery import deliver
from .exchange import fetch
from .file import FileHandle
from .job import JobHandle
from .model import ModelHandle
from .operation import Bound, D, operation, stream
from .paging import pages
from .question import question
from .source import body_of
from .step import Items, Steps, work


class Jobs(Bound[D], Generic[D]):
    """The jobs of the project."""

    @stream
    def list(
        self,
        state: str | None = None,
        page_size: int | None = None,
        *,
        filter: str | None = None,
        order_by: str | None = None,
    ) -> Items[JobHandle[D]]:
        """All jobs, newest first, of one state if wanted; fetched as they are needed.

        `filter` such as `metrics.val_accuracy.best > 0.9 AND layers.LSTM >= 1`, `order_by` such as
        `metrics.val_loss.best` or `created_at desc`. Raises MalformedRequest for what is unknown.
        """
        params = {"state": state, "page_size": page_size, "filter": filter, "order_by": order_by}
        return pages(
            self._driver, "/v1/jobs", Job, params, lambda job: JobHandle(self._driver, job)
        )

    @operation
    def get(self, id: str) -> Steps[JobHandle[D]]:
        """One job. Raises NotFound."""
        found = yield from fetch(self._driver, Call("GET", at("jobs", id)), Job)
        return JobHandle(self._driver, found)


class Datasets(Bound[D], Generic[D]):
    """The datasets of the project."""

    @stream
    def list(
        self, name: str | None = None, page_size: int | None = None
    ) -> Items[DatasetHandle[D]]:
        """All datasets, or the versions of one name; newest first, fetched as they are needed."""
        params = {"name": name, "page_size": page_size}
        return pages(
            self._driver,
            "/v1/datasets",
            Dataset,
            params,
            lambda dataset: DatasetHandle(self._driver, dataset),
        )

    @operation
    def get(self, id: str) -> Steps[DatasetHandle[D]]:
        """One dataset. Raises NotFound."""
        found = yield from fetch(self._driver, Call("GET", at("datasets", id)), Dataset)
        return DatasetHandle(self._driver, found)

    @stream
    def samples(self) -> Items[SampleDataset]:
        """The small datasets that the service can make by itself; see `sample`."""
        return pages(self._driver, "/v1/samples", SampleDataset, {}, lambda sample: sample)

    @operation
    def sample(self, name: str) -> Steps[DatasetHandle[D]]:
        """Make a sample of this name, such as `penguins`. Raises InvalidRequest."""
        call = creating(Call("POST", "/v1/datasets", json={"sample": name}))
        return DatasetHandle(self._driver, (yield from fetch(self._driver, call, Dataset)))


class Files(Bound[D], Generic[D]):
    """The side files of the project."""

    @operation
    def add(
        self, source: Any, *, name: str | None = None, progress: Progress | None = None
    ) -> Steps[FileHandle[D]]:
        """Send word vectors (a path or bytes) or arrays (of numpy, one or a dict of them).

        `file.id` goes into the `weights` of a layer: `{"file": file.id}`. Raises InvalidFile.
        """
        body = yield from work(lambda: body_of(source))
        try:
            names = {"name": name, "filename": body.filename}
            found = yield from deliver(self._driver, "/v1/files", body, names, progress, File)
        finally:
            body.close()
        return FileHandle(self._driver, found)

    @stream
    def list(self, page_size: int | None = None) -> Items[FileHandle[D]]:
        """All side files, newest first, fetched as they are needed."""
        params = {"page_size": page_size}
        return pages(
            self._driver, "/v1/files", File, params, lambda file: FileHandle(self._driver, file)
        )

    @operation
    def get(self, id: str) -> Steps[FileHandle[D]]:
        """One side file. Raises NotFound."""
        found = yield from fetch(self._driver, Call("GET", at("files", id)), File)
        return FileHandle(self._driver, found)


class Models(Bound[D], Generic[D]):
    """The trained models of the project."""

    @stream
    def list(self, page_size: int | None = None) -> Items[ModelHandle[D]]:
        """All models, newest first, fetched as they are needed."""
        params = {"page_size": page_size}
        return pages(
            self._driver, "/v1/models", Model, params, lambda m: ModelHandle(self._driver, m)
        )

    @operation
    def get(self, id: str) -> Steps[ModelHandle[D]]:
        """One model. Raises NotFound."""
        found = yield from fetch(self._driver, Call("GET", at("models", id)), Model)
        return ModelHandle(self._driver, found)

    @operation
    def predict(self, id: str, records: Any) -> Steps[Predictions]:
        """What a model says of records, arrays or images, as its `predict` takes them."""
        call = question(at("models", id, "predict"), records)
        return (yield from fetch(self._driver, call, Predictions))


class Audit(Bound[D], Generic[D]):
    """Who changed what; needs the scope `admin`."""

    @stream
    def list(self) -> Items[AuditEntry]:
        """All entries, newest first."""
        return pages(self._driver, "/v1/audit", AuditEntry, {}, lambda entry: entry)


class Keys(Bound[D], Generic[D]):
    """The API keys of the service; needs the scope `admin`."""

    @stream
    def list(self) -> Items[Key]:
        """All keys, newest first."""
        return pages(self._driver, "/v1/keys", Key, {}, lambda key: key)

    @operation
    def create(
        self,
        name: str = "",
        scopes: Sequence[Scope] | None = None,
        project: str | None = None,
        expires_in_days: int | None = None,
        limits: Mapping[str, int | None] | None = None,
    ) -> Steps[Key]:
        """A new key; its `secret` is in this answer and never shown again.

        `limits` are those of `lamina.schemas.key.KeyLimits`.
        """
        given = {
            "name": name,
            "scopes": None if scopes is None else [*scopes],
            "project": project,
            "expires_in_days": expires_in_days,
            "limits": None if limits is None else dict(limits),
        }
        content = {field: value for field, value in given.items() if value is not None}
        # Asked once: a secret is not kept, so nothing can be given twice.
        call = Call("POST", "/v1/keys", json=content, again=False)
        return (yield from fetch(self._driver, call, Key))

    @operation
    def limit(self, id: str, limits: Mapping[str, int | None]) -> Steps[Key]:
        """Change some limits of a key; None stands for the service's default."""
        call = Call("PATCH", at("keys", id), json={"limits": dict(limits)})
        return (yield from fetch(self._driver, call, Key))

    @operation
    def rotate(self, id: str, overlap_hours: float = 24) -> Steps[Key]:
        """A new key like this one, which goes on working for some hours; `secret` as above."""
        params = {"overlap_hours": overlap_hours}
        call = Call("POST", at("keys", id, "rotate"), params, again=False)
        return (yield from fetch(self._driver, call, Key))

    @operation
    def revoke(self, id: str) -> Steps[Key]:
        """End a key's life at once."""
        return (yield from fetch(self._driver, Call("DELETE", at("keys", id)), Key))

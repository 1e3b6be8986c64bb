"""The lists of a service: jobs, datasets, models, keys."""

from collections.abc import Sequence
from typing import Generic

from lamina.schemas.dataset import Dataset
from lamina.schemas.job import Job
from lamina.schemas.key import Key, Scope
from lamina.schemas.model import Model

from .call import Call, at
from .dataset import DatasetHandle
from .exchange import fetch
from .job import JobHandle
from .model import ModelHandle
from .operation import Bound, D, operation, stream
from .paging import pages
from .step import Items, Steps


class Jobs(Bound[D], Generic[D]):
    """The jobs of the project."""

    @stream
    def list(self, state: str | None = None, page_size: int | None = None) -> Items[JobHandle[D]]:
        """All jobs, newest first, of one state if wanted; fetched as they are needed."""
        params = {"state": state, "page_size": page_size}
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
    def list(self, page_size: int | None = None) -> Items[DatasetHandle[D]]:
        """All datasets, newest first, fetched as they are needed."""
        params = {"page_size": page_size}
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
    ) -> Steps[Key]:
        """A new key; its `secret` is in this answer and never shown again."""
        given = {
            "name": name,
            "scopes": None if scopes is None else [*scopes],
            "project": project,
            "expires_in_days": expires_in_days,
        }
        content = {field: value for field, value in given.items() if value is not None}
        # Asked once: a secret is not kept, so nothing can be given twice.
        call = Call("POST", "/v1/keys", json=content, again=False)
        return (yield from fetch(self._driver, call, Key))

    @operation
    def revoke(self, id: str) -> Steps[Key]:
        """End a key's life at once."""
        return (yield from fetch(self._driver, Call("DELETE", at("keys", id)), Key))

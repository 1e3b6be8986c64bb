"""What was deleted and can be brought back, and what is never thrown away."""

from typing import Final, Generic

from lamina import ids
from lamina.schemas.dataset import Dataset
from lamina.schemas.file import File
from lamina.schemas.job import Job
from lamina.schemas.model import Model
from lamina.schemas.trash import Trashed

from .call import Call, at
from .exchange import fetch
from .operation import Bound, D, operation, stream
from .paging import pages
from .step import Items, Steps

Kept = Job | Model | Dataset | File

_SHAPES: Final[dict[str, type[Kept]]] = {
    "job": Job,
    "model": Model,
    "dataset": Dataset,
    "file": File,
}


class Trash(Bound[D], Generic[D]):
    """The trash of the project."""

    @stream
    def list(self, kind: str = "job") -> Items[Trashed]:
        """What was deleted: things of kind `job`, `model`, `dataset` or `file`."""
        return pages(self._driver, "/v1/trash", Trashed, {"kind": kind}, lambda one: one)

    @operation
    def restore(self, id: str) -> Steps[Kept]:
        """Bring a job, model, dataset or side file back. Raises NotFound, WrongState."""
        return (yield from _ask(self._driver, id, "restore"))


def pin(driver: D, id: str, *, pinned: bool) -> Steps[Kept]:
    """Have a job, model or dataset kept for ever, or as long as others. Raises NotFound."""
    return _ask(driver, id, "pin" if pinned else "unpin")


def _ask(driver: D, id: str, verb: str) -> Steps[Kept]:
    kind = ids.kind_of(id)
    if kind not in _SHAPES:
        raise ValueError(f"{id!r} is no id of a job, a model, a dataset or a file")
    return (yield from fetch(driver, Call("POST", at(f"{kind}s", id, verb)), _SHAPES[kind]))

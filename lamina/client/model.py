"""A trained model as users hold it."""

import os
import tempfile
from pathlib import Path
from typing import Any, Generic

from lamina.schemas.job import Job
from lamina.schemas.model import Model, Predictions
from lamina.schemas.receipt import Receipt

from .call import Call, Progress, at, creating
from .download import download
from .errors import BadSource
from .exchange import exchange, fetch
from .job import JobHandle
from .operation import Bound, D, operation
from .question import question
from .step import Steps, work

SUFFIXES = {
    "keras": ".keras",
    "weights": ".weights.h5",
    "json": ".json",
    "stack": ".stack.json",
    "encoding": ".encoding.json",
    "onnx": ".onnx",
    "litert": ".tflite",
    "saved_model": ".saved_model.zip",
}
"""File name endings of the formats."""


class ModelHandle(Bound[D], Generic[D]):
    """The trained result of a job; `resource` is what the service last said of it."""

    def __init__(self, driver: D, resource: Model) -> None:
        super().__init__(driver)
        self.resource = resource

    def __repr__(self) -> str:
        return f"<model {self.id} of {self.resource.job}>"

    def _repr_html_(self) -> str:
        return self.resource._repr_html_()

    @property
    def id(self) -> str:
        """The id, `mdl_…`."""
        return self.resource.id

    @property
    def path(self) -> str:
        """Where the service keeps it."""
        return f"/v1/models/{self.id}"

    @operation
    def summary(self) -> Steps[str]:
        """Keras's table of the layers, as text."""
        return (yield from exchange(self._driver, Call("GET", f"{self.path}/summary"))).text

    @operation
    def receipt(self) -> Steps[Receipt]:
        """What it was made from: the whole request, digests of the data, seeds, versions."""
        return (yield from fetch(self._driver, Call("GET", f"{self.path}/receipt"), Receipt))

    @operation
    def code(self, to: str | os.PathLike[str] | None = None) -> Steps[str]:
        """The training as a stand-alone Python script, which is also written to a file if wished.

        Raises ExportFailed with the reason where no script can hold it.
        """
        text = (yield from exchange(self._driver, Call("GET", f"{self.path}/code"))).text
        if to is not None:
            path = Path(to).expanduser()
            yield from work(lambda: path.write_text(text, "utf-8"))
        return text

    @operation
    def download(
        self,
        to: str | os.PathLike[str] | None = None,
        format: str = "keras",
        progress: Progress | None = None,
        checkpoint: str | int | None = None,
    ) -> Steps[Path]:
        """Write the model to a file, or into a folder under its id; the path of the file.

        With `checkpoint` ("best", "last" or an epoch) the weights that a ModelCheckpoint kept.

        The content is checked against the announced digest before it takes its place. Raises
        CorruptDownload, NotAcceptable for a format that the model does not have.
        """
        path = Path(to or ".").expanduser()
        form = "weights" if checkpoint is not None else format
        if path.is_dir():
            epoch = "" if checkpoint is None else f"-{checkpoint}"
            path = path / f"{self.id}{epoch}{SUFFIXES.get(form, f'.{form}')}"
        return (yield from self._fetch(path, form, progress, checkpoint))

    @operation
    def export(
        self,
        format: str,
        to: str | os.PathLike[str] | None = None,
        progress: Progress | None = None,
    ) -> Steps[Path]:
        """Write the model as `onnx`, `litert` or `saved_model` to a file, as `download` does.

        The service makes it when it is first asked for, and runs it: `models.get(id).resource`
        then holds how near its outputs are, under `exports`. Raises ExportFailed with the reason
        when the form cannot hold the network.
        """
        path = Path(to or ".").expanduser()
        if path.is_dir():
            path = path / f"{self.id}{SUFFIXES.get(format, f'.{format}')}"
        return (yield from self._fetch(path, format, progress))

    @operation
    def load(self) -> Steps[Any]:
        """The network as a `keras.Model`, in this process. Raises BadSource without keras."""
        try:
            from keras.saving import load_model
        except ImportError as error:
            raise BadSource("load() needs keras and a backend to be installed") from error
        with tempfile.TemporaryDirectory() as folder:
            path = yield from self._fetch(Path(folder) / f"{self.id}.keras", "keras", None)
            return (yield from work(lambda: load_model(path)))

    @operation
    def predict(self, records: Any) -> Steps[Predictions]:
        """One prediction for each raw record: a dict of columns, a list of them, or a frame.

        For a model of numbers or arrays an array, its first axis the records, or a dict of arrays;
        for a model of images the path of one, its bytes, or a list of such. Raises BadSource,
        InvalidRequest, which says what the model takes.
        """
        call = question(f"{self.path}/predict", records)
        return (yield from fetch(self._driver, call, Predictions))

    @operation
    def predictions(self, dataset: Any, display_name: str | None = None) -> Steps[JobHandle[D]]:
        """A job that predicts for every row of a dataset: its id, its name, or its handle.

        `job.wait()`, then `job.predictions("out.csv")`. Raises DataStackMismatch.
        """
        content = {"dataset": getattr(dataset, "id", dataset), "display_name": display_name}
        call = creating(Call("POST", f"{self.path}/predictions", json=content))
        return JobHandle(self._driver, (yield from fetch(self._driver, call, Job)))

    @operation
    def evaluate(self, dataset: Any, display_name: str | None = None) -> Steps[JobHandle[D]]:
        """A job that evaluates on every row of a dataset: its id, its name, or its handle.

        `job.wait()`, then `job.evaluation()`. Raises DataStackMismatch.
        """
        content = {"dataset": getattr(dataset, "id", dataset), "display_name": display_name}
        call = creating(Call("POST", f"{self.path}/evaluations", json=content))
        return JobHandle(self._driver, (yield from fetch(self._driver, call, Job)))

    @operation
    def embeddings(
        self,
        layer: str,
        to: str | os.PathLike[str] | None = None,
        format: str = "csv",
    ) -> Steps[Path]:
        """Write the vectors of an Embedding to a file: `csv`, `npy`, `tsv` or `metadata`.

        Raises NotFound, which names the model's Embeddings.
        """
        path = Path(to or ".").expanduser()
        if path.is_dir():
            path = path / f"{self.id}-{layer}.{format}"
        params = {"format": format}
        address = f"{self.path}/{at('embeddings', layer).removeprefix('/v1/')}"
        return (yield from download(self._driver, address, params, path, None))

    @operation
    def delete(self, *, permanently: bool = False) -> Steps[None]:
        """Delete it with its files.

        `client.trash.restore(id)` brings it back for some days, unless it goes `permanently`.
        """
        query = {"permanently": "true"} if permanently else {}
        yield from exchange(self._driver, Call("DELETE", self.path, query))

    def _fetch(
        self,
        path: Path,
        format: str,
        progress: Progress | None,
        checkpoint: str | int | None = None,
    ) -> Steps[Path]:
        params = {"format": format, "checkpoint": checkpoint}
        return download(self._driver, f"{self.path}/content", params, path, progress)

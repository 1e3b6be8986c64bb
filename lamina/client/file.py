"""A side file as users hold it."""

import os
from pathlib import Path
from typing import Generic

from lamina.schemas.file import File

from .call import Call, Progress
from .download import download
from .exchange import exchange
from .operation import Bound, D, operation
from .step import Steps


class FileHandle(Bound[D], Generic[D]):
    """Word vectors or arrays for the `weights` of a layer; `resource` describes them."""

    def __init__(self, driver: D, resource: File) -> None:
        super().__init__(driver)
        self.resource = resource

    def __repr__(self) -> str:
        return f"<file {self.id}: {self.resource.form}>"

    @property
    def id(self) -> str:
        """The id, `file_…`."""
        return self.resource.id

    @property
    def path(self) -> str:
        """Where the service keeps it."""
        return f"/v1/files/{self.id}"

    @operation
    def download(
        self, to: str | os.PathLike[str] | None = None, progress: Progress | None = None
    ) -> Steps[Path]:
        """Write the bytes that were uploaded to a file, or into a folder under their name.

        Raises CorruptDownload.
        """
        path = Path(to or ".").expanduser()
        if path.is_dir():
            path = path / (self.resource.filename or self.id).replace("/", "_")
        return (yield from download(self._driver, f"{self.path}/content", {}, path, progress))

    @operation
    def delete(self, *, permanently: bool = False) -> Steps[None]:
        """Delete it. Raises InUse while a job that has not ended needs it.

        `client.trash.restore(id)` brings it back for some days, unless it goes `permanently`.
        """
        query = {"permanently": "true"} if permanently else {}
        yield from exchange(self._driver, Call("DELETE", self.path, query))

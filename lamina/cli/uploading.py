"""The byte bar of an upload or download, and the bar of the reading that follows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .screen import is_terminal

if TYPE_CHECKING:
    from lamina.client.blocking import Blocking
    from lamina.client.dataset import DatasetHandle
    from lamina.schemas.dataset import Dataset


@contextmanager
def byte_bar(
    description: str, done_text: str, shown: bool = True
) -> Iterator[Callable[[int, int], None] | None]:
    """A progress callback that moves a bar; None where nobody looks on.

    When all bytes have gone, the bar says `done_text`: what the service is doing with them.
    """
    if not shown or not is_terminal():
        yield None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, transient=True) as progress:
        # Shown with the first byte: a request without any has nothing to show.
        task = progress.add_task(description, visible=False)

        def move(done: int, total: int) -> None:
            after = done_text if done >= total else description
            progress.update(task, completed=done, total=total, visible=True, description=after)

        yield move


def read_through(handle: "DatasetHandle[Blocking]", shown: bool = True) -> "Dataset":
    """Wait until a dataset was read, with a bar where somebody looks on. Raises DatasetFailed."""
    if not shown or not is_terminal() or handle.state != "reading":
        return handle.wait()
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    text = TextColumn("{task.description}", markup=False)
    with Progress(text, BarColumn(), TaskProgressColumn(), transient=True) as progress:
        task = progress.add_task("waiting for a worker", total=1.0)
        for one in handle.progress():
            progress.update(task, completed=one.fraction, description=one.phase)
        return handle.wait()

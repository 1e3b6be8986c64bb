"""The byte bar of an upload or download."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .screen import is_terminal


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

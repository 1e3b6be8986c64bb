"""Following a job to its end, in the form that suits whoever looks on."""

from typing import TYPE_CHECKING, Any, Protocol

import typer

from . import screen

if TYPE_CHECKING:
    from lamina.client import JobEvent
    from lamina.client.blocking import Blocking
    from lamina.client.job import JobHandle
    from lamina.schemas.job import Job


class View(Protocol):
    """Shows a job as it goes."""

    def __enter__(self) -> "View":
        """Begin to show."""

    def __exit__(self, *exception: object) -> None:
        """Leave the screen in order."""

    def show(self, event: "JobEvent") -> None:
        """Show one event."""

    def finish(self, job: "Job") -> None:
        """Show how the job ended."""


def follow(handle: "JobHandle[Blocking]", as_json: bool) -> None:
    """Show the job until it ends. Ctrl-C leaves it running. Raises JobFailed, JobCancelled."""
    view = _view(handle, as_json)
    try:
        with view:
            for event in handle.events():
                view.show(event)
        handle.wait()
    except KeyboardInterrupt:
        screen.note(f"\ndetached; {handle.id} goes on. Watch it again: lamina watch {handle.id}")
        raise typer.Exit from None
    finally:
        if handle.ended:
            view.finish(handle.resource)
    if not as_json and screen.is_terminal():
        curve(handle)


def curve(handle: "JobHandle[Blocking]", keys: list[str] | None = None) -> None:
    """Draw the job's losses, or the metrics named, over its epochs."""
    from .curve import draw

    out = screen.console()
    columns: Any = handle.metrics(max_points=500).data
    wanted = keys or [name for name in ("loss", "val_loss") if name in columns]
    lines = {name: columns[name] for name in wanted if name in columns}
    if lines and max(len(line) for line in lines.values()) > 1:
        out.print(draw(lines, width=max(20, min(out.width - 14, 72))), end="")


def _view(handle: "JobHandle[Blocking]", as_json: bool) -> View:
    if as_json:
        from .views.lines import Lines

        return Lines(handle.resource)
    if screen.is_terminal():
        from .views.bars import Bars

        return Bars(handle.resource)
    from .views.plain import Plain

    return Plain(handle.resource)

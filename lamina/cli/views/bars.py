"""A running job in a terminal: one bar for epochs, one for the steps of the present one."""

from typing import Any, Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from lamina.cli import words
from lamina.cli.screen import console
from lamina.client.events import JobEvent
from lamina.schemas.job import Job

from ._text import ending, epochs_of, remark


class Bars:
    """Two bars with the latest loss, validation loss and the time left."""

    def __init__(self, job: Job) -> None:
        self.state: str = job.state
        self.progress = Progress(
            TextColumn("{task.description:7}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TextColumn("{task.fields[text]}", markup=False),
            console=console(),
        )
        epochs = epochs_of(job)
        self.total = epochs if isinstance(epochs, int) else None
        self.epochs = self.progress.add_task("epochs", total=self.total, text=job.state)
        self.steps = self.progress.add_task("steps", total=None, text="")
        self.logs: dict[str, float | None] = {}
        self.left: float | None = None

    def __enter__(self) -> Self:
        self.progress.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.progress.stop()

    def show(self, event: JobEvent) -> None:
        """Move the bars, or print a line above them."""
        if event.type == "progress":
            self._progress(event.data)
        elif event.type == "epoch":
            self._epoch(event)
        elif event.type == "started":
            self.progress.update(self.epochs, completed=event.data.get("from_epoch", 0), text="")
            self.progress.update(self.steps, total=event.data.get("steps_per_epoch"))
        if text := remark(event, self.state):
            self.state = str(event.data.get("state", self.state))
            self.progress.update(self.epochs, text=self._text() or self.state)
            self.progress.console.print(text)

    def finish(self, job: Job) -> None:
        """Print how it ended."""
        self.progress.console.print(ending(job))

    def _progress(self, data: dict[str, Any]) -> None:
        self.left = data.get("eta_seconds")
        latest = data.get("logs") or {}
        self.progress.update(
            self.epochs, completed=data.get("epoch"), total=data.get("epochs"), text=self._text()
        )
        self.progress.update(
            self.steps,
            completed=data.get("step"),
            total=data.get("steps_per_epoch"),
            text=_step_text(data.get("validated"), latest),
        )

    def _epoch(self, event: JobEvent) -> None:
        done = (event.epoch or 0) + 1
        self.logs = event.logs
        if self.total is not None and isinstance(seconds := event.data.get("seconds"), int | float):
            self.left = seconds * (self.total - done)
        self.progress.update(self.epochs, completed=done, text=self._text())
        # Progress comes now and then, so the last steps may never have been told.
        total = self.progress.tasks[self.steps].total
        self.progress.update(self.steps, completed=total or 0)

    def _text(self) -> str:
        shown = {name: value for name, value in self.logs.items() if name in ("loss", "val_loss")}
        left = f"  {words.duration(self.left)} left" if self.left is not None else ""
        return words.logs(shown) + left


def _step_text(validated: float | None, logs: dict[str, Any]) -> str:
    shown = words.logs({name: logs[name] for name in ("loss",) if name in logs})
    return shown if validated is None else f"{shown}  validated {validated:.0%}"

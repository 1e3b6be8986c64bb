"""A running job as plain text: a line for each epoch and each change of state."""

from typing import Self

from lamina.cli import words
from lamina.client.events import JobEvent
from lamina.schemas.job import Job

from ._text import ending, epochs_of, remark


class Plain:
    """For logs and pipes: nothing is ever overwritten."""

    def __init__(self, job: Job) -> None:
        self.epochs = epochs_of(job)
        print(f"{job.id} {job.state}", flush=True)
        self.state: str = job.state

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def show(self, event: JobEvent) -> None:
        """Print the event, unless it is passing progress."""
        if event.type == "epoch":
            seconds = event.data.get("seconds")
            took = f"  {seconds:.1f} s" if isinstance(seconds, int | float) else ""
            epoch = (event.epoch or 0) + 1
            print(f"epoch {epoch}/{self.epochs}  {words.logs(event.logs)}{took}", flush=True)
        elif text := remark(event, self.state):
            self.state = str(event.data.get("state", self.state))
            print(text, flush=True)

    def finish(self, job: Job) -> None:
        """Print how it ended."""
        print(ending(job), flush=True)

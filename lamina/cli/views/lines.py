"""A running job as JSON lines: each event, then the job."""

from typing import Self

from lamina.cli.screen import print_json
from lamina.client.events import JobEvent
from lamina.schemas.job import Job


class Lines:
    """One JSON object a line; `type` tells what it is."""

    def __init__(self, job: Job) -> None:
        self.job = job.id

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        return None

    def show(self, event: JobEvent) -> None:
        """The event as it came."""
        print_json({"type": event.type, "job": self.job, "seq": event.seq, "data": event.data})

    def finish(self, job: Job) -> None:
        """The job itself."""
        print_json(job)

"""What can go wrong, as the client tells it: connection, waiting, jobs and datasets."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lamina.schemas.dataset import Dataset
    from lamina.schemas.job import Job


class LaminaError(Exception):
    """Anything that the client raises of its own."""


class Unreachable(LaminaError):
    """The service does not answer."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"cannot reach the service at {url}: {reason}")
        self.url = url


class BadAnswer(LaminaError):
    """What answered does not speak as a Lamina service does."""


class CorruptDownload(LaminaError):
    """Downloaded bytes do not match the digest that the service announced."""


class BadSource(LaminaError, ValueError):
    """Something given as data, as a stack or as a setting cannot be sent."""


class WaitTimeout(LaminaError, TimeoutError):
    """The time given to `wait` is up; the job or dataset goes on."""


class JobFailed(LaminaError):
    """The job ended as failed; `job.error` tells why."""

    def __init__(self, job: "Job") -> None:
        self.job = job
        error = job.error
        text = f"{job.id} failed"
        if error is not None:
            text += f": {error.detail} [{error.code}, blame: {error.blame}]"
            text += f"\n  at {error.pointer}" if error.pointer else ""
        super().__init__(text)


class JobCancelled(LaminaError):
    """The job was cancelled."""

    def __init__(self, job: "Job") -> None:
        self.job = job
        super().__init__(f"{job.id} was cancelled")


class DatasetFailed(LaminaError):
    """The service could not read the uploaded data; `dataset.error` tells why."""

    def __init__(self, dataset: "Dataset") -> None:
        self.dataset = dataset
        error = dataset.error
        text = f"{dataset.filename or dataset.name or dataset.id} could not be read"
        if error is not None:
            text += f": {error.detail} [{error.code}]"
            text += "".join(f"\n  {item.get('detail', item)}" for item in error.errors[:20])
        super().__init__(text)

"""The Python client: what it is, and what it raises. Exceptions by problem slug: `problems`."""

from .client import AsyncClient, Client
from .dataset import DatasetHandle
from .errors import (
    BadAnswer,
    BadSource,
    CorruptDownload,
    DatasetFailed,
    JobCancelled,
    JobFailed,
    LaminaError,
    Unreachable,
    WaitTimeout,
)
from .events import JobEvent
from .job import JobHandle
from .model import ModelHandle
from .problems import ProblemError

__all__ = [
    "AsyncClient",
    "BadAnswer",
    "BadSource",
    "Client",
    "CorruptDownload",
    "DatasetFailed",
    "DatasetHandle",
    "JobCancelled",
    "JobEvent",
    "JobFailed",
    "JobHandle",
    "LaminaError",
    "ModelHandle",
    "ProblemError",
    "Unreachable",
    "WaitTimeout",
]

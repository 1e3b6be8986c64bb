"""Train Keras models over HTTP: the Python client of the Lamina service.

    import lamina

    client = lamina.Client()
    job = client.train("job.json", dataset="digits.csv", target="label")
    job.wait()

Names are imported when they are first used, so `import lamina` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .client import (
        AsyncClient,
        Client,
        DatasetFailed,
        DatasetHandle,
        JobCancelled,
        JobEvent,
        JobFailed,
        JobHandle,
        LaminaError,
        ModelHandle,
        ProblemError,
        Unreachable,
        WaitTimeout,
    )

__version__ = "0.1.0"

__all__ = [
    "AsyncClient",
    "Client",
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
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("lamina.client"), name)
    raise AttributeError(f"module 'lamina' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""The tasks that an engine process can run, one file each, named as its file.

Each module defines `run(payload, port)`: plain data in, plain data out; a refusal is a `Fault`.
"""

from collections.abc import Mapping
from functools import cache
from types import ModuleType

from lamina.discovery import modules


@cache
def tasks() -> Mapping[str, ModuleType]:
    """All tasks by name."""
    found = modules(__name__)
    for name, module in found.items():
        if not callable(getattr(module, "run", None)):
            raise TypeError(f"engine/tasks/{name}.py must define run(payload, port)")
    return found

"""The engine host: runs engine tasks in child processes and tells how they ended."""

from core.host.engine_host import EngineHost
from core.host.limits import Limits
from core.host.outcome import EngineFailure, EngineRefusal
from core.host.process import EngineProcess
from core.host.supervision import Listener, Silent

__all__ = [
    "EngineFailure",
    "EngineHost",
    "EngineProcess",
    "EngineRefusal",
    "Limits",
    "Listener",
    "Silent",
]

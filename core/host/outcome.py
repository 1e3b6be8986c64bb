"""How an engine task ended."""

import signal
from dataclasses import dataclass, field
from typing import Any


class EngineRefusal(Exception):
    """The request is to blame: a code of `lamina.codes`, a sentence, and every item found."""

    def __init__(self, code: str, detail: str, errors: list[dict[str, Any]]) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = errors


class EngineFailure(Exception):
    """The engine is to blame, or a limit was reached: a job error code and a sentence."""

    def __init__(self, code: str, detail: str, traceback: str | None = None) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.traceback = traceback


@dataclass
class Ending:
    """What is known of a task's end while it is supervised."""

    value: dict[str, Any] | None = None
    failure: EngineRefusal | EngineFailure | None = None
    peak_bytes: int = 0
    last_lines: list[str] = field(default_factory=list)

    @property
    def is_known(self) -> bool:
        """Whether the task has answered or its end was decided."""
        return self.value is not None or self.failure is not None

    def fail(self, code: str, detail: str) -> None:
        """Decide the reason, unless one is known already: the first one is the true one."""
        if not self.is_known:
            self.failure = EngineFailure(code, detail)

    def unwrap(self) -> dict[str, Any]:
        """The task's answer, or the exception that says why there is none."""
        if self.failure is not None:
            raise self.failure
        if self.value is None:
            raise EngineFailure("crashed", "the engine ended without an answer")
        return self.value


def describe_exit(status: int, lines: list[str]) -> str:
    """A sentence on an unexpected end, with the last that the child had to say."""
    said = f"; it last printed: {' | '.join(lines[-3:])[:500]}" if lines else ""
    if status >= 0:
        return f"the engine process exited with status {status}{said}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"the engine process was ended by {name}{said}"

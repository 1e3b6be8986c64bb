"""An engine child as its host sees it: four pipes and an end."""

import json
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from core.host.memory import family_bytes


class EngineProcess:
    """A running child. `exit_status` is None until it has ended and its group is gone."""

    def __init__(self, pid: int, pipes: "Pipes", send_signal: Callable[[int], None]) -> None:
        self.pid = pid
        self.pipes = pipes
        self._send_signal = send_signal
        self._ended = threading.Event()
        self._status: int | None = None
        self._outbox = bytearray()

    @property
    def exit_status(self) -> int | None:
        """0 and above: what it exited with; below: the signal that ended it."""
        return self._status

    def end(self, status: int) -> None:
        """Note how it ended; called by whoever reaps it."""
        self._status = status
        self._ended.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; False when it did not come in time."""
        return self._ended.wait(seconds)

    def weigh(self) -> int:
        """The memory that it and all it started hold now, in bytes; 0 once it is gone."""
        return family_bytes(self.pid)

    def send(self, message: dict[str, Any]) -> None:
        """Queue one message for the control pipe and write what the pipe takes now."""
        self._outbox += json.dumps(message, separators=(",", ":")).encode() + b"\n"
        self.flush()

    def flush(self) -> bool:
        """Write what the pipe takes now; True when nothing is left to write.

        Never blocks: a child that hangs must not make its host hang.
        """
        try:
            while self._outbox:
                del self._outbox[: os.write(self.pipes.control, self._outbox)]
        except BlockingIOError:
            return False
        except BrokenPipeError:  # it has ended and will hear nothing more
            self._outbox.clear()
        return True

    def kill(self) -> None:
        """End the child and all that it started."""
        if self._status is None:
            self._send_signal(signal.SIGKILL)

    def close(self) -> None:
        """Kill it if it still runs, wait for the end, and close the pipes."""
        self.kill()
        self._ended.wait(10)
        self.pipes.close()


class Pipes:
    """Both ends of a child's four pipes; the child's ends are closed once it has them."""

    def __init__(self) -> None:
        control_read, self.control = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.control, False)
        self.events, events_write = os.pipe2(os.O_CLOEXEC)
        self.stdout, stdout_write = os.pipe2(os.O_CLOEXEC)
        self.stderr, stderr_write = os.pipe2(os.O_CLOEXEC)
        self.theirs = [control_read, events_write, stdout_write, stderr_write]

    def hand_over(self) -> None:
        """Close the child's ends here: from now on only the child holds them."""
        for descriptor in self.theirs:
            os.close(descriptor)
        self.theirs = []

    def close(self) -> None:
        """Close everything that is still open here."""
        self.hand_over()
        for descriptor in (self.control, self.events, self.stdout, self.stderr):
            os.close(descriptor)

"""Trains in forks that end themselves with SIGKILL: `python -m tests.engine.training._nursery`.

Reads lines of JSON, `{"payload": …, "events": path, "kill": …}`, forks a training for each, and
writes its exit status (negative: the signal) as a line. `kill` is one of

- null: nobody ends it;
- `{"call": n}`: just before the n-th call to the system (from 0) within the first checkpoint that
  takes so many; some bytes of a write are written before;
- `{"epochs": n, "seconds": s}`: so long after the n-th epoch;
- `{"epochs": n, "fill": path}`: nobody ends it, but after that epoch this file fills the disk.

Events go to the file, one JSON object a line; `{"event": "killed", "name": …}` tells at which call,
and after the result `{"event": "calls", "most": n}` how many a checkpoint took.
"""

import contextlib
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CALLS = {"mkdir", "open", "write", "flush", "fsync", "close", "rename", "unlink", "rmdir"}


class Port:
    """Writes events to a file; may end the process after one."""

    order = None

    def __init__(self, path: Path, kill: dict[str, Any]) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._epochs, self._kill = 0, kill

    def emit(self, event: str, **fields: Any) -> None:
        """One line, at once."""
        self._file.write(json.dumps({"event": event, **fields}) + "\n")
        self._file.flush()
        self._epochs += event == "epoch"
        if event == "epoch" and self._epochs == self._kill.get("epochs"):
            if "fill" in self._kill:
                fill(Path(self._kill["fill"]))
                return
            timer = threading.Timer(self._kill["seconds"], end)
            timer.daemon = True
            timer.start()


def end() -> None:
    """What no process can refuse."""
    os.kill(os.getpid(), signal.SIGKILL)


def fill(path: Path) -> None:
    """Leave no byte of the disk."""
    with path.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


class Calls:
    """Counts the calls to the system that a write makes; ends the process at one of them."""

    def __init__(self, fatal: int | None, port: Port) -> None:
        self.most = 0
        self._count, self._fatal, self._port = 0, fatal, port

    def within(self, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, watched."""

        def watched(*arguments: Any) -> Any:
            self._count = 0
            sys.setprofile(self._look)
            try:
                return work(*arguments)
            finally:
                sys.setprofile(None)
                self.most = max(self.most, self._count)

        return watched

    def _look(self, frame: Any, event: str, function: Any) -> None:
        del frame
        name = getattr(function, "__name__", "")
        if event != "c_call" or name not in _CALLS:
            return
        if self._count == self._fatal:
            sys.setprofile(None)
            self._port.emit("killed", name=name, call=self._count)
            if name == "write":
                os.write(function.__self__.fileno(), b"half")
            end()
        self._count += 1


def main() -> None:
    """Fork a training for every line."""
    from engine.preload import preload

    preload()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(_train(asked))
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _train(asked: dict[str, Any]) -> int:
    from engine.tasks import train
    from engine.training import checkpoint

    kill = asked["kill"] or {}
    port = Port(Path(asked["events"]), kill)
    calls = Calls(kill.get("call"), port)
    checkpoint.write = calls.within(checkpoint.write)
    try:
        result = train.run(asked["payload"], port)
    except BaseException as error:
        port.emit("failed", type=type(error).__name__, code=getattr(error, "code", None))
        return 1
    port.emit("result", **result)
    port.emit("calls", most=calls.most)
    return 0


if __name__ == "__main__":
    main()

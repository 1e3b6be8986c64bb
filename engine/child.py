"""A child: one process that runs engine tasks for the host that started it.

It is told what to do over the control pipe, one JSON object a line: `{"task", "payload"}` starts
a task, `{"order"}` asks the running one for an early end. It answers over the event pipe, one
JSON object a line: the task's events, then one of

- `{"event": "result", "value": …}`: the task's answer
- `{"event": "fault", "code", "detail", "errors"}`: the request is to blame
- `{"event": "error", "code", "detail", "traceback"}`: the engine is to blame

and takes the next task, until the control pipe closes.
"""

import ctypes
import json
import os
import queue
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Sequence
from typing import Any

from engine.faults import Fault
from engine.port import Order
from lamina.fullness import is_full

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_STATUS_INTERNAL = 70


def run(request: dict[str, Any], descriptors: Sequence[int], parent: int) -> int:
    """Become a child with these pipes (control, events, stdout, stderr); the exit status."""
    os.setsid()
    die_with(parent)
    # What leaves its parent below stays with us, so that its memory counts as ours.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    control, events, stdout, stderr = descriptors
    null = os.open(os.devnull, os.O_RDONLY)
    for descriptor, standard in ((null, 0), (stdout, 1), (stderr, 2)):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    # The standard streams were buffered by whoever we were forked from.
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False, errors="backslashreplace")
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False, errors="backslashreplace")
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    limit(request["limits"])
    return Child(control, events).serve()


def die_with(parent: int) -> None:
    """Be killed by the kernel when the parent ends, however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os.kill(os.getpid(), signal.SIGKILL)


def limit(limits: dict[str, int | None]) -> None:
    """Set the kernel's limits: seconds of CPU, bytes of a file, open files, bytes of data."""
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: limits.get("cpu_seconds"),
        resource.RLIMIT_FSIZE: limits.get("file_bytes"),
        resource.RLIMIT_NOFILE: min(limits.get("open_files") or most_files, most_files),
    }
    data = limits.get("data_bytes")
    if data is not None:
        wanted[resource.RLIMIT_DATA] = data + _data_bytes()
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then writing fails with EFBIG instead
    for kind, value in wanted.items():
        if value is not None:
            _, hard = resource.getrlimit(kind)
            soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (soft, hard if kind == resource.RLIMIT_CPU else soft))


def _data_bytes() -> int:
    """What counts against RLIMIT_DATA already, from /proc/self/status (proc(5), VmData)."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmData:"):
                return int(line.split()[1]) * 1024
    return 0


class Child:
    """Reads the control pipe in a thread, runs tasks in the main one. The tasks' `Port`."""

    def __init__(self, control: int, events: int) -> None:
        self._control = control
        self._events = events
        self._requests: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._order: Order | None = None
        self._lock = threading.Lock()

    @property
    def order(self) -> Order | None:
        """What the other side asked for, if anything."""
        return self._order

    def emit(self, event: str, **fields: Any) -> None:
        """Send one event."""
        line = json.dumps({"event": event, **fields}, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            view = memoryview(line)
            while view:
                view = view[os.write(self._events, view) :]

    def serve(self) -> int:
        """Run tasks until the control pipe closes; the exit status."""
        threading.Thread(target=self._listen, name="control", daemon=True).start()
        while (request := self._requests.get()) is not None:
            self._order = None
            self._run(request["task"], request["payload"])
        return 0

    def _listen(self) -> None:
        with os.fdopen(self._control, "rb") as pipe:
            for line in pipe:
                message = json.loads(line)
                if "order" in message:
                    self._order = message["order"]
                else:
                    self._requests.put(message)
        self._requests.put(None)

    def _run(self, name: str, payload: dict[str, Any]) -> None:
        from engine.tasks import tasks

        try:
            self.emit("result", value=tasks()[name].run(payload, self))
        except Fault as fault:
            self.emit("fault", **fault.to_json())
        except MemoryError:
            self.emit("error", code="out-of-memory", detail="the task ran out of memory")
        except Exception as error:
            self.emit(
                "error",
                code="storage-full" if is_full(error) else "internal",
                detail=f"{type(error).__name__}: {error}"[:2000],
                traceback=traceback.format_exc()[-20_000:],
            )


if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    die_with(order["parent"])  # before the imports, which take seconds
    from engine.preload import preload

    preload()
    sys.exit(run(order, [int(text) for text in sys.argv[2:6]], order["parent"]))

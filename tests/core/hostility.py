"""Children that do harm when asked to: `python -m tests.core.hostility FD` is their nursery.

Called as `engine.child` is, it is such a child itself.
"""

import ctypes
import json
import os
import sys
import time
from types import SimpleNamespace
from typing import Any

from engine.port import Port

_FORKS = 40


def forks(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Start many processes that start others; half of them leave for sessions of their own."""
    for number in range(_FORKS):
        if os.fork() == 0:
            if number % 2:
                os.setsid()
                if os.fork():
                    os._exit(0)
            elif number % 4 == 0:
                os.fork()
            time.sleep(600)
            os._exit(0)
    if payload.get("dies"):
        os._exit(3)
    port.emit("harmed")
    time.sleep(600)
    return {}


def spins(_payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Stay in native code for ever, deaf to signals that Python would have to handle."""
    port.emit("harmed")
    return {"value": pow(3, 10**10) % 7}


def prints(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """Write without end of lines and then in short ones, as fast as they are read."""
    for piece in (b"x" * 2**16, (b"x" * 63 + b"\n") * 2**10):
        for _ in range(payload["bytes"] // 2**17):
            os.write(1, piece)
    return {"printed": payload["bytes"]}


def swells(_payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Take memory without end, outside of what Python knows of."""
    port.emit("harmed")
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    while place := libc.malloc(2**24):
        ctypes.memset(place, 1, 2**24)
        time.sleep(0.01)
    return {}


def fills(payload: dict[str, Any], _port: Port) -> dict[str, Any]:
    """Write a file without end."""
    with open("large", "wb", buffering=0) as file:
        while True:
            file.write(b"x" * payload["piece"])


def hides(payload: dict[str, Any], port: Port) -> dict[str, Any]:
    """Hold much memory in a process whose parent has ended, in a session of its own."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            held = b"x" * payload["bytes"]
            time.sleep(600)
            os._exit(len(held) % 2)
        os._exit(0)
    os.wait()
    port.emit("harmed")
    time.sleep(600)
    return {}


HARMS = {one.__name__: one for one in (forks, spins, prints, swells, fills, hides)}


def _serve(known: dict[str, Any]) -> None:
    from engine import tasks

    harms = {name: SimpleNamespace(run=run) for name, run in HARMS.items()}
    tasks.tasks = lambda: known | harms  # type: ignore[assignment]


if __name__ == "__main__":
    from engine import child, nursery, tasks

    if len(sys.argv) == 2:
        _serve(dict(tasks.tasks()))
        nursery.main(int(sys.argv[1]))
    else:
        _serve({})  # without TensorFlow
        order = json.loads(sys.argv[1])
        sys.exit(child.run(order, [int(text) for text in sys.argv[2:]], order["parent"]))

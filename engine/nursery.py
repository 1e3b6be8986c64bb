"""The nursery: a process that has TensorFlow and Keras imported and forks a child per task.

A fork takes about 10 ms where the import takes seconds. Forking is safe as long as no TensorFlow
operation has ever run here, so nothing but imports happens before a fork.

Whoever starts it (`python -m engine.nursery FD`) speaks with it over a Unix socket that keeps
message boundaries (SOCK_SEQPACKET). Requests, one JSON object a message:

- `{"spawn": token, "environment": {…}, "limits": {…}, "folder": path}` with four descriptors
  attached (control, events, stdout, stderr) → `{"spawned": token, "pid": n}`
- `{"signal": number, "pid": n}`: to the child's whole process group, if it is still there

and unasked, once a child has ended, with all that it started: `{"exited": pid, "status": n}`, a
negative status being the signal that ended it. When the socket closes, every child is killed.
"""

import contextlib
import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
from typing import Any

_MESSAGE_BYTES = 65_536
_DESCRIPTORS = 4
_PR_SET_CHILD_SUBREAPER = 36


def main(descriptor: int) -> None:
    """Serve on the socket with this descriptor until it closes."""
    from engine.preload import preload

    preload()
    gc.collect()
    gc.freeze()  # keeps the pages of what is imported shared with the children
    Nursery(socket.socket(fileno=descriptor)).serve()


class Nursery:
    """Forks children and tells how they ended."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._children: set[int] = set()
        # What a child starts in another session becomes ours when the child ends.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
        # A signal handler that writes to a pipe, so that `select` wakes when a child ends.
        self._wake_read, self._wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> None:
        """Answer requests until the other side is gone, then kill what is left."""
        self._send({"ready": True})
        try:
            while self._step():
                pass
        finally:
            for pid in self._children:
                _signal_group(pid, signal.SIGKILL)

    def _step(self) -> bool:
        watched: list[socket.socket | int] = [self._channel, self._wake_read]
        ready, _, _ = select.select(watched, [], [])
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
            self._bury()
        if self._channel in ready:
            message, descriptors, _, _ = socket.recv_fds(
                self._channel, _MESSAGE_BYTES, _DESCRIPTORS
            )
            if not message:
                return False
            self._answer(json.loads(message), descriptors)
        return True

    def _answer(self, request: dict[str, Any], descriptors: list[int]) -> None:
        if "spawn" in request:
            pid = self._fork(request, descriptors)
            self._children.add(pid)
            self._send({"spawned": request["spawn"], "pid": pid})
        elif request["pid"] in self._children:
            _signal_group(request["pid"], request["signal"])

    def _fork(self, request: dict[str, Any], descriptors: list[int]) -> int:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            for descriptor in descriptors:
                os.close(descriptor)
            return pid
        status = 70
        try:
            self._leave()
            from engine.child import run

            status = run(request, descriptors, parent)
        finally:
            os._exit(status)

    def _leave(self) -> None:
        """In the child: let go of what belongs to the nursery."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._channel.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _bury(self) -> None:
        """Report the children that have ended; their groups, and those that left them, go too."""
        while (ended := _next_ended()) is not None:
            # Not reaped yet: the id cannot have been given to another group.
            _signal_group(ended, signal.SIGKILL)
            _, status = os.waitpid(ended, 0)
            for orphan in _children_of(os.getpid()) - self._children:
                _signal_group(orphan, signal.SIGKILL)
            if ended in self._children:
                self._children.discard(ended)
                self._send({"exited": ended, "status": os.waitstatus_to_exitcode(status)})

    def _send(self, message: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # the other side is gone: `serve` will notice
            self._channel.send(json.dumps(message).encode())


def _next_ended() -> int | None:
    """A child of ours, or an orphan that became one, that has ended and was not reaped yet."""
    try:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return None
    return None if ended is None else ended.si_pid


def _children_of(parent: int) -> set[int]:
    """The processes whose parent this one is (proc(5), /proc/pid/stat)."""
    found = set()
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat") as file:
            if int(file.read().rpartition(")")[2].split()[1]) == parent:
                found.add(int(name))
    return found


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)  # it may not have made its group yet


if __name__ == "__main__":
    main(int(sys.argv[1]))

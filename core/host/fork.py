"""Starting children by fork, through a nursery process that has everything imported."""

import contextlib
import itertools
import json
import queue
import socket
import subprocess
import threading
from pathlib import Path
from typing import Any

import structlog

from core.host.environment import ROOT, clean_environment, python
from core.host.process import EngineProcess, Pipes

log = structlog.get_logger(__name__)

_START_SECONDS = 120
_SPAWN_SECONDS = 30
_LOST = -9
"""How a child ended whose nursery is gone: the kernel killed it with its parent."""


class Fork:
    """One nursery; started at once, and again when it should ever die."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._nursery: _Nursery | None = None

    def start(self) -> None:
        """Start the nursery without waiting until it is ready."""
        with self._lock:
            self._nursery = _Nursery(self._folder)

    def spawn(
        self, folder: Path, environment: dict[str, str], limits: dict[str, int | None]
    ) -> EngineProcess:
        """Fork a child. Raises OSError when no nursery can be had."""
        with self._lock:
            if self._nursery is None or self._nursery.gone.is_set():
                self._nursery = _Nursery(self._folder)
            nursery = self._nursery
        return nursery.spawn(folder, environment, limits)

    def close(self) -> None:
        """End the nursery and with it every child."""
        with self._lock:
            if self._nursery is not None:
                self._nursery.close()
                self._nursery = None


class _Nursery:
    def __init__(self, folder: Path) -> None:
        self.gone = threading.Event()
        self._ready = threading.Event()
        self._tokens = itertools.count()
        self._lock = threading.Lock()
        self._awaited: dict[int, queue.SimpleQueue[int]] = {}
        self._children: dict[int, EngineProcess] = {}
        self._early: dict[int, int] = {}
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                python("engine.nursery", str(theirs.fileno())),
                cwd=ROOT,
                env=clean_environment(folder),
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C in the terminal is for the service alone
            )
        self._listener = threading.Thread(target=self._listen, name="nursery", daemon=True)
        self._listener.start()

    def spawn(
        self, folder: Path, environment: dict[str, str], limits: dict[str, int | None]
    ) -> EngineProcess:
        if not self._ready.wait(_START_SECONDS) or self.gone.is_set():
            raise OSError("the engine's nursery did not start")
        pipes, token = Pipes(), next(self._tokens)
        answer: queue.SimpleQueue[int] = queue.SimpleQueue()
        request = {
            "spawn": token,
            "environment": environment,
            "limits": limits,
            "folder": str(folder),
        }
        with self._lock:
            self._awaited[token] = answer
        try:
            socket.send_fds(self._channel, [json.dumps(request).encode()], pipes.theirs)
            pid = answer.get(timeout=_SPAWN_SECONDS)
        except (OSError, queue.Empty) as error:
            pipes.close()
            raise OSError("the engine's nursery does not answer") from error
        pipes.hand_over()
        return self._adopt(pid, pipes)

    def _adopt(self, pid: int, pipes: Pipes) -> EngineProcess:
        child = EngineProcess(pid, pipes, lambda number: self._send({"signal": number, "pid": pid}))
        with self._lock:
            status = self._early.pop(pid, _LOST if self.gone.is_set() else None)
            if status is None:
                self._children[pid] = child
        if status is not None:
            child.end(status)
        return child

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self._channel.send(json.dumps(message).encode())
        except OSError:  # gone, and its children with it
            self.gone.set()

    def _listen(self) -> None:
        while message := self._receive():
            if "ready" in message:
                self._ready.set()
            elif "spawned" in message:
                with self._lock:
                    awaited = self._awaited.pop(message["spawned"])
                awaited.put(message["pid"])
            else:
                self._end(message["exited"], message["status"])
        with self._lock:
            self.gone.set()
            orphans = list(self._children.values())
            self._children.clear()
        self._ready.set()
        for child in orphans:
            child.end(_LOST)
        self._process.wait()
        self._channel.close()

    def _receive(self) -> dict[str, Any] | None:
        try:
            text = self._channel.recv(65_536)
        except OSError:
            return None
        return json.loads(text) if text else None

    def _end(self, pid: int, status: int) -> None:
        with self._lock:
            child = self._children.pop(pid, None)
            if child is None:  # it ended before `spawn` knew of it
                self._early[pid] = status
        if child is not None:
            child.end(status)

    def close(self) -> None:
        self.gone.set()
        with contextlib.suppress(OSError):  # it is gone already
            self._channel.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:  # in the midst of its imports
            self._process.kill()
        self._listener.join(timeout=10)

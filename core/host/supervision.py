"""Watching over one task of an engine child: its events, its output, its limits, its end."""

import json
import selectors
import signal
import time
from typing import Any, Protocol

from core.host.limits import Limits
from core.host.lines import LineReader
from core.host.memory import kernel_kills
from core.host.outcome import Ending, EngineFailure, EngineRefusal, describe_exit
from core.host.process import EngineProcess

_TICK_SECONDS = 0.1
_MEMORY_SECONDS = 0.5
_EVENT_BYTES = 128 * 2**20
_LINE_BYTES = 8192
_KEPT_LINES = 20


class Listener(Protocol):
    """Who is told what happens. An exception from it ends the task."""

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """The task has reported something."""

    def on_line(self, stream: str, text: str) -> None:
        """The child has printed a line to `stdout` or `stderr`."""

    def on_tick(self, process: EngineProcess) -> None:
        """Some time has passed; the moment for heartbeats and orders."""


class Silent:
    """A listener that does not listen."""

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """Nothing."""

    def on_line(self, stream: str, text: str) -> None:
        """Nothing."""

    def on_tick(self, process: EngineProcess) -> None:
        """Nothing."""


class Supervision:
    """One task in one child, from its request to its answer or its death."""

    def __init__(self, process: EngineProcess, limits: Limits, listener: Listener) -> None:
        self._process = process
        self._limits = limits
        self._listener = listener
        self._ending = Ending()
        self._events = LineReader(process.pipes.events, _EVENT_BYTES)
        self._output = {
            "stdout": LineReader(process.pipes.stdout, _LINE_BYTES),
            "stderr": LineReader(process.pipes.stderr, _LINE_BYTES),
        }
        self._kills_before = kernel_kills()
        self._started = self._heard = time.monotonic()
        self._weigh_at = self._started + _MEMORY_SECONDS

    def run(self, task: str, payload: dict[str, Any]) -> Ending:
        """Have the child do the task; returns when it has answered or was ended."""
        self._process.send({"task": task, "payload": payload})
        with selectors.DefaultSelector() as selector:
            for reader in (self._events, *self._output.values()):
                selector.register(reader.descriptor, selectors.EVENT_READ)
            while not self._ending.is_known:
                self._step(selector)
        self._read_output()
        return self._ending

    def _step(self, selector: selectors.BaseSelector) -> None:
        pending = not self._process.flush()
        selector.select(0.01 if pending else _TICK_SECONDS)
        self._read_output()
        for line in self._events.read():
            self._take(line)
        for reader in (self._events, *self._output.values()):
            if reader.ended and reader.descriptor in selector.get_map():
                selector.unregister(reader.descriptor)
        if self._ending.is_known:
            return
        if self._events.ended:
            self._explain_end()
            return
        self._listener.on_tick(self._process)
        self._enforce()

    def _take(self, line: bytes) -> None:
        """Handle one message of the child."""
        self._heard = time.monotonic()
        try:
            fields = json.loads(line)
            name = fields.pop("event")
        except (ValueError, KeyError, TypeError, AttributeError):
            self._ending.fail("crashed", "the engine process sent what is not an event")
            return
        if name == "result":
            self._ending.value = fields["value"]
        elif name == "fault":
            self._ending.failure = EngineRefusal(**fields)
        elif name == "error":
            self._ending.failure = EngineFailure(**fields)
        else:
            self._listener.on_event(name, fields)

    def _read_output(self) -> None:
        for stream, reader in self._output.items():
            for line in reader.read():
                text = line.decode(errors="replace").rstrip("\r")
                self._ending.last_lines = [*self._ending.last_lines, text][-_KEPT_LINES:]
                self._listener.on_line(stream, text)

    def _enforce(self) -> None:
        moment, limits = time.monotonic(), self._limits
        if limits.wall_seconds is not None and moment - self._started > limits.wall_seconds:
            self._end("timed-out", f"it took longer than {limits.wall_seconds:g} s")
        elif limits.stall_seconds is not None and moment - self._heard > limits.stall_seconds:
            self._end("stalled", f"nothing was heard of it for {limits.stall_seconds:g} s")
        elif moment >= self._weigh_at:
            self._weigh_at = moment + _MEMORY_SECONDS
            self._weigh()

    def _weigh(self) -> None:
        held = self._process.weigh()
        self._ending.peak_bytes = max(self._ending.peak_bytes, held)
        most = self._limits.memory_bytes
        if most is not None and held > most:
            self._end(
                "out-of-memory",
                f"it held {held / 2**20:,.0f} MiB of memory, {most / 2**20:,.0f} MiB are allowed",
            )

    def _end(self, code: str, detail: str) -> None:
        self._ending.fail(code, detail)
        self._process.kill()

    def _explain_end(self) -> None:
        """The child closed its pipe without an answer: find out why."""
        if not self._process.wait(5):
            self._process.kill()
            self._process.wait(5)
        self._read_output()
        status = self._process.exit_status
        if status == -signal.SIGXCPU:
            seconds = self._limits.cpu_seconds
            self._ending.fail("timed-out", f"it used more than {seconds} s of CPU time")
        elif status == -signal.SIGKILL and kernel_kills() > self._kills_before:
            self._ending.fail("out-of-memory", "the kernel ended it because memory ran out")
        else:
            self._ending.fail(
                "crashed",
                describe_exit(
                    -signal.SIGKILL if status is None else status, self._ending.last_lines
                ),
            )

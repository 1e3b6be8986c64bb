"""The service on one machine: `python -m core.embedded` runs everything under one command.

A Redis-protocol server on a private socket, migrations once, the API, a worker; SQLite and local
files below LAMINA_HOME unless the settings say otherwise. Ctrl-C or SIGTERM ends it all, and
nothing is left running, whatever way it ends.
"""

import argparse
import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import FrameType
from typing import IO

import redis

from core.broker import server_command
from core.host.environment import ROOT, python
from core.settings import Settings, get_settings

_PR_SET_PDEATHSIG = 1
_SOCKET_PATH_BYTES = 100
_START_SECONDS = 30
_STOP_SECONDS = 60
_STEADY_SECONDS = 10
_NO_LIMITS = dict.fromkeys(
    (f"LAMINA_{name}" for name in ("REQUEST_RATE", "RUNNING_JOBS", "STORED_BYTES", "GPU_SECONDS")),
    "0",
)
"""A service on one machine is its owner's: what is meant to share one sets no bounds there."""


class Part:
    """One process of the service, started again when it ends unasked."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._wait = 0.0

    def start(self) -> None:
        """Start it; must be called in the main thread, with which the kernel ends it."""
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environment,
            start_new_session=True,  # Ctrl-C reaches us alone, and we stop the parts in order
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - we have one thread
        )

    def look(self) -> None:
        """Start it again when it has ended, later and later when it does not stay up."""
        if self._process is None or self._process.poll() is None:
            return
        lived = time.monotonic() - self._started
        self._wait = 0.5 if lived > _STEADY_SECONDS else min(30.0, self._wait * 2 or 0.5)
        if lived < self._wait:
            return
        print(f"{self.name} ended with {self._process.returncode}; starting it again", flush=True)  # noqa: T201
        self.start()

    def stop(self, seconds: float) -> None:
        """Ask it to end; after `seconds` end it."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


def main(arguments: list[str] | None = None) -> int:
    """Run the service until a signal comes; the exit status."""
    _take_options(arguments)
    settings = get_settings()
    home = settings.home.resolve()
    home.mkdir(parents=True, exist_ok=True)
    lock = _lock(home)
    if lock is None:
        print(f"another service already runs in {home}", file=sys.stderr)  # noqa: T201
        return 2
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    environment = _NO_LIMITS | os.environ | {"LAMINA_HOME": str(home)}
    broker = _broker(settings, home, environment)
    parts = [broker] if broker else []
    try:
        if broker:
            broker.start()
            _await_redis(environment["LAMINA_REDIS_URL"])
        subprocess.run(python("migrations"), cwd=ROOT, env=environment, check=True)
        for name in ("worker", "api"):
            parts.append(Part(name, python(name), environment))
            parts[-1].start()
        print(f"Lamina: http://{settings.host}:{settings.port}/docs (Ctrl-C ends it)", flush=True)  # noqa: T201
        while not stopping.wait(0.5):
            for part in parts:
                part.look()
    finally:
        for part in reversed(parts):
            part.stop(_STOP_SECONDS)
        lock.close()
    return 0


def _take_options(arguments: list[str] | None) -> None:
    """Options of the command line go before the environment's settings of the same name."""
    parser = argparse.ArgumentParser("lamina up", description="Run the whole service here.")
    parser.add_argument("--home", help="folder for all files (LAMINA_HOME)")
    parser.add_argument("--host", help="address the API binds (LAMINA_HOST)")
    parser.add_argument("--port", type=int, help="port the API binds (LAMINA_PORT)")
    for name, value in vars(parser.parse_args(arguments)).items():
        if value is not None:
            os.environ[f"LAMINA_{name.upper()}"] = str(value)


def _lock(home: Path) -> IO[str] | None:
    """The home folder for us alone, or None."""
    file = (home / "service.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def _broker(settings: Settings, home: Path, environment: dict[str, str]) -> Part | None:
    """The Redis-protocol server that we bring, unless the settings name one."""
    if "redis_url" in settings.model_fields_set:
        return None
    folder = home / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    socket = folder / "redis.sock"
    if len(str(socket).encode()) > _SOCKET_PATH_BYTES:  # the kernel takes 107 bytes (unix(7))
        socket = Path(tempfile.mkdtemp(prefix="lamina-")) / "redis.sock"
    environment["LAMINA_REDIS_URL"] = f"unix://{socket}"
    return Part("redis", server_command(socket, folder), environment)


def _await_redis(url: str) -> None:
    client = redis.Redis.from_url(url)
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            client.ping()
            break
        except redis.RedisError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
    client.close()


def _end_with_parent() -> None:
    """In a new part: be asked to end when the supervisor ends, however it ends (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main())

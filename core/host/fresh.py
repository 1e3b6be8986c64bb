"""Starting children as fresh interpreters: slower, but nothing is shared with anyone."""

import json
import os
import subprocess
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from core.host.environment import ROOT, python
from core.host.kinship import MARK, end_marked
from core.host.process import EngineProcess, Pipes


class Fresh:
    """Runs `python -m engine.child` for each child."""

    def __init__(self) -> None:
        # The kernel ends a child with the *thread* that started it, so one thread that lives as
        # long as the host starts them all.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="engine-start")

    def start(self) -> None:
        """Nothing to prepare."""

    def spawn(
        self, folder: Path, environment: dict[str, str], limits: dict[str, int | None]
    ) -> EngineProcess:
        """Start a child; it is ready some seconds later."""
        pipes, mark = Pipes(), uuid.uuid4().hex
        environment = environment | {MARK: mark}
        request = {
            "environment": environment,
            "limits": limits,
            "folder": str(folder),
            "parent": os.getpid(),
        }
        process = self._starter.submit(_start, request, environment, pipes).result()
        pipes.hand_over()
        child = EngineProcess(process.pid, pipes, lambda number: _signal(process, number))
        threading.Thread(target=_bury, args=(child, process, mark), daemon=True).start()
        return child

    def close(self) -> None:
        """Let the starting thread go."""
        self._starter.shutdown()


def _start(
    request: dict[str, object], environment: dict[str, str], pipes: Pipes
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        python("engine.child", json.dumps(request), *map(str, pipes.theirs)),
        cwd=ROOT,
        env=environment,
        pass_fds=pipes.theirs,
        stdin=subprocess.DEVNULL,
    )


def _bury(child: EngineProcess, process: subprocess.Popen[bytes], mark: str) -> None:
    """Wait for the end of a child, and end what it started, in its session or another."""
    status = process.wait()
    end_marked(mark)
    child.end(status)


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        process.send_signal(number)

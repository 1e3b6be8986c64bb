"""Scratch folders: one a process, and none left of those that are gone."""

import socket
import subprocess
import sys
from pathlib import Path

from core import scratch
from core.settings import Settings


def test_folders_of_dead_processes_go(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    alive = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    host = socket.gethostname()
    elsewhere = [f"api-elsewhere-{ended.pid}", f"api-{host}-2-{ended.pid}"]
    ours = [f"api-{host}-{process.pid}" for process in (ended, alive)]
    for name in ours + elsewhere:
        (settings.scratch / name / "uploads").mkdir(parents=True)
    own = scratch.claim(settings, "api")
    (own / "rest").touch()
    left = {path.name for path in settings.scratch.iterdir()}
    assert left == {own.name, ours[1], *elsewhere}
    assert list(scratch.claim(settings, "api").iterdir()) == []
    alive.communicate(b"\n")

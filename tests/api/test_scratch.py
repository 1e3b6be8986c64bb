"""Scratch folders: one a process, and none left of those that are gone."""

import subprocess
import sys
from pathlib import Path

from api import scratch
from core.settings import Settings
from tests.api.running import Absent, running


def test_folders_of_dead_processes_go(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    alive = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    for process in (ended, alive):
        (settings.scratch / f"api-{process.pid}" / "uploads").mkdir(parents=True)
    own = scratch.claim(settings)
    (own / "rest").touch()
    left = {path.name for path in settings.scratch.iterdir()}
    assert left == {own.name, f"api-{alive.pid}"}
    assert list(scratch.claim(settings).iterdir()) == []
    alive.communicate(b"\n")


def test_the_folder_goes_with_the_service(tmp_path: Path, make_sqlite: object) -> None:
    assert callable(make_sqlite)
    with running(tmp_path, make_sqlite(), Absent()) as served:
        assert served.services.uploads.is_dir()
    assert not served.services.uploads.parent.exists()

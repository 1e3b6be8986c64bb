"""Each part that is missing is named, by `/readyz` and by `lamina doctor`."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core import queue
from models.worker import Worker
from tests.api.running import Absent, Running, running
from tests.lamina.cli.command import lamina


def _told(service: Running) -> dict[str, str | None]:
    """What is said of each part: `ok`, or what is wrong."""
    answer = service.client.get("/readyz")
    found = {
        check["name"]: "ok" if check["ok"] else check["detail"] for check in answer.json()["checks"]
    }
    assert answer.status_code == (200 if set(found.values()) == {"ok"} else 503)
    assert answer.json()["ready"] is answer.is_success
    assert set(found) == {"database", "redis", "storage", "worker"}
    return found


def test_each_missing_part_is_named(
    fresh: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ping", lambda: None)
    assert _told(fresh) == {
        "database": "ok",
        "redis": "ok",
        "storage": "ok",
        "worker": "no worker is alive",
    }
    with fresh.database.session() as session:
        Worker.register(session, "host-a", 1, 60)
    assert set(_told(fresh).values()) == {"ok"}
    shutil.rmtree(tmp_path / "objects")
    assert _told(fresh)["storage"] == "does not answer (FileNotFoundError)"
    (tmp_path / "objects").mkdir()
    monkeypatch.undo()
    monkeypatch.setattr(queue, "_clients", {})
    assert _told(fresh) == {
        "database": "ok",
        "redis": "does not answer (ConnectionError)",
        "storage": "ok",
        "worker": "ok",
    }


def test_doctor_says_what_readiness_says(
    make_postgresql: Callable[[], str], tmp_path: Path
) -> None:
    nowhere = make_postgresql().replace("/test_", "/gone_")
    with running(tmp_path, nowhere, Absent()) as service:
        assert _told(service)["database"] == "does not answer (OperationalError)"
        done = lamina("doctor", url=service.url)
    assert done.returncode == 3
    lines = done.stdout.splitlines()
    assert "FAIL  database: does not answer (OperationalError)" in lines
    assert "FAIL  worker: does not answer (OperationalError)" in lines
    assert "ok    storage" in lines

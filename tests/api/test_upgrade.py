"""An upgrade from an earlier release, with all that it had stored, on both databases."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, func, select

from models.database import Database
from tests.api.running import Lasting, running
from tests.fixtures.databases import ROOT, migrate
from tests.fixtures.releases.kept import RECORD, answers, put_objects, put_rows

_FIRST = "bda27553fb14"
_NEW = frozenset({"updated_at"})
"""What may tell otherwise now."""


def _revisions() -> list[str]:
    """All revisions after the first release, oldest first."""
    script = ScriptDirectory.from_config(Config(ROOT / "alembic.ini"))
    return [one.revision for one in script.walk_revisions()][-2::-1]


def _counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    with closing(Database(url)) as database, database.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(database.engine)
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in tables.sorted_tables
        }


def _holds(now: Any, then: Any, at: str) -> None:
    """Raise AssertionError where something that was said then is not said now."""
    if isinstance(then, dict):
        for name, value in then.items():
            if name not in _NEW:
                assert name in now, (at, name)
                _holds(now[name], value, f"{at}/{name}")
    elif isinstance(then, list):
        assert len(now) == len(then), at
        for place, value in enumerate(then):
            _holds(now[place], value, f"{at}/{place}")
    elif isinstance(then, float):
        assert now == pytest.approx(then, abs=1e-5), at
    else:
        assert now == then, at


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database as the first release left it."""
    make: Callable[[], str] = request.getfixturevalue(f"make_{request.param}")
    made = make()
    migrate(made, "base")
    migrate(made, _FIRST)
    put_rows("first", made, tmp_path)
    return made


def test_all_that_the_first_release_had_is_there(url: str, tmp_path: Path, engine: Lasting) -> None:
    before = _counts(url)
    assert (before["models"], before["jobs"]) == (1, 2)
    migrate(url)
    assert before.items() <= _counts(url).items()
    put_objects("first", tmp_path)
    with running(tmp_path, url, engine) as served:
        for path, then in answers("first").items():
            if path.endswith("/predict"):
                answer = served.client.post(path, json={"records": [RECORD]})
            else:
                answer = served.client.get(path)
            assert answer.status_code == 200, (path, answer.text)
            is_json = "json" in answer.headers["content-type"]
            _holds(answer.json() if is_json else answer.text, then, path)
            if path.endswith("/summary"):
                content = served.client.get(path.replace("/summary", "/content?format=keras"))
                assert content.content[:2] == b"PK"
        for listed in ("jobs", "models", "datasets", "files", "trash", "usage"):
            assert served.client.get(f"/v1/{listed}").status_code == 200, listed


@pytest.mark.long
def test_each_revision_goes_up_and_down_with_data(url: str) -> None:
    before = _counts(url)
    for revision in _revisions():
        for turn in (revision, "-1", revision):
            migrate(url, turn)
            assert before.items() <= _counts(url).items(), (revision, turn)
    migrate(url, "base")

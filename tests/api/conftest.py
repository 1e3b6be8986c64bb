"""A served application on each database, with and without an engine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from core.host import EngineHost
from tests.api.running import Absent, Lasting, Running, running


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lasting]:
    """The real engine, started once."""
    host = EngineHost(tmp_path_factory.mktemp("engine"))
    host.start()
    yield Lasting(host)
    host.close()


def _home(factory: pytest.TempPathFactory) -> Path:
    return factory.mktemp("home")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A service on each database in turn, without an engine."""
    make: Callable[[], str] = request.getfixturevalue(f"make_{request.param}")
    with running(_home(tmp_path_factory), make(), Absent()) as served:
        yield served


@pytest.fixture(scope="module")
def whole(
    make_sqlite: Callable[[], str], tmp_path_factory: pytest.TempPathFactory, engine: Lasting
) -> Iterator[Running]:
    """A service on SQLite with the real engine."""
    with running(_home(tmp_path_factory), make_sqlite(), engine) as served:
        yield served


@pytest.fixture
def client(service: Running) -> httpx2.Client:
    """A client of the service without an engine."""
    return service.client


@pytest.fixture
def fresh(make_sqlite: Callable[[], str], tmp_path: Path) -> Iterator[Running]:
    """A service of its own on SQLite, which the test may break."""
    with running(tmp_path, make_sqlite(), Absent()) as served:
        yield served

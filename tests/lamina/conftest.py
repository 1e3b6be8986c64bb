"""What the tests against a running service share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lamina import Client
from tests.fixtures.service import Service

STACK = [
    {"class_name": "Dense", "units": 8, "activation": "relu"},
    {"class_name": "Dense", "units": 2, "activation": "softmax"},
]
"""A classifier of two classes."""


@pytest.fixture
def client(service: Service) -> Iterator[Client]:
    """A client of the running service."""
    with Client(service.url) as client:
        yield client


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A CSV file whose label tells whether `a` is above `b`."""
    rows = [((i * 37 % 100) / 10, (i * 61 % 100) / 10) for i in range(240)]
    lines = [f"{a},{b},{'above' if a > b else 'below'}" for a, b in rows]
    path = tmp_path / "points.csv"
    path.write_text("a,b,label\n" + "\n".join(lines) + "\n")
    return path

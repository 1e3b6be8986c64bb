"""Clients that leave while they wait."""

import socket
import time
from collections.abc import Callable

from tests.api.rows import make_dataset, make_job
from tests.api.running import Running


def test_a_client_that_leaves_is_waited_for_no_longer(service: Running) -> None:
    dataset = make_dataset(service.database, service.project())
    job = make_job(service.database, service.project(), dataset)
    request = f"GET /v1/jobs/{job} HTTP/1.1\r\nHost: 127.0.0.1\r\nPrefer: wait=60\r\n\r\n"
    hub = service.services.hub
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(request.encode())
        assert becomes(lambda: hub.watched == 1)
    assert becomes(lambda: hub.watched == 0)


def becomes(condition: Callable[[], bool]) -> bool:
    """Whether it comes true within some seconds."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False

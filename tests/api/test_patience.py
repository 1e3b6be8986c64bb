"""Clients that are slow, endless or half gone: they lose their place, and nobody else waits."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx2
import psutil
import pytest

from api.server import configure
from tests.api.rows import CSV
from tests.api.running import Absent, Running, running

MIB = 2**20


@pytest.fixture(scope="module")
def hasty(
    make_sqlite: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A service that waits for a head and a body for a second each."""
    home: Path = tmp_path_factory.mktemp("home")
    patience = {"head_seconds": 1, "body_seconds": 1, "body_rate": 1000}
    with running(home, make_sqlite(), Absent(), **patience) as served:
        yield served


def _connect(served: Running, sent: bytes = b"") -> socket.socket:
    opened = socket.create_connection(("127.0.0.1", served.port), timeout=60)
    opened.sendall(sent)
    return opened


def _rest(opened: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    found = b""
    try:
        while data := opened.recv(65536):
            found += data
    except (ConnectionResetError, BrokenPipeError):
        pass  # it was closed while we were sending
    opened.close()
    return found


def _post(path: str, length: int, kind: str = "application/json") -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: {kind}\r\n"
        f"content-length: {length}\r\n\r\n"
    ).encode()


@pytest.mark.parametrize("head", [b"", b"GET /v1/jo", b"GET /v1/jobs HTTP/1.1\r\nhost: a\r\nx: "])
def test_a_head_that_does_not_come_is_not_waited_for(hasty: Running, head: bytes) -> None:
    assert _rest(_connect(hasty, head)) == b""


@pytest.mark.parametrize("path", ["/v1/jobs", "/v1/datasets", "/v1/stacks/check"])
def test_a_body_that_does_not_come_is_not_waited_for(hasty: Running, path: str) -> None:
    kind = "text/csv" if path == "/v1/datasets" else "application/json"
    answer = _rest(_connect(hasty, _post(path, 1000, kind) + b"{"))
    assert answer.startswith(b"HTTP/1.1 408"), answer
    assert b"/problems/too-slow" in answer
    assert b"connection: close" in answer.lower()


def test_a_byte_now_and_then_keeps_no_place(hasty: Running) -> None:
    """Neither in a head, nor in a body, nor in a body that has been refused already."""
    heads = (b"GET / HTTP/1.1\r\nx: ", _post("/v1/jobs", 10**6), _post("/v1/jobs", 10**9))
    with ExitStack() as stack:
        left = [stack.enter_context(_connect(hasty, head)) for head in heads]
        deadline = time.monotonic() + 60
        while left:
            assert time.monotonic() < deadline
            time.sleep(0.2)
            left = [one for one in left if _trickles(one)]


def _trickles(opened: socket.socket) -> bool:
    try:
        opened.sendall(b" ")
    except OSError:
        return False
    return True


def test_a_body_that_comes_steadily_may_take_longer(hasty: Running) -> None:
    opened = _connect(hasty, _post("/v1/datasets", len(CSV) + 6000, "text/csv") + CSV)
    for _ in range(12):
        time.sleep(0.2)
        opened.sendall(b"1,yes\n" * 83 + b"  ")
    opened.settimeout(60)
    assert opened.recv(12) == b"HTTP/1.1 202"
    opened.close()


def test_idle_connections_last_longer_than_clients_keep_them(fresh: Running) -> None:
    ours = configure(fresh.app, fresh.services.settings).timeout_keep_alive
    kept = httpx2.Limits().keepalive_expiry
    assert kept is not None
    assert ours > kept + 5


def test_others_are_served_meanwhile(hasty: Running) -> None:
    with ExitStack() as stack:
        for number in range(300):
            sent = _post("/v1/jobs", 1000) if number % 2 else b"GET /"
            stack.enter_context(_connect(hasty, sent))
        for _ in range(5):  # on new connections: kept ones are closed after a second here
            assert httpx2.get(f"{hasty.url}/v1/jobs", timeout=30).status_code == 200


@pytest.mark.parametrize(
    ("begin", "more", "status"),
    [
        (b"GET /", b"a" * 1000, b"431"),
        (b"GET /?", b"a=1&" * 250, b"431"),
        (b"GET / HTTP/1.1\r\n", b"x-y: z\r\n" * 125, b"431"),
        (b"GET / HTTP/1.1\r\nx-y: ", b"z" * 1000, b"431"),
        (b"", b"\x00\xff" * 500, b"400"),
        (_post("/v1/jobs", 10**9), b" " * 1000, b"413"),
        (
            _post("/v1/jobs", 0).replace(b"content-length: 0", b"transfer-encoding: chunked"),
            b"3e8\r\n" + b" " * 1000 + b"\r\n",
            b"413",
        ),
    ],
    ids=["address", "query", "headers", "header", "noise", "body", "chunks"],
)
def test_what_does_not_end_is_cut_off(
    hasty: Running, begin: bytes, more: bytes, status: bytes
) -> None:
    """Within little memory: of 64 MiB that are offered nearly nothing is kept."""
    process = psutil.Process()
    before = process.memory_info().rss
    opened = _connect(hasty, begin)
    try:
        for _ in range(64 * MIB // (len(more) * 64)):
            opened.sendall(more * 64)
    except OSError:
        pass
    answer = _rest(opened)
    assert not answer or answer.startswith(b"HTTP/1.1 " + status), answer[:300]
    assert process.memory_info().rss - before < 32 * MIB
    assert hasty.client.get("/v1/jobs").status_code == 200


@pytest.mark.parametrize("size", [70_000, 200_000])
def test_a_head_that_is_too_large_is_a_problem(hasty: Running, size: int) -> None:
    answer = _rest(_connect(hasty, b"GET /" + b"a" * size + b" HTTP/1.1\r\nhost: a\r\n\r\n"))
    assert not answer or (answer.startswith(b"HTTP/1.1 431") and b"head-too-large" in answer)


def test_thousands_of_parameters(hasty: Running) -> None:
    query = "&".join(f"p{number}" for number in range(9000))
    answer = hasty.client.get(f"/v1/jobs?{query}")
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 100
    assert len(answer.content) < 100_000
    same = hasty.client.get("/v1/jobs?" + "page_size=1&" * 4000)
    assert same.status_code == 200


PATHS = (
    *("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2f..%2fetc/passwd"),
    *(
        "/assets/../../settings.py",
        "/assets/..%2f..%2f..%2fpyproject.toml",
        "/assets/%2fetc%2fpasswd",
    ),
    *("/v1/files/..%2f..%2fetc%2fpasswd/content", "/v1/models/..%5c..%5cx/content", "//etc/passwd"),
    *(
        "/v1/jobs/job_%00",
        "/v1/jobs/%ff%fe",
        "/problems/..%2f..%2fcodes.py",
        "/v1/catalog/..%2fjobs",
    ),
)


@pytest.mark.parametrize("path", PATHS)
def test_paths_lead_nowhere_else(hasty: Running, path: str) -> None:
    answer = _rest(
        _connect(
            hasty, f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n".encode()
        )
    )
    assert answer.split(b" ")[1] in (b"404", b"400"), answer
    assert b"application/problem+json" in answer
    assert b"root:" not in answer

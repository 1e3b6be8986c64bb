"""Submitting jobs with a known stack, against a bare endpoint that inserts one row.

`python -m benchmarks.submitting --runs 5`. Both on the same PostgreSQL, turn by turn, with as many
clients; the jobs are checked, stored, and told to the queue, and nobody works on them meanwhile.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.postgres import running_on, running_server, sqlalchemy_url
from benchmarks.report import Figure, ratio
from core.settings import Settings
from tests.fixtures.service import Service, free_port
from tests.service.jobs import STACK, upload_iris

_CLIENTS = (1, 8, 32)
_REQUESTS = 400


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks.submitting")
    parser.add_argument("--runs", type=int, default=5)
    for figure in figures(parser.parse_args().runs):
        print(figure.row(), flush=True)


def figures(runs: int) -> Iterator[Figure]:
    """Of a service and a bare endpoint that are started for it, on a PostgreSQL of their own."""
    # All else as a service has it by default, where the tests' own looks after itself more often.
    settings = {"LAMINA_REQUEST_RATE": "0", "LAMINA_QUEUE_JOBS": "1000000"}
    for name in ("heartbeat_seconds", "reap_seconds", "relay_seconds", "watch_seconds"):
        settings[f"LAMINA_{name.upper()}"] = str(Settings.model_fields[name].default)
    with (
        tempfile.TemporaryDirectory(prefix="lamina-submitting-") as folder,
        running_server(Path(folder)) as server,
        running_on(server, Path(folder) / "ours", **settings) as service,
        _bare(server.url) as bare,
    ):
        yield from measure(service, bare, runs)


def measure(service: Service, bare: str, runs: int) -> Iterator[Figure]:
    """Requests a second of both, and their ratio, by how many clients send at a time.

    The first turn warms up and is left out.
    """
    dataset = upload_iris(service)
    service.stop("worker")
    body = {"data": {"dataset": dataset, "target": "species"}, "stack": STACK}
    for clients in _CLIENTS:
        ours, theirs = [], []
        for _ in range(runs + 1):
            ours.append(_rate(f"{service.url}/v1/jobs", body, clients))
            theirs.append(_rate(f"{bare}/requests", body, clients))
        who = f"{clients} client{'s' if clients > 1 else ''}"
        yield Figure(f"bare endpoint, {who}", theirs[1:], "requests/s")
        yield Figure(f"jobs submitted, {who}", ours[1:], "requests/s")
        yield ratio(f"jobs / bare endpoint, {who}", ours[1:], theirs[1:])


def _rate(url: str, body: dict[str, Any], clients: int) -> float:
    with httpx2.Client(timeout=60) as client, ThreadPoolExecutor(clients) as pool:

        def send(_: int) -> None:
            answer = client.post(url, json=body)
            if answer.status_code != 202:
                raise SystemExit(answer.text)

        started = time.perf_counter()
        list(pool.map(send, range(_REQUESTS)))
        return _REQUESTS / (time.perf_counter() - started)


@contextmanager
def _bare(database_url: str) -> Iterator[str]:
    port = free_port()
    program = Path(__file__).parent / "bare_endpoint.py"
    process = subprocess.Popen(
        [sys.executable, str(program), str(port), sqlalchemy_url(database_url)]
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            try:
                httpx2.get(url)
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()

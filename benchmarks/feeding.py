"""How data reaches a training: larger than its memory, and the second time."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.report import Figure, ratio
from core.host import EngineHost, Limits, Silent

ROWS, WIDTH = 300_000, 400
"""480 MB of float32: two copies in memory would be more than LIMIT."""
LIMIT = 800 * 2**20
_STACK = [{"class_name": "Dense", "units": 16, "activation": "relu"}, {"class_name": "Dense"}]
_STACK[1] |= {"units": 4, "activation": "softmax"}


class _Watch(Silent):
    """Notes when the training was ready to start, and what it said of its data."""

    def __init__(self) -> None:
        self.began, self.started, self.encoded = perf_counter(), 0.0, dict[str, Any]()

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """Note the two events."""
        if name == "encoded":
            self.encoded = fields
        if name == "started":
            self.started = perf_counter() - self.began


def measure(runs: int) -> list[Figure]:
    """Trainings of one epoch under a limit of memory, each pair with a cache of its own."""
    first, second, peaks, held = [], [], [], []
    with TemporaryDirectory(prefix="lamina-feeding-") as home:
        host = EngineHost(Path(home) / "host", "fork")
        host.start()
        payload, predicted = _payload(host, Path(home))
        for run in range(runs):
            cache = {"dir": f"{home}/cache-{run}", "bytes": 2**34, "datasets": {"data": "x"}}
            for found in (first, second):
                watch = _Watch()
                with host.folder() as folder:
                    task = {**payload, "cache": cache, "out": str(folder / "out")}
                    limits = Limits(memory_bytes=LIMIT)
                    result, peak = host.run("train", task, folder, limits, watch)
                found.append(watch.started)
                peaks.append(result["memory"]["peak_bytes"] / 2**20)
                held.append(peak / 2**20)
        host.close()
    return [
        Figure(
            f"{ROWS * WIDTH * 4 >> 20} MiB encoded, memory predicted", [predicted / 2**20], "MiB"
        ),
        Figure("memory held, as the limit counts it", held, "MiB"),
        Figure("memory taken, mapped pages among it", peaks, "MiB"),
        Figure("first job, until it trains", first, "s"),
        Figure("second job, until it trains", second, "s"),
        ratio("first / second", first, second),
    ]


def _payload(host: EngineHost, home: Path) -> tuple[dict[str, Any], int]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, WIDTH)).astype(np.float32)
    np.savez(home / "x.npz", x=x, y=rng.integers(0, 4, ROWS))
    (home / "data").mkdir()
    reading = {"path": str(home / "x.npz"), "filename": "x.npz", "out": str(home / "data")}
    with host.folder() as folder:
        schema = host.run("read", reading, folder, Limits())[0]["schema"]
    inputs = {"input": {"columns": ["x"], "encoding": {"class_name": "standard"}}}
    data = {"dataset": "ds_x", "target": "y", "inputs": inputs, "split": {"by": "random"}}
    fit = {"batch_size": 256, "epochs": 1, "seed": 1}
    body = {"stack": _STACK, "schema": schema, "data": data, "fit": fit}
    plan = host.call("check", body, Limits())
    payload = {"request": plan["request"], "schema": schema, "data": str(home / "data")}
    return {**payload, "threads": 2}, plan["memory"]["total_bytes"]


if __name__ == "__main__":
    for figure in measure(2):
        print(figure.row())

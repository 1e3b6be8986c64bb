"""A large CSV through the running service: memory of the API, time and memory of the reading.

`python -m benchmarks.large_csv --gigabytes 1`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx2
import numpy as np
import polars as pl
import psutil

from benchmarks.report import Figure, ratio
from core.host import EngineHost, Limits
from demo.service import running_service

_ROWS = 250_000
_MEMORY = 3 << 29
_POLARS = """
import sys, time, polars as pl
source, typed, out = sys.argv[1:]
schema = pl.read_parquet_schema(typed)
began = time.perf_counter()
pl.scan_csv(source, schema=schema).sink_parquet(out, compression="zstd")
print(time.perf_counter() - began)
"""
_OURS = """
import sys, time
from pathlib import Path
from engine.dataset.limits import Limits
from engine.formats.csv import Csv
import polars
source, out = map(Path, sys.argv[1:])
began = time.perf_counter()
Csv.read(source, Limits(), out, lambda _done, _total: None)
print(time.perf_counter() - began)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser("benchmarks.large_csv")
    parser.add_argument("--gigabytes", type=float, default=1)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamina-large-") as folder:
        home = Path(folder)
        source = home / "large.csv"
        _write(source, int(options.gigabytes * 1e9))
        size, load = source.stat().st_size / 1e9, os.getloadavg()[0]
        print(f"{os.cpu_count()} cores, load {load:.1f} at the start, {size:.2f} GB\n")
        print("| | median | range | runs |\n|---|---|---|---|")
        for measure in (partial(_reading, runs=options.runs), _service):
            for figure in measure(home, source):
                print(figure.row(), flush=True)


def _write(path: Path, size: int) -> None:
    """Ten columns: integers, floats, a date, a flag, a category and short sentences."""
    rng = np.random.default_rng(0)
    sentences = np.array([f"some words about item {number} and more" for number in range(100_000)])
    with path.open("wb") as file:
        start = 0
        while file.tell() < size:
            columns = {
                "id": np.arange(start, start + _ROWS),
                **{name: rng.normal(size=_ROWS) for name in ("a", "b")},
                **{name: rng.normal(size=_ROWS).round(3) for name in ("c", "d")},
                "count": rng.integers(0, 1000, _ROWS),
                "flag": rng.random(_ROWS) < 0.5,
                "colour": rng.choice(["red", "green", "blue", "yellow"], _ROWS),
                "day": pl.Series(rng.integers(0, 20_000, _ROWS)).cast(pl.Int32).cast(pl.Date),
                "text": rng.choice(sentences, _ROWS),
            }
            pl.DataFrame(columns).write_csv(file, include_header=start == 0)
            start += _ROWS


def _reading(home: Path, source: Path, runs: int) -> list[Figure]:
    """The reading alone against polars alone, each in processes of their own, turn by turn."""
    out = home / "reading"
    out.mkdir()
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(_timed(_OURS, source, out))
        theirs.append(_timed(_POLARS, source, out / "table.tmp", out / "polars.parquet"))
    whole, peak = _whole(home, source)
    return [
        Figure("polars alone, CSV to Parquet with types known", theirs, "s"),
        Figure("reading, types and all else found", ours, "s"),
        ratio("speed of reading / speed of polars", theirs, ours),
        Figure("the engine's whole task, schema and statistics too", [whole], "s"),
        Figure("most memory of the engine child", [peak / 2**20], "MiB"),
    ]


def _timed(script: str, *paths: Path) -> float:
    command = [sys.executable, "-c", script, *map(str, paths)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def _whole(home: Path, source: Path) -> tuple[float, int]:
    host = EngineHost(home / "host", "fork")
    host.start()
    try:
        with host.folder() as folder:
            payload = {"path": str(source), "filename": source.name, "out": str(folder / "out")}
            began = time.perf_counter()
            _, peak = host.run("read", payload, folder, Limits(memory_bytes=_MEMORY))
            return time.perf_counter() - began, peak
    finally:
        host.close()


def _service(home: Path, source: Path) -> list[Figure]:
    """Upload it to a running service, and watch the API's memory meanwhile."""
    with running_service(home) as url:
        api = _process(home, "api")
        with _watched(api) as memory:
            began = time.perf_counter()
            answer = httpx2.post(
                f"{url}/v1/datasets?filename=large.csv",
                content=_pieces(source),
                headers={"Content-Type": "text/csv"},
                timeout=600,
            ).raise_for_status()
            sent = time.perf_counter() - began
        dataset = answer.json()
        while dataset["state"] == "reading":
            found = httpx2.get(
                f"{url}/v1/datasets/{dataset['id']}", headers={"Prefer": "wait=60"}, timeout=90
            )
            dataset = found.raise_for_status().json()
        done = time.perf_counter() - began
    if dataset["state"] != "ready":
        raise SystemExit(dataset)
    growth = (max(memory) - memory[0]) / 2**20
    return [
        Figure("upload", [sent], "s"),
        Figure("growth of the API's memory while it streams", [growth], "MiB"),
        Figure("upload to dataset ready", [done], "s"),
    ]


def _pieces(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(1 << 20):
            yield chunk


def _process(home: Path, name: str) -> psutil.Process:
    for process in psutil.process_iter(["cmdline", "environ"]):
        mine = (process.info["environ"] or {}).get("LAMINA_HOME") == str(home)
        if mine and (process.info["cmdline"] or [])[-2:] == ["-m", name]:
            return process
    raise SystemExit(f"no process of {name}")


@contextmanager
def _watched(process: psutil.Process) -> Iterator[list[int]]:
    """The resident memory of a process, ten times a second."""
    found = [process.memory_info().rss]
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.1):
            found.append(process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main()

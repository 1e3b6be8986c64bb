"""Memory and import time of the processes that never load TensorFlow."""

import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks.report import Figure

ROOT = Path(__file__).parents[1]


def measure(home: Path, runs: int) -> list[Figure]:
    """Resident memory of the running API and worker, and how long they take to import."""
    found = {}
    for process in psutil.process_iter(["cmdline", "environ"]):
        command = process.info["cmdline"] or []
        if (process.info["environ"] or {}).get("LAMINA_HOME") != str(home):
            continue
        for name in ("api", "worker"):
            if command[-2:] == ["-m", name]:
                found[name] = process.memory_info().rss / 2**20
    figures = [Figure(f"resident memory of {name}", [size], "MiB") for name, size in found.items()]
    for module in ("api.server", "worker.main", "lamina.cli"):
        seconds = [_import_seconds(module) for _ in range(runs)]
        figures.append(Figure(f"python -c 'import {module}'", seconds, "s"))
    return figures


def _import_seconds(module: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import {module}"], cwd=ROOT, check=True)
    return time.perf_counter() - started

"""A whole job, from POST until its model is downloaded, against the user's own script."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.report import Figure, ratio
from benchmarks.steps import CASES, Case, arrays

EPOCHS = {
    "small MLP": 10,
    "CNN on 16 x 16": 10,
    "LSTM over 40 words": 5,
    "wide MLP, where computing dominates": 8,
}


def measure(url: str, home: Path, runs: int) -> list[Figure]:
    """Both in turn: the same split, steps, validation after each epoch, evaluation and file."""
    figures = []
    for name, epochs in EPOCHS.items():
        case = CASES[name]
        data = home / "whole.npz"
        data.write_bytes(arrays(case))
        body = body_of(case, upload(url, data), epochs)
        (home / "network.json").write_bytes(trained(url, body)[1])  # and warms the worker up
        ours, theirs = [], []
        for _ in range(runs):
            ours.append(trained(url, body)[0])
            theirs.append(run_script(home, data, case, epochs))
        figures += [
            Figure(f"{name}, {epochs} epochs: script", theirs, "s"),
            Figure(f"{name}, {epochs} epochs: Lamina", ours, "s"),
            ratio(f"{name}, {epochs} epochs: Lamina / script", ours, theirs),
        ]
    return figures


def upload(url: str, data: Path) -> str:
    """A ready dataset of this file."""
    answer = httpx2.post(
        f"{url}/v1/datasets?filename={data.name}",
        content=data.read_bytes(),
        headers={"Content-Type": "application/octet-stream", "Prefer": "wait=60"},
        timeout=90,
    )
    return str(answer.raise_for_status().json()["id"])


def body_of(case: Case, dataset: str, epochs: int) -> dict[str, Any]:
    """The request for a case."""
    layers, _, _, batch = case
    return {
        "data": {
            "dataset": dataset,
            "target": "y",
            "split": {"by": "random", "validation": 0.2, "test": 0.1},
        },
        "stack": layers,
        "compile": {"optimizer": "RMSprop", "loss": "sparse_categorical_crossentropy"},
        "fit": {"batch_size": batch, "epochs": epochs},
    }


def trained(url: str, body: dict[str, Any]) -> tuple[float, bytes]:
    """The seconds from POST until the `.keras` file is here, and the network as JSON."""
    with httpx2.Client(base_url=url, timeout=600) as client:
        started = time.perf_counter()
        job = client.post("/v1/jobs", json=body).raise_for_status().json()
        while job["state"] not in ("succeeded", "failed", "cancelled"):
            job = client.get(f"/v1/jobs/{job['id']}", headers={"Prefer": "wait=60"}).json()
        content = f"/v1/models/{job['model']}/content"
        client.get(content, params={"format": "keras"}).raise_for_status().read()
        seconds = time.perf_counter() - started
        network = client.get(content, params={"format": "json"}).raise_for_status().read()
    return seconds, network


def run_script(home: Path, data: Path, case: Case, epochs: int) -> float:
    """The seconds that the script takes."""
    program = Path(__file__).parent / "plain_job.py"
    files = [str(home / "network.json"), str(data)]
    numbers = [str(case[3]), str(epochs)]
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, str(program), *files, *numbers, str(home / "plain.keras")],
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started

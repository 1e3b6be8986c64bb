"""Whether trainings end as well as plain Keras's: the last validation accuracy over ten seeds.

`python -m benchmarks.quality`. Both sides learn from the same rows and are measured on the same
others.
"""

import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import httpx2
import numpy as np
from sklearn.datasets import load_digits

from benchmarks.whole_job import upload
from demo.service import running_service

SEEDS = range(10)
_MLP = [
    {"class_name": "Flatten"},
    {"class_name": "Dense", "units": 32, "activation": "relu"},
    {"class_name": "Dense", "units": 10, "activation": "softmax"},
]
_CNN = [
    {"class_name": "Conv2D", "filters": 8, "kernel_size": 3, "activation": "relu"},
    {"class_name": "MaxPooling2D"},
    *_MLP,
]
_CASES = {"digits, MLP": (_MLP, 6), "digits, CNN": (_CNN, 6)}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="lamina-quality-") as folder:
        home = Path(folder)
        parts = _digits(home)
        with running_service(home) as url:
            datasets = [upload(url, part) for part in parts]
            print("| | plain Keras | Lamina | difference | standard error of plain Keras |")
            print("|---|---|---|---|---|")
            for name, (layers, epochs) in _CASES.items():
                bodies = [_body(datasets, layers, epochs, seed) for seed in SEEDS]
                network = None
                ours = []
                for body in bodies:
                    accuracy, network = _trained(url, body)
                    ours.append(accuracy)
                (home / "network.json").write_bytes(network or b"")
                theirs = _plain(home, parts, epochs)
                error = stdev(theirs) / len(theirs) ** 0.5
                difference = mean(ours) - mean(theirs)
                print(
                    f"| {name} | {mean(theirs):.4f} | {mean(ours):.4f} | {difference:+.4f}"
                    f" | {error:.4f} |",
                    flush=True,
                )


def _digits(home: Path) -> list[Path]:
    digits = load_digits()
    x = (digits.images[..., None] / 16).astype("float32")
    order = np.random.default_rng(0).permutation(len(x))
    paths = []
    for name, rows in (("training", order[400:]), ("validation", order[:400])):
        content = io.BytesIO()
        np.savez(content, x=x[rows], y=digits.target[rows])
        paths.append(home / f"{name}.npz")
        paths[-1].write_bytes(content.getvalue())
    return paths


def _body(datasets: list[str], layers: list[Any], epochs: int, seed: int) -> dict[str, Any]:
    return {
        "data": {
            "dataset": datasets[0],
            "validation": datasets[1],
            "target": "y",
            "split": {"by": "random", "validation": 0, "test": 0},
            "inputs": {"x": {"columns": ["x"], "encoding": "raw"}},
        },
        "stack": layers,
        "compile": {"optimizer": "Adam", "loss": "sparse_categorical_crossentropy"},
        "fit": {"batch_size": 32, "epochs": epochs, "seed": seed},
    }


def _trained(url: str, body: dict[str, Any]) -> tuple[float, bytes]:
    with httpx2.Client(base_url=url, timeout=600) as client:
        answer = client.post("/v1/jobs", json=body)
        if not answer.is_success:
            raise SystemExit(answer.text)
        job = answer.json()
        while job["state"] not in ("succeeded", "failed", "cancelled"):
            job = client.get(f"/v1/jobs/{job['id']}", headers={"Prefer": "wait=60"}).json()
        content = client.get(f"/v1/models/{job['model']}/content", params={"format": "json"})
        return job["metrics"]["val_accuracy"]["last"], content.raise_for_status().read()


_SCRIPT = """
import json, sys
from pathlib import Path
import keras, numpy as np
network, training, validation, epochs, *seeds = sys.argv[1:]
parts = [np.load(path) for path in (training, validation)]
found = []
for seed in map(int, seeds):
    keras.utils.set_random_seed(seed)
    model = keras.models.model_from_json(Path(network).read_text())
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    told = model.fit(parts[0]["x"], parts[0]["y"], batch_size=32, epochs=int(epochs), verbose=0,
                     validation_data=(parts[1]["x"], parts[1]["y"]))
    found.append(told.history["val_accuracy"][-1])
print(json.dumps(found))
"""


def _plain(home: Path, parts: list[Path], epochs: int) -> list[float]:
    command = [sys.executable, "-c", _SCRIPT, str(home / "network.json"), *map(str, parts)]
    found = subprocess.run(
        [*command, str(epochs), *map(str, SEEDS)], check=True, capture_output=True, text=True
    )
    values: list[float] = json.loads(found.stdout)
    return values


if __name__ == "__main__":
    main()

"""What the cheat sheet says of layers, tried: the layer against the network without it.

`python -m benchmarks.statements`. Each pair learns from the same rows for as many epochs, over
five seeds; data that is not from scikit-learn is made up, so that the statement alone matters.
"""

import io
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import httpx2
import numpy as np
from sklearn.datasets import load_digits

from benchmarks.whole_job import upload
from demo.service import running_service

SEEDS = range(5)
Rows = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]
Layers = list[dict[str, Any]]


@dataclass(frozen=True)
class Statement:
    """Two requests that differ in one thing, and where the data comes from."""

    says: str
    data: Callable[[], Rows]
    follows: tuple[str, Layers, str]
    """What it is called in the table, the layers, the optimizer."""
    ignores: tuple[str, Layers, str]
    learned: int
    """Rows to learn from; the others are for validation."""
    epochs: int


def _dense(units: int, activation: str = "relu") -> dict[str, Any]:
    return {"class_name": "Dense", "units": units, "activation": activation}


def _digits() -> Rows:
    digits = load_digits()
    return (digits.images[..., None] / 16).astype("float32"), digits.target


def _opinions() -> Rows:
    """20 of 300 words; the class is whether good words outnumber bad ones."""
    rng = np.random.default_rng(0)
    feeling = rng.choice([-1, 0, 1], 300)
    words = rng.integers(0, 300, (3000, 20))
    score = feeling[words].sum(axis=1)
    return words[score != 0].astype("int32"), (score[score != 0] > 0).astype("int64")


def _recall() -> Rows:
    """30 steps of noise, of which the first alone tells the class."""
    rng = np.random.default_rng(0)
    steps = rng.normal(0, 0.3, (3000, 30, 4)).astype("float32")
    classes = rng.integers(0, 4, 3000)
    steps[np.arange(3000), 0, classes] += 2
    return steps, classes


_FLAT, _TEN, _TWO, _FOUR = (
    {"class_name": "Flatten"},
    _dense(10, "softmax"),
    _dense(2, "softmax"),
    _dense(4, "softmax"),
)
_HALF = {"class_name": "Dropout", "rate": 0.5}
_LSTM = {"class_name": "LSTM", "units": 16}
_RNN = {"class_name": "SimpleRNN", "units": 16}
_LINE = {"class_name": "Reshape", "target_shape": [64, 1]}


def _convolution(rank: int) -> Layers:
    layer = {"class_name": f"Conv{rank}D", "filters": 8, "kernel_size": 3, "activation": "relu"}
    return [layer, {"class_name": f"GlobalMaxPooling{rank}D"}, _dense(32), _TEN]


_EMBEDDED: Layers = [
    {"class_name": "Embedding", "input_dim": 300, "output_dim": 8},
    {"class_name": "GlobalAveragePooling1D"},
    _dense(16),
    _TWO,
]
STATEMENTS = [
    Statement(
        "Dropout regularises",
        _digits,
        ("with Dropout 0.5", [_FLAT, _dense(256), _HALF, _dense(256), _HALF, _TEN], "Adam"),
        ("without", [_FLAT, _dense(256), _dense(256), _TEN], "Adam"),
        *(150, 60),
    ),
    Statement(
        "Text is generally preceded by an Embedding",
        _opinions,
        ("Embedding", _EMBEDDED, "Adam"),
        ("Dense on the numbers of words", [_dense(32), _dense(16), _TWO], "Adam"),
        *(2000, 20),
    ),
    Statement(
        "Recurrent layers generally pair with RMSprop",
        _recall,
        ("LSTM with RMSprop", [_LSTM, _FOUR], "RMSprop"),
        ("LSTM with SGD", [_LSTM, _FOUR], "SGD"),
        *(2000, 30),
    ),
    Statement(
        "LSTM adds memory and avoids vanishing gradients",
        _recall,
        ("LSTM", [_LSTM, _FOUR], "RMSprop"),
        ("SimpleRNN", [_RNN, _FOUR], "RMSprop"),
        *(2000, 30),
    ),
    Statement(
        "Dense: most likely ReLU",
        _digits,
        ("six layers with ReLU", [_FLAT, *[_dense(32)] * 6, _TEN], "RMSprop"),
        ("six with sigmoid", [_FLAT, *[_dense(32, "sigmoid")] * 6, _TEN], "RMSprop"),
        *(1300, 15),
    ),
    Statement(
        "2D for space",
        _digits,
        ("Conv2D", _convolution(2), "Adam"),
        ("Conv1D over the pixels in a line", [_LINE, *_convolution(1)], "Adam"),
        *(1300, 20),
    ),
]


def main() -> None:
    """Measure and print."""
    print("| the sheet says | | accuracy | loss | | accuracy | loss |")
    print("|---|---|---|---|---|---|---|")
    with (
        tempfile.TemporaryDirectory(prefix="lamina-statements-") as folder,
        running_service(Path(folder)) as url,
    ):
        for statement in STATEMENTS:
            datasets = _uploaded(url, Path(folder), statement)
            cells = [
                f"{name} | {_spread([_trained(url, body) for body in bodies])}"
                for name, bodies in _requests(statement, datasets)
            ]
            print(f"| {statement.says} | {' | '.join(cells)} |", flush=True)


def _spread(ends: list[tuple[float, ...]]) -> str:
    """Mean and deviation of each number at the end of the trainings."""
    return " | ".join(
        f"{mean(values):.3f} ± {stdev(values):.3f}" for values in zip(*ends, strict=True)
    )


def _uploaded(url: str, home: Path, statement: Statement) -> list[str]:
    x, y = statement.data()
    order = np.random.default_rng(1).permutation(len(x))
    ids = []
    for name, rows in (
        ("training", order[: statement.learned]),
        ("validation", order[statement.learned :]),
    ):
        content = io.BytesIO()
        np.savez(content, x=x[rows], y=y[rows])
        path = home / f"{name}.npz"
        path.write_bytes(content.getvalue())
        ids.append(upload(url, path))
    return ids


def _requests(statement: Statement, datasets: list[str]) -> list[tuple[str, list[dict[str, Any]]]]:
    data = {
        **{"dataset": datasets[0], "validation": datasets[1], "target": "y"},
        "split": {"by": "random", "validation": 0, "test": 0},
        "inputs": {"x": {"columns": ["x"], "encoding": "raw"}},
    }
    return [
        (
            name,
            [
                {
                    "data": data,
                    "stack": layers,
                    "compile": {"optimizer": optimizer, "loss": "sparse_categorical_crossentropy"},
                    "fit": {"batch_size": 32, "epochs": statement.epochs, "seed": seed},
                }
                for seed in SEEDS
            ],
        )
        for name, layers, optimizer in (statement.follows, statement.ignores)
    ]


def _trained(url: str, body: dict[str, Any]) -> tuple[float, ...]:
    with httpx2.Client(base_url=url, timeout=600) as client:
        answer = client.post("/v1/jobs", json=body)
        if not answer.is_success:
            raise SystemExit(answer.text)
        job = answer.json()
        while job["state"] not in ("succeeded", "failed", "cancelled"):
            job = client.get(f"/v1/jobs/{job['id']}", headers={"Prefer": "wait=60"}).json()
    return tuple(float(job["metrics"][key]["last"]) for key in ("val_accuracy", "val_loss"))


if __name__ == "__main__":
    main()

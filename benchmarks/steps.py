"""Steps a second inside a training, against `fit` of a user's own script with the same network.

And against an epoch as one graph, which is the limit.
"""

import io
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks.report import Figure, ratio
from core.host import EngineHost, Limits, Silent

_LSTM = [
    {"class_name": "Embedding", "input_dim": 2000, "output_dim": 32},
    {"class_name": "LSTM", "units": 32},
    {"class_name": "Dense", "units": 4, "activation": "softmax"},
]
_MLP = [
    {"class_name": "Dense", "units": 64, "activation": "relu"},
    {"class_name": "Dense", "units": 64, "activation": "relu"},
    {"class_name": "Dense", "units": 4, "activation": "softmax"},
]
_CNN = [
    {"class_name": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
    {"class_name": "MaxPooling2D"},
    {"class_name": "Conv2D", "filters": 32, "kernel_size": 3, "activation": "relu"},
    {"class_name": "Flatten"},
    {"class_name": "Dense", "units": 4, "activation": "softmax"},
]
_WIDE = [
    {"class_name": "Dense", "units": 2048, "activation": "relu"},
    {"class_name": "Dense", "units": 2048, "activation": "relu"},
    {"class_name": "Dense", "units": 4, "activation": "softmax"},
]
Case = tuple[list[dict[str, Any]], tuple[int, ...], int, int]
CASES: dict[str, Case] = {
    "small MLP": (_MLP, (20,), 20_000, 32),
    "CNN on 16 x 16": (_CNN, (16, 16, 1), 4_000, 32),
    "LSTM over 40 words": (_LSTM, (40,), 3_000, 32),
    "wide MLP, where computing dominates": (_WIDE, (512,), 3_000, 64),
}
"""Layers, shape of a row, rows, rows of a batch."""
_EPOCHS = 4


def measure(runs: int) -> list[Figure]:
    """Both in turn, each in a process of its own; the first epoch is not counted."""
    figures = []
    with TemporaryDirectory(prefix="lamina-steps-") as folder:
        host = EngineHost(Path(folder), "fork")
        host.start()
        for name, case in CASES.items():
            ours, theirs, graphs = [], [], []
            for _ in range(runs):
                ours.append(_ours(host, case, Path(folder)))
                theirs.append(_theirs("plain_fit", case, Path(folder)))
                graphs.append(_theirs("graph_epoch", case, Path(folder)))
            figures += [
                Figure(f"{name}: plain fit", theirs, "steps/s"),
                Figure(f"{name}: Lamina", ours, "steps/s"),
                Figure(f"{name}: epoch as one graph", graphs, "steps/s"),
                ratio(f"{name}: Lamina / plain fit", ours, theirs),
                ratio(f"{name}: Lamina / epoch as one graph", ours, graphs),
            ]
        host.close()
    return figures


class _Epochs(Silent):
    """Collects the seconds of epochs."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def on_event(self, name: str, fields: dict[str, Any]) -> None:
        """Note an epoch."""
        if name == "epoch":
            self.seconds.append(fields["seconds"])


def _ours(host: EngineHost, case: Case, home: Path) -> float:
    layers, _, rows, batch = case
    epochs = _Epochs()
    with host.folder() as folder:
        (folder / "data").mkdir()
        (folder / "source").write_bytes(arrays(case))
        reading = {"path": str(folder / "source"), "filename": "x.npz", "out": str(folder / "data")}
        schema = host.run("read", reading, folder, Limits())[0]["schema"]
        body = {
            "stack": layers,
            "schema": schema,
            "data": {"dataset": "ds_x", "target": "y", "split": {"validation": 0}},
            "compile": {"optimizer": "RMSprop"},
            "fit": {"batch_size": batch, "epochs": _EPOCHS},
        }
        plan = host.call("check", body, Limits())
        training = {
            "request": plan["request"],
            "schema": schema,
            "data": str(folder / "data"),
            "out": str(folder / "out"),
            "threads": 2,
        }
        result = host.run("train", training, folder, Limits(), epochs)[0]
        (home / "network.json").write_bytes(
            (folder / "out" / result["files"]["network.json"]).read_bytes()
        )
    return -(-rows // batch) * (_EPOCHS - 1) / sum(epochs.seconds[1:])


def _theirs(script: str, case: Case, home: Path) -> float:
    (home / "data.npz").write_bytes(arrays(case))
    program = Path(__file__).parent / f"{script}.py"
    arguments = [str(home / "network.json"), str(home / "data.npz"), str(case[3]), str(_EPOCHS)]
    ran = subprocess.run(
        [sys.executable, str(program), *arguments], stdout=subprocess.PIPE, check=True, text=True
    )
    return float(ran.stdout.split()[-1])


def arrays(case: Case) -> bytes:
    """The bytes of an NPZ file with made-up rows for a case."""
    layers, shape, rows, _ = case
    rng = np.random.default_rng(0)
    words = layers[0]["class_name"] == "Embedding"
    x = rng.integers(0, 2000, (rows, *shape)) if words else rng.normal(size=(rows, *shape))
    content = io.BytesIO()
    np.savez(content, x=x.astype("i4" if words else "f4"), y=rng.integers(0, 4, rows))
    return content.getvalue()

"""Predictions over HTTP, warm and cold, against bare Keras in a warm process of its own."""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from PIL import Image

import lamina
from benchmarks.report import Figure, ratio
from demo.service import running_service
from tests.service.jobs import iris_csv

_TIMES = 20
_ROWS = 256
_MLP = [
    {"class_name": "Dense", "units": 64, "activation": "relu"},
    {"class_name": "Dense", "units": 3, "activation": "softmax"},
]
_CNN = [
    {"class_name": "Conv2D", "filters": 16, "kernel_size": 3, "activation": "relu"},
    {"class_name": "Flatten"},
    {"class_name": "Dense", "units": 10, "activation": "softmax"},
]


def measure(url: str, dataset: str, runs: int) -> list[Figure]:
    """Turn by turn; of each turn the median of twenty requests, of cold ones a single one."""
    with ExitStack() as stack:
        client = stack.enter_context(lamina.Client(url))
        digits = client.datasets.sample("digits").wait().id
        tables = [_trained(client, dataset, "species", _MLP) for _ in range(3)]
        images = _trained(client, digits, "label", _CNN)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bare = stack.enter_context(_keras(tables[0].download(folder)))
        drawn = stack.enter_context(_keras(images.download(folder)))
        found: dict[str, list[float]] = {}
        for turn in range(runs + 1):
            taken = {**_table(tables, bare), **_image(images, drawn)}
            if turn:  # the first one warms all up
                for name, seconds in taken.items():
                    found.setdefault(name, []).append(seconds * 1000)
    return [*_told(found)]


def _table(models: list[Any], bare: subprocess.Popen[str]) -> dict[str, float]:
    """Of three models two stay loaded: when the others were asked, the first is cold."""
    names = ("sepal length", "sepal width", "petal length", "petal width")
    record = dict.fromkeys(names, 1.5)
    rows = np.random.default_rng(0).random((_ROWS, 4))
    for other in models[1:]:
        other.predict(record)
    return {
        "cold": _seconds(lambda: models[0].predict(record), 1),
        "record": _seconds(lambda: models[0].predict(record)),
        "rows": _seconds(lambda: models[0].predict(rows)),
        "call": _asked(bare, "call 1"),
        "predict": _asked(bare, "predict 1"),
        "predict rows": _asked(bare, f"predict {_ROWS}"),
    }


def _image(model: Any, bare: subprocess.Popen[str]) -> dict[str, float]:
    file = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 255, (28, 28), np.uint8)
    Image.fromarray(pixels).save(file, "PNG")
    model.predict(file.getvalue())
    return {
        "image": _seconds(lambda: model.predict(file.getvalue())),
        "predict image": _asked(bare, "predict 1"),
    }


def _told(found: dict[str, list[float]]) -> Iterator[Figure]:
    yield Figure("bare Keras, model(x) of one row", found["call"], "ms")
    yield Figure("bare Keras, model.predict of one row", found["predict"], "ms")
    yield Figure("Lamina, one record over HTTP", found["record"], "ms")
    yield ratio("Lamina / model(x)", found["record"], found["call"])
    yield ratio("Lamina / model.predict", found["record"], found["predict"])
    yield Figure("Lamina, one record, the model not loaded", found["cold"], "ms")
    yield ratio("not loaded / loaded", found["cold"], found["record"])
    yield Figure(f"bare Keras, model.predict of {_ROWS} rows", found["predict rows"], "ms")
    yield Figure(f"Lamina, {_ROWS} rows as an array over HTTP", found["rows"], "ms")
    yield ratio("Lamina / model.predict", found["rows"], found["predict rows"])
    yield Figure("bare Keras, model.predict of one image, decoded", found["predict image"], "ms")
    yield Figure("Lamina, one PNG over HTTP", found["image"], "ms")
    yield ratio("Lamina / model.predict", found["image"], found["predict image"])


def _trained(client: Any, dataset: str, target: str, stack: list[Any]) -> Any:
    job = client.train({"data": {"dataset": dataset, "target": target}, "stack": stack,
                        "fit": {"epochs": 1}})  # fmt: skip
    return client.models.get(job.wait().model)


def _seconds(work: Any, times: int = _TIMES) -> float:
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


@contextmanager
def _keras(path: Path) -> Iterator[subprocess.Popen[str]]:
    program = Path(__file__).parent / "bare_predict.py"
    process = subprocess.Popen(
        [sys.executable, str(program), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _asked(keras: subprocess.Popen[str], line: str) -> float:
    if keras.stdin is None or keras.stdout is None:
        raise RuntimeError("no pipes")
    keras.stdin.write(f"{line}\n")
    keras.stdin.flush()
    return float(keras.stdout.readline())


def main() -> None:
    """Measure and print, at a service of its own."""
    parser = argparse.ArgumentParser("benchmarks.predicting")
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="lamina-predict-") as folder:
        (Path(folder) / "iris.csv").write_bytes(iris_csv())
        with running_service(Path(folder)) as url:
            with lamina.Client(url) as client:
                dataset = client.upload(Path(folder) / "iris.csv").wait().id
            for figure in measure(url, dataset, runs):
                print(figure.row())
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

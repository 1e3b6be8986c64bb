"""The memory that a plan predicts, against the most that the training then held."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.report import Figure, ratio
from benchmarks.stacks import STACKS, Case
from core.host import EngineHost, Limits


def measure(runs: int) -> list[Figure]:
    """Each stack in children of their own: predicted and measured, in MiB, and their ratio.

    Measured is the largest resident size of the child less what it held before it looked at
    the data. Predicted is `memory.total_bytes` of the plan.
    """
    figures = []
    with TemporaryDirectory(prefix="lamina-memory-") as folder:
        host = EngineHost(Path(folder), "fork")
        host.start()
        for name, case in STACKS.items():
            results = [_run(host, case) for _ in range(runs)]
            predicted = [one / 2**20 for one, _ in results]
            measured = [other / 2**20 for _, other in results]
            figures += [
                Figure(f"{name}: predicted", predicted[:1], "MiB"),
                Figure(f"{name}: measured", measured, "MiB"),
                ratio(f"{name}: measured / predicted", measured, predicted),
            ]
        host.close()
    return figures


def _run(host: EngineHost, case: Case) -> tuple[int, int]:
    """The bytes that were predicted, and those that the training came to hold."""
    shape, layers, batch, optimizer = case
    with host.folder() as folder:
        data = folder / "data"
        data.mkdir()
        (folder / "source").write_bytes(_arrays(shape, 3 * batch))
        reading = {"path": str(folder / "source"), "filename": "x.npz", "out": str(data)}
        schema = host.run("read", reading, folder, Limits())[0]["schema"]
        body = {
            "stack": layers,
            "schema": schema,
            "data": {"dataset": "ds_x", "target": "y", "split": {"validation": 0}},
            "compile": {"optimizer": optimizer, "loss": "mse"},
            "fit": {"batch_size": batch, "epochs": 2},
        }
        plan = host.call("check", body, Limits())
        (folder / "out").mkdir()
        training = {
            "request": plan["request"],
            "schema": schema,
            "data": str(data),
            "out": str(folder / "out"),
            "threads": 2,
        }
        held = host.run("train", training, folder, Limits())[0]["memory"]
    return plan["memory"]["total_bytes"], held["peak_bytes"] - held["base_bytes"]


def _arrays(shape: tuple[int, ...], rows: int) -> bytes:
    rng = np.random.default_rng(0)
    content = io.BytesIO()
    x = rng.normal(size=(rows, *shape)).astype("f4")
    np.savez(content, x=x, y=rng.normal(size=rows).astype("f4"))
    return content.getvalue()

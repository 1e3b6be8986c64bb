"""Sequential networks as Keras's own examples build them, as data: checked, trained a little."""

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.tasks import check, train
from engine.training import artefacts
from tests.engine._port import Recorder
from tests.engine.training import _job

FILES = {path.stem: path for path in sorted(Path(__file__).with_name("sequential").glob("*.json"))}
ROWS = 48


def test_there_are_enough() -> None:
    assert len(FILES) >= 8


def rows(wanted: dict[str, Any]) -> bytes:
    """An NPZ of made-up rows: `x` below a bound, `y` of classes or of numbers."""
    random = np.random.default_rng(1)
    x, y = wanted["x"], wanted["y"]
    values = random.uniform(0, x["below"], (ROWS, *x["shape"])).astype(x["dtype"])
    target: Any = np.arange(ROWS) % y["classes"] if "classes" in y else None
    if target is None:
        target = random.uniform(0, 1, (ROWS, *y["shape"])).astype("float32")
    buffer = io.BytesIO()
    np.savez(buffer, x=values, y=target)
    return buffer.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_it_is_checked_and_trained(name: str, tmp_path: Path) -> None:
    document = json.loads(FILES[name].read_text())
    stored = _job.stored(tmp_path, rows(document["data"]))
    body = {**document["body"], "data": {"dataset": "ds_x", "target": "y"}}
    body["fit"] = {**body.get("fit", {}), "epochs": 1, "batch_size": 16}
    plan = check.run({**body, "schema": stored["schema"]}, Recorder())
    told = _job.payload(stored, plan["request"], tmp_path / "out")
    result = train.run(told, Recorder())
    assert result["parameters"]["total"] == plan["parameters"]["total"]
    kept = tmp_path / "out" / artefacts.FOLDER
    assert all((kept / name).stat().st_size > 0 for name in artefacts.FILES)

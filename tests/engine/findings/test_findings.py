"""What the course of a training tells: every rule on its examples, and on real trainings."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.findings import RULES, Record, look
from engine.tasks import train
from lamina.patch import apply
from tests.engine._port import Recorder
from tests.engine.training._job import payload, stored


@pytest.mark.parametrize("name", RULES)
def test_a_rule_fires_on_its_example_and_not_on_the_other(name: str) -> None:
    off, quiet = RULES[name].examples()
    assert RULES[name].why().endswith(".")
    (found,) = [one for one in look(off) if one["rule"] == RULES[name].name]
    assert found["source"] == "training"
    if found["fix"] is not None:
        apply(off.request, found["fix"])
    json.dumps(found, allow_nan=False)
    assert not [one for one in look(quiet) if one["rule"] == RULES[name].name]


def sequences(folder: Path) -> dict[str, Any]:
    """Sequences of 60 steps of which the first tells the target."""
    import io

    rng = np.random.default_rng(0)
    x = rng.normal(size=(96, 60, 2)).astype("f4")
    buffer = io.BytesIO()
    np.savez(buffer, x=x, y=x[:, 0, 0])
    return stored(folder, buffer.getvalue(), "sequences.npz")


def trained(
    folder: Path, layer: dict[str, Any], optimizer: Any = None, before: Any = ()
) -> tuple[Any, Recorder]:
    data = sequences(folder)
    raw = {"class_name": "raw", "dtype": None}
    request = {
        "data": {
            "target": "y",
            "inputs": {"x": {"columns": ["x"], "encoding": [raw]}},
            "sample_weight": None,
            "split": {"by": "random", "validation": 0.0, "test": 0.0},
        },
        "stack": {
            "layers": [
                {"class_name": "Input", "name": "x", "shape": [60, 2]},
                *before,
                {"name": "rnn", **layer},
                {"class_name": "Dense", "name": "out", "units": 1},
            ]
        },
        "compile": {
            "optimizer": optimizer or {"class_name": "SGD", "learning_rate": 1e-6},
            "loss": "mse",
            "metrics": [],
        },
        "fit": {"epochs": 2, "batch_size": 32, "seed": 1, "class_weight": None, "shuffle": True},
        "callbacks": [],
    }
    port = Recorder()
    return train.run(payload(data, request, folder / "out"), port), port


PLAIN = {"class_name": "SimpleRNN", "units": 4}
SMALL = {"class_name": "RandomNormal", "stddev": 0.05, "seed": 1}
LARGE = {"class_name": "Orthogonal", "gain": 1.6, "seed": 1}


def test_a_plain_recurrent_layer_forgets(tmp_path: Path) -> None:
    result, port = trained(tmp_path, {**PLAIN, "recurrent_initializer": SMALL})
    assert [one["rule"] for one in result["advice"]] == ["vanishing-gradients"]
    assert result["advice"][0]["fix"][0]["value"] == "LSTM"
    (first, *_) = port.named("gradients")
    assert first["epoch"] == 0
    assert 0 <= first["norms"]["rnn/reach"] < 1e-4
    assert first["norms"]["rnn"] > 0


def test_a_linear_one_with_large_weights_explodes(tmp_path: Path) -> None:
    layer = {**PLAIN, "recurrent_initializer": LARGE, "activation": "linear"}
    result, _ = trained(tmp_path, layer, {"class_name": "SGD", "learning_rate": 1e-30})
    assert "exploding-gradients" in [one["rule"] for one in result["advice"]]


def test_layers_with_masks_and_in_both_directions_are_measured(tmp_path: Path) -> None:
    masked = {"class_name": "Masking", "name": "masking"}
    both = {"class_name": "Bidirectional", "layer": {"class_name": "GRU", "units": 3}}
    _, port = trained(tmp_path, both, before=[masked])
    (first, *_) = port.named("gradients")
    assert set(first["norms"]) == {"rnn", "rnn/reach"}
    assert first["norms"]["rnn"] > 0


def test_an_lstm_is_quiet(tmp_path: Path) -> None:
    result, _ = trained(tmp_path, {"class_name": "LSTM", "units": 4})
    assert result["advice"] == []


def test_a_loss_in_large_units_does_not_count_as_an_explosion() -> None:
    record, _ = RULES["exploding_gradients"].examples()
    steady = Record(record.request, {0: {"gru": 5e4}, 1: {"gru": 2e4}})
    assert look(steady) == []
    grown = Record(record.request, {0: {"gru": 5.0}, 1: {"gru": 2e4}})
    assert [one["rule"] for one in look(grown)] == ["exploding-gradients"]

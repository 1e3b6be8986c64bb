"""The curves of activations are Keras's own."""

import numpy as np
import pytest

from engine.tasks import curves
from tests.engine._port import Recorder


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("relu", lambda x: np.maximum(x, 0)),
        ("tanh", np.tanh),
        ("sigmoid", lambda x: 1 / (1 + np.exp(-x))),
        ("softmax", lambda x: 1 / (1 + np.exp(-x))),
        ("linear", lambda x: x),
    ],
)
def test_values_and_slopes(name: str, expected: object) -> None:
    found = curves.run({}, Recorder())
    x = np.array(found["x"])
    one = found["curves"][name]
    assert np.allclose(one["y"], expected(x), atol=1e-4)  # type: ignore[operator]
    slope = (expected(x + 1e-4) - expected(x - 1e-4)) / 2e-4  # type: ignore[operator]
    assert np.allclose(one["slope"], slope, atol=1e-2)


def test_all_that_keras_has_without_arguments_are_there() -> None:
    names = set(curves.run({}, Recorder())["curves"])
    assert {"relu", "elu", "selu", "gelu", "silu", "softplus", "mish"} <= names

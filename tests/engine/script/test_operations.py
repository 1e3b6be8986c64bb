"""Operations in scripts compute what the network of the stack computes."""

import json
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest

from engine.script.network import build_lines
from engine.script.running import named
from engine.stack import build_network, read
from tests.engine.stack.test_operations import (
    GROUPS,
    MIXED,
    NAMED,
    RANDOM,
    Tensors,
    model_of,
    numbers_in,
)


def assert_same(calls: list[Callable[[Tensors], Any]]) -> list[str]:
    """The network of the stack and that of the script agree; the lines of the script."""
    stack = read(json.loads(model_of(calls).to_json()))[0].to_json()
    lines = build_lines(stack)
    made: dict[str, Any] = {"keras": keras, "np": np, "named": named}
    exec("def make():\n" + "".join(f"    {line}\n" for line in lines), made)
    given = numbers_in(5)
    expected, found = build_network(stack)(given), made["make"]()(given)
    assert list(found) == list(expected)
    for name, wanted in expected.items():
        np.testing.assert_allclose(found[name], wanted, rtol=1e-5, atol=1e-6, err_msg=name)
    return lines


def test_what_people_write_is_written_as_they_would() -> None:
    lines = "\n".join(assert_same(MIXED))
    assert "mean = named('mean', keras.ops.mean(x, axis=(1, 2), keepdims=True))" in lines
    assert ", x[:, -1, ::-1])" in lines
    assert ", keras.ops.power(x, 2))" in lines
    assert "weights=np.array([1.0, 2.0, 3.0, 4.0], 'float64')" in lines


@pytest.mark.long
@pytest.mark.parametrize("names", GROUPS, ids=lambda names: f"{names[0]}-{names[-1]}")
def test_operations_compute_as_in_the_network(names: list[str]) -> None:
    assert_same([NAMED[name] for name in names if name not in RANDOM])

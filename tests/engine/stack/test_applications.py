"""Keras's own applications, as Keras writes them, are read whole."""

import inspect
import json
from math import prod
from typing import Any

import keras
import pytest

from engine.plan import clean_session, rehearsal
from engine.tasks import check

from ..silent import Silent

QUICK = ["ResNet50V2", "MobileNetV3Small", "ConvNeXtTiny", "InceptionResNetV2"]


def written(name: str) -> tuple[dict[str, Any], int]:
    """The model's JSON and its number of parameters, made without weights."""
    with clean_session(), rehearsal():
        model = getattr(keras.applications, name)(weights=None)
        return json.loads(model.to_json()), sum(prod(weight.shape) for weight in model.weights)


ALL = [
    name
    for name, value in vars(keras.applications).items()
    if inspect.isfunction(value) and name not in QUICK
]


@pytest.mark.parametrize(
    "name", [*QUICK, *(pytest.param(name, marks=pytest.mark.long) for name in ALL)]
)
def test_applications_are_stacks(name: str) -> None:
    document, parameters = written(name)
    plan = check.run({"stack": document}, Silent())
    assert plan["parameters"]["total"] == parameters
    assert plan["architecture"] == "cnn"
    assert plan["layers"][-1]["output_shape"] == [None, 1000]
    again = check.run({"stack": plan["request"]["stack"]}, Silent())
    assert again["layers"] == plan["layers"]

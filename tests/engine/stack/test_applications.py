"""Keras's own applications, as Keras writes them, are read whole."""

import json
from math import prod
from typing import Any

import keras
import pytest

from engine.plan import clean_session, rehearsal
from engine.tasks import check

from ..silent import Silent

NAMES = ["ResNet50V2", "MobileNetV3Small", "ConvNeXtTiny", "InceptionResNetV2"]


def written(name: str) -> tuple[dict[str, Any], int]:
    """The model's JSON and its number of parameters, made without weights."""
    with clean_session(), rehearsal():
        model = getattr(keras.applications, name)(weights=None)
        return json.loads(model.to_json()), sum(prod(weight.shape) for weight in model.weights)


@pytest.mark.parametrize("name", NAMES)
def test_applications_are_stacks(name: str) -> None:
    document, parameters = written(name)
    plan = check.run({"stack": document}, Silent())
    assert plan["parameters"]["total"] == parameters
    assert plan["architecture"] == "cnn"
    assert plan["layers"][-1]["output_shape"] == [None, 1000]
    again = check.run({"stack": plan["request"]["stack"]}, Silent())
    assert again["layers"] == plan["layers"]

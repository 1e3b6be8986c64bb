"""Keras's own applications, as Keras writes them, are read whole."""

import inspect
import json
from math import prod
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from engine.plan import clean_session, rehearsal
from engine.stack import build_network
from engine.tasks import check

from ..silent import Silent

QUICK = ["ResNet50V2", "MobileNetV3Small", "ConvNeXtTiny", "InceptionResNetV2"]


def written(name: str, **options: Any) -> tuple[dict[str, Any], int]:
    """The model's JSON and its number of parameters, made without weights."""
    with clean_session(), rehearsal():
        model = getattr(keras.applications, name)(weights=None, **options)
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


SIZES = (32, 71, 75, 224, 331)
"""Edges of images to try, the smallest first: what each architecture takes differs."""


def smallest(name: str) -> tuple[dict[str, Any], int]:
    """The application for ten classes and the smallest images that it takes."""
    reason: ValueError | None = None
    for size in SIZES:
        try:
            return written(name, input_shape=(size, size, 3), classes=10)[0], size
        except ValueError as error:
            reason = error
    raise AssertionError(f"{name} takes none of {SIZES}: {reason}")


def available_bytes() -> int:
    """Main memory that a new process may take."""
    lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return int(lines["MemAvailable"].split()[0]) * 1024


@pytest.mark.parametrize(
    "name",
    [
        "MobileNetV2",
        *(
            pytest.param(name, marks=pytest.mark.long)
            for name in [*QUICK, *ALL]
            if name != "MobileNetV2"
        ),
    ],
)
def test_applications_train_a_step(name: str) -> None:
    document, size = smallest(name)
    plan = check.run({"stack": document, "fit": {"batch_size": 2}}, Silent())
    wanted, there = plan["memory"]["train_bytes"] + 2**30, available_bytes()
    if wanted > there:
        pytest.skip(f"{name} is predicted to take {wanted / 2**30:.1f} GiB of {there / 2**30:.1f}")
    with clean_session():
        network = build_network(plan["request"]["stack"])
        network.compile("sgd", "sparse_categorical_crossentropy", run_eagerly=True)
        random = np.random.default_rng(0)
        before = [weight.numpy() for weight in network.trainable_weights[-2:]]
        images = random.uniform(0, 255, (2, size, size, 3)).astype("float32")
        loss = network.train_on_batch(images, np.array([1, 2]))
        assert np.isfinite(loss)
        after = network.trainable_weights[-2:]
        assert any((old != new.numpy()).any() for old, new in zip(before, after, strict=True))

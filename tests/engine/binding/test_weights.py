"""Initial weights that cannot be used are found when a request is checked."""

from typing import Any

import pytest

from engine.faults import Fault
from engine.tasks import check

from ..silent import Silent

VECTORS = {"form": "word_vectors", "description": {"words": 3, "dimension": 4, "repeated": 0}}
KERNEL = {
    "form": "arrays",
    "description": {
        "arrays": [
            {"name": "kernel", "shape": [2, 3], "dtype": "float32"},
            {"name": "bias", "shape": [3], "dtype": "float32"},
        ]
    },
}
MODEL = {
    "layers": [
        {"class_name": "Input", "name": "input", "shape": [2]},
        {"class_name": "Dense", "name": "hidden", "units": 3},
    ]
}
SOURCES = {"files": {"file_v": VECTORS, "file_k": KERNEL}, "models": {"mdl_m": MODEL}}


def checked(*layers: dict[str, Any]) -> dict[str, Any]:
    return check.run({"stack": list(layers), **SOURCES}, Silent())


def dense(weights: Any, units: int = 3) -> tuple[dict[str, Any], ...]:
    layer = {"class_name": "Dense", "units": units, "weights": weights}
    return ({"class_name": "Input", "shape": [2]}, layer)


def embedding(weights: Any, width: int = 4) -> tuple[dict[str, Any], ...]:
    layer = {"class_name": "Embedding", "input_dim": 9, "output_dim": width, "weights": weights}
    return ({"class_name": "Input", "shape": [5], "dtype": "int32"}, layer)


@pytest.mark.parametrize(
    "layers",
    [
        dense({"file": "file_k"}),
        dense({"model": "mdl_m", "layer": "hidden"}),
        embedding({"file": "file_v"}),
    ],
)
def test_what_fits_stays_in_the_canonical_stack(layers: tuple[dict[str, Any], ...]) -> None:
    stack = checked(*layers)["request"]["stack"]
    assert stack["layers"][1]["weights"] == layers[1]["weights"]
    assert checked(*stack["layers"])["request"]["stack"] == stack


@pytest.mark.parametrize(
    ("layers", "pointer", "code", "words"),
    [
        (dense({"file": "file_x"}), "/stack/1/weights/file", "unknown-file", "file_x"),
        (dense({"model": "mdl_x"}), "/stack/1/weights/model", "unknown-model", "mdl_x"),
        (dense({"model": "mdl_m"}), "/stack/1/weights/layer", "unknown-input", "hidden"),
        (dense({"file": "file_k"}, 4), "/stack/1/weights", "shape-mismatch", "[2, 4], [4]"),
        (
            dense({"model": "mdl_m", "layer": "hidden"}, 5),
            "/stack/1/weights",
            "shape-mismatch",
            "'hidden' of the model has [2, 3], [3]",
        ),
        (embedding({"file": "file_v"}, 6), "/stack/1/output_dim", "shape-mismatch", "4 numbers"),
        (dense({"file": "file_v"}), "/stack/1/weights", "bad-value", "for an Embedding"),
        (dense({}), "/stack/1/weights", "bad-value", "either"),
        (dense({"file": "file_k", "layer": "a"}), "/stack/1/weights", "bad-value", "either"),
        (dense("file_k"), "/stack/1/weights", "bad-type", "is {"),
        (dense({"fil": "file_k"}), "/stack/1/weights/fil", "unknown-field", "fil"),
    ],
)
def test_what_does_not_is_refused_at_its_place(
    layers: tuple[dict[str, Any], ...], pointer: str, code: str, words: str
) -> None:
    with pytest.raises(Fault) as caught:
        checked(*layers)
    found = caught.value.items[0]
    assert (found.pointer, found.code) == (pointer, code)
    assert words in found.detail

"""Bodies that the reference shows; the tests send each of them."""

from typing import Any, Final

_DATASET = "ds_01kaz8v7m2f5q0r9x3n6t4w1yc"

SMALLEST: Final[dict[str, Any]] = {
    "data": {"dataset": _DATASET, "target": "label"},
    "stack": [
        {"class_name": "Dense", "units": 8, "activation": "relu"},
        {"class_name": "Dense", "units": 2, "activation": "softmax"},
    ],
}
"""A job with everything left to its default."""

FULLER: Final[dict[str, Any]] = {
    **SMALLEST,
    "display_name": "two classes",
    "tags": ["demo"],
    "compile": {"optimizer": {"class_name": "RMSprop", "learning_rate": 0.001}},
    "fit": {"epochs": 5, "batch_size": 16, "seed": 7},
    "callbacks": [{"class_name": "EarlyStopping", "monitor": "val_loss", "patience": 3}],
}
"""A job that sets optimizer, epochs and a callback."""

STACK_ALONE: Final[dict[str, Any]] = {
    "stack": [
        {"class_name": "Input", "shape": [28, 28, 1]},
        {"class_name": "Conv2D", "filters": 8, "kernel_size": 3},
        {"class_name": "Flatten"},
        {"class_name": "Dense", "units": 10, "activation": "softmax"},
    ]
}
"""A stack to be checked without data."""

STACK_WITH_DATA: Final[dict[str, Any]] = {
    "data": SMALLEST["data"],
    "stack": SMALLEST["stack"],
}
"""A stack to be checked against a dataset."""

CONVERT: Final[dict[str, Any]] = {"stack": STACK_ALONE["stack"], "to": "keras"}
"""A stack to be written as Keras writes it."""

SUGGEST_LABELS: Final[dict[str, Any]] = {"data": {"dataset": _DATASET}}
"""A suggestion for a dataset with a column of labels, as images in class folders have."""

SUGGEST_TARGET: Final[dict[str, Any]] = {"data": {"dataset": _DATASET, "target": "label"}}
"""A suggestion for a column of a table."""
SHORTEN: Final[dict[str, Any]] = {"stack": STACK_ALONE["stack"], "to": "short"}

"""Receptive fields against what gradients say: which inputs does the middle output depend on?"""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from engine.stack import build_network
from engine.tasks import check

from ..silent import Silent

SIZE = 40


def conv(**more: Any) -> dict[str, Any]:
    """A convolution whose weights are positive, so that no path cancels another."""
    return {
        "class_name": "Conv1D",
        "filters": 2,
        "kernel_size": 3,
        "kernel_initializer": "ones",
        **more,
    }


def planned(layers: list[dict[str, Any]]) -> Any:
    return check.run({"stack": {"layers": layers}}, Silent())["layers"][-1]["receptive_field"]


def measured(layers: list[dict[str, Any]]) -> list[int]:
    """The extent of the inputs on which an output in the middle depends, for each axis."""
    network = build_network({"layers": layers})
    values = tf.random.uniform((1, *network.input_shape[1:]), minval=0.5, seed=1)
    extents = []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(values)
        outputs = network(values)
        middle = tuple(size // 2 for size in outputs.shape[1:-1])
        # Two neighbours, since strides and transposed windows may treat them differently.
        sums = [tf.reduce_sum(outputs[(0, *(place + step for place in middle))]) for step in (0, 1)]
    for axis in range(1, len(values.shape) - 1):
        others = tuple(one for one in range(len(values.shape)) if one != axis)
        found = [
            np.flatnonzero(np.abs(tape.gradient(one, values)).sum(axis=others)) for one in sums
        ]
        extents.append(max(int(places[-1] - places[0]) + 1 for places in found))
    return extents


INPUT = {"class_name": "Input", "shape": [SIZE, 2]}
PICTURE = {"class_name": "Input", "shape": [SIZE, SIZE, 1]}


@pytest.mark.parametrize(
    "layers",
    [
        [INPUT, conv()],
        [INPUT, conv(), conv()],
        [INPUT, conv(dilation_rate=2), conv(dilation_rate=4)],
        [INPUT, conv(strides=2), conv()],
        [INPUT, conv(padding="causal"), {"class_name": "AveragePooling1D", "pool_size": 2}, conv()],
        [INPUT, {"class_name": "AveragePooling1D", "pool_size": 3, "strides": 2}, conv()],
        [
            INPUT,
            {"class_name": "AveragePooling1D", "pool_size": 2},
            {"class_name": "UpSampling1D", "size": 2},
            conv(kernel_size=2),
            conv(kernel_size=2),
            conv(kernel_size=2),
        ],
        [INPUT, conv(class_name="Conv1DTranspose", strides=3, kernel_size=5), conv(), conv()],
        [INPUT, conv(strides=2), conv(class_name="Conv1DTranspose", strides=2, kernel_size=4)],
        [
            PICTURE,
            {
                "class_name": "DepthwiseConv2D",
                "kernel_size": [3, 5],
                "depthwise_initializer": "ones",
            },
            {"class_name": "BatchNormalization"},
            conv(class_name="Conv2D", strides=2, kernel_size=[1, 3]),
            conv(class_name="Conv2D"),
        ],
        [
            INPUT,
            conv(name="near", padding="same"),
            conv(padding="same", dilation_rate=3),
            {"class_name": "Add", "inputs": ["near", "conv1d"]},
            {"class_name": "Dense", "units": 3, "kernel_initializer": "ones"},
        ],
        [
            {"class_name": "Input", "shape": [4, SIZE, 1]},
            {"class_name": "TimeDistributed", "layer": conv()},
        ],
    ],
)
def test_the_field_is_what_gradients_reach(layers: list[dict[str, Any]]) -> None:
    keras.utils.set_random_seed(1)
    assert planned(layers) == measured(layers)


@pytest.mark.parametrize(
    ("layers", "field"),
    [
        ([INPUT, {"class_name": "LSTM", "units": 2, "return_sequences": True}, conv()], [None]),
        (
            [INPUT, conv(), {"class_name": "MultiHeadAttention", "num_heads": 1, "key_dim": 2}],
            [None],
        ),
        ([INPUT, conv(), {"class_name": "Flatten"}], None),
        ([INPUT, conv(), {"class_name": "GlobalAveragePooling1D"}], None),
        ([{"class_name": "Input", "shape": [4]}, {"class_name": "Dense", "units": 2}], None),
        (
            [
                {"class_name": "Input", "shape": [9], "dtype": "int32"},
                {"class_name": "Embedding", "input_dim": 5, "output_dim": 2},
                conv(),
            ],
            [3],
        ),
        (
            [
                {"class_name": "Input", "shape": [5, 8, 8, 1]},
                {
                    "class_name": "ConvLSTM2D",
                    "filters": 1,
                    "kernel_size": 3,
                    "return_sequences": True,
                },
            ],
            [None, 3, 3],
        ),
    ],
)
def test_what_sees_a_whole_axis_or_all_is_said_to(
    layers: list[dict[str, Any]], field: list[int | None] | None
) -> None:
    assert planned(layers) == field

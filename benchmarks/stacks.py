"""Stacks of all kinds: the shape of a row, the layers, the batch size, the optimizer."""

from typing import Any

_Layer = dict[str, Any]


def _dense(units: int, **more: Any) -> _Layer:
    return {"class_name": "Dense", "units": units, **more}


def _conv(filters: int, **more: Any) -> _Layer:
    return {
        "class_name": "Conv2D",
        "filters": filters,
        "kernel_size": 3,
        "padding": "same",
        "activation": "relu",
        **more,
    }


def _causal(dilation: int) -> _Layer:
    return {
        "class_name": "Conv1D",
        "filters": 64,
        "kernel_size": 2,
        "padding": "causal",
        "dilation_rate": dilation,
        "activation": "relu",
    }


def _lstm(units: int) -> _Layer:
    return {"class_name": "LSTM", "units": units}


def _wide(depth: int, units: int) -> list[_Layer]:
    return [*(_dense(units, activation="relu") for _ in range(depth)), _dense(1)]


_UNET: list[_Layer] = [
    _conv(32, name="down1"),
    {"class_name": "MaxPooling2D"},
    _conv(64, name="down2"),
    {"class_name": "MaxPooling2D"},
    _conv(128),
    {"class_name": "Conv2DTranspose", "filters": 64, "kernel_size": 2, "strides": 2, "name": "up2"},
    {"class_name": "Concatenate", "inputs": ["up2", "down2"]},
    _conv(64),
    {"class_name": "Conv2DTranspose", "filters": 32, "kernel_size": 2, "strides": 2, "name": "up1"},
    {"class_name": "Concatenate", "inputs": ["up1", "down1"]},
    _conv(32),
    {"class_name": "GlobalAveragePooling2D"},
    _dense(1),
]
_TRANSFORMER: list[_Layer] = [
    {"class_name": "Dense", "units": 128, "name": "projected"},
    {"class_name": "MultiHeadAttention", "num_heads": 4, "key_dim": 32},
    {"class_name": "Add", "inputs": ["projected", "multi_head_attention"]},
    {"class_name": "LayerNormalization", "name": "normed"},
    _dense(512, activation="relu"),
    _dense(128, name="fed"),
    {"class_name": "Add", "inputs": ["normed", "fed"]},
    {"class_name": "GlobalAveragePooling1D"},
    _dense(1),
]

Case = tuple[tuple[int, ...], list[_Layer], int, Any]

STACKS: dict[str, Case] = {
    "MLP, wide": ((1000,), _wide(3, 4000), 32, "adam"),
    "MLP, wide, SGD": ((1000,), _wide(3, 4000), 32, "sgd"),
    "MLP, large batch": ((200,), _wide(6, 1000), 8192, "adam"),
    "CNN": (
        (64, 64, 3),
        [
            *(_conv(32), _conv(32), {"class_name": "MaxPooling2D"}, _conv(64), _conv(64)),
            *({"class_name": "GlobalAveragePooling2D"}, _dense(1)),
        ],
        64,
        "adam",
    ),
    "CNN with batch normalisation": (
        (64, 64, 3),
        [
            *(_conv(32, activation=None), {"class_name": "BatchNormalization"}),
            {"class_name": "ReLU"},
            *(_conv(32, activation=None), {"class_name": "BatchNormalization"}),
            {"class_name": "ReLU"},
            *({"class_name": "Flatten"}, _dense(64, activation="relu"), _dense(1)),
        ],
        64,
        "adam",
    ),
    "U-Net": ((64, 64, 3), _UNET, 32, "adam"),
    "LSTM": ((100, 16), [_lstm(256), _dense(1)], 128, "rmsprop"),
    "stacked GRU": (
        (100, 16),
        [
            {"class_name": "GRU", "units": 128, "return_sequences": True},
            {"class_name": "GRU", "units": 128},
            _dense(1),
        ],
        128,
        "rmsprop",
    ),
    "Transformer block": ((128, 32), _TRANSFORMER, 64, "adam"),
    "dilated Conv1D": (
        (1000, 8),
        [
            *(_causal(2**power) for power in range(6)),
            *({"class_name": "GlobalAveragePooling1D"}, _dense(1)),
        ],
        64,
        "adam",
    ),
    # The constants of the prediction were set with the ten above; these came afterwards.
    "bidirectional LSTMs": (
        (60, 32),
        [
            {
                "class_name": "Bidirectional",
                "layer": {"class_name": "LSTM", "units": 128, "return_sequences": True},
            },
            {"class_name": "Bidirectional", "layer": {"class_name": "LSTM", "units": 64}},
            _dense(1),
        ],
        128,
        "adam",
    ),
    "separable CNN": (
        (96, 96, 3),
        [
            _conv(32, strides=2),
            {"class_name": "SeparableConv2D", "filters": 64, "kernel_size": 3},
            {"class_name": "BatchNormalization"},
            {"class_name": "ReLU"},
            {"class_name": "SeparableConv2D", "filters": 128, "kernel_size": 3, "strides": 2},
            {"class_name": "BatchNormalization"},
            {"class_name": "ReLU"},
            {"class_name": "GlobalAveragePooling2D"},
            _dense(1),
        ],
        64,
        "adam",
    ),
    "volumes": (
        (16, 32, 32, 1),
        [
            {"class_name": "Conv3D", "filters": 16, "kernel_size": 3, "activation": "relu"},
            {"class_name": "MaxPooling3D"},
            {"class_name": "Conv3D", "filters": 32, "kernel_size": 3, "activation": "relu"},
            {"class_name": "GlobalAveragePooling3D"},
            _dense(1),
        ],
        32,
        "adam",
    ),
    "two wide layers, momentum": (
        (2000,),
        [_dense(6000, activation="relu"), _dense(3000, activation="relu"), _dense(1)],
        64,
        {"class_name": "SGD", "momentum": 0.9},
    ),
}

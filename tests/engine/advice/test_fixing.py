"""Whatever is sent: applying the fixes ends in a report without them, and never breaks a check."""

import copy
import json
from contextlib import redirect_stderr
from io import StringIO
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.advice._examples import (
    COINS,
    FLOWERS,
    PICTURES,
    PRICES,
    REVIEWS,
    SERIES,
    dense,
    layer,
    on,
)
from engine.dataset.schema import Schema
from engine.faults import Fault
from engine.tasks import check
from lamina.fixing import apply_fixes

from ..silent import Silent

SECTIONS = ("stack", "data", "compile", "fit", "callbacks")
ROUNDS = 60
ACTIVATIONS = st.sampled_from([None, "relu", "sigmoid", "tanh", "softmax", "linear"])
RATES = st.sampled_from([0.01, 0.3, 0.9])
ANYWHERE: list[st.SearchStrategy[dict[str, Any]]] = [
    st.builds(lambda rate: layer("Dropout", rate=rate), RATES),
    st.builds(dense, st.sampled_from([4, 64, 512]), ACTIVATIONS),
    st.sampled_from(
        [
            *(layer("BatchNormalization"), layer("ReLU"), layer("Flatten")),
            *(layer("Activation", activation="softmax"), layer("LayerNormalization")),
            layer("Dense", units=6, trainable=False),
            {"class_name": "Dense", "config": {"units": 6, "activation": "sigmoid"}},
        ]
    ),
]
CONVOLUTION = st.builds(
    lambda size, strides, act, padding: layer(
        "Conv2D", filters=6, kernel_size=size, strides=strides, activation=act, padding=padding
    ),
    st.sampled_from([1, 3, 9]),
    st.sampled_from([1, 2, 4]),
    ACTIVATIONS,
    st.sampled_from(["same", "valid"]),
)
POOLING = st.sampled_from([layer("MaxPooling2D"), layer("MaxPooling2D", pool_size=2, strides=3)])
SCALING = st.sampled_from([layer("Rescaling", scale=1 / 255), layer("Normalization")])
RECURRENT = st.builds(
    lambda name, every, act: layer(name, units=5, return_sequences=every, activation=act),
    st.sampled_from(["LSTM", "GRU", "SimpleRNN"]),
    st.booleans(),
    ACTIVATIONS,
)
BOTH_WAYS = RECURRENT.map(lambda inner: layer("Bidirectional", layer=inner))
WORDS = st.booleans().map(
    lambda mask: layer("Embedding", input_dim=10_000, output_dim=6, mask_zero=mask)
)
KINDS: list[tuple[Schema, list[st.SearchStrategy[dict[str, Any]]]]] = [
    (FLOWERS, []),
    (COINS, [SCALING]),
    (PRICES, [SCALING]),
    (PICTURES, [CONVOLUTION, CONVOLUTION, POOLING, SCALING]),
    (REVIEWS, [WORDS, RECURRENT, BOTH_WAYS]),
    (SERIES, [RECURRENT, BOTH_WAYS, SCALING]),
]
OPTIMIZERS = st.sampled_from(
    ["auto", "adam", {"class_name": "SGD", "learning_rate": 9}, {"class_name": "RMSprop"}]
)
LOSSES = st.sampled_from(
    [
        *("auto", "auto", "binary_crossentropy", "sparse_categorical_crossentropy"),
        *("categorical_crossentropy", "mse"),
        {"class_name": "SparseCategoricalCrossentropy", "from_logits": True},
    ]
)
FITS = st.fixed_dictionaries(
    {},
    optional={
        "epochs": st.sampled_from([1, 10, 500]),
        "batch_size": st.sampled_from(["auto", 2, 32, 2048, 99_999]),
        "shuffle": st.booleans(),
    },
)
CALLBACKS = st.lists(
    st.one_of(
        st.just("TerminateOnNaN"),
        st.builds(
            lambda name, monitor, patience, mode: layer(
                name, monitor=monitor, patience=patience, mode=mode
            ),
            st.sampled_from(["EarlyStopping", "ReduceLROnPlateau"]),
            st.sampled_from(["loss", "val_loss"]),
            st.sampled_from([0, 1, 5, 600]),
            st.sampled_from(["auto", "min", "max"]),
        ),
    ),
    max_size=3,
)
COUNTS = {"label": {"heads": 900, "tails": 100, "a": 900, "b": 50, "c": 50}}


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    schema, own = draw(st.sampled_from(KINDS))
    layers = draw(st.lists(st.one_of(*own, *ANYWHERE), max_size=7))
    if schema in (PICTURES, SERIES, REVIEWS) and draw(st.booleans()):
        layers.append(layer("Flatten"))
    last = dense(draw(st.sampled_from([1, 2, 3, 10, 12])), draw(ACTIVATIONS))
    after = draw(st.sampled_from([[], [], [layer("Dropout", rate=0.3)], [layer("Softmax")]]))
    sections: dict[str, Any] = {
        "compile": {"optimizer": draw(OPTIMIZERS), "loss": draw(LOSSES)},
        "fit": draw(FITS),
        "callbacks": draw(CALLBACKS),
        "classes": COUNTS,
    }
    kept = {name: value for name, value in sections.items() if draw(st.booleans())}
    share = draw(st.sampled_from([None, 0, 0.001, 0.2]))
    split = {"data": {"split": {"validation": share}}} if share is not None else {}
    return on(schema, *layers, last, *after, **kept, **split)


def report(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The advice on a request; a rule that fails is a failure of the test."""
    with redirect_stderr(StringIO()) as said:
        found: list[dict[str, Any]] = check.run(copy.deepcopy(payload), Silent())["advice"]
    assert said.getvalue() == "", "a rule failed"
    return found


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(payloads())
def test_fixes_come_to_an_end(payload: dict[str, Any]) -> None:
    try:
        found = report(payload)
    except Fault:
        assume(False)
    seen = []
    for _ in range(ROUNDS):
        body = {name: payload[name] for name in SECTIONS if name in payload}
        assert json.dumps(body) not in seen, "fixes undo each other"
        seen.append(json.dumps(body))
        body, taken = apply_fixes(body, [one["fix"] for one in found])
        if not taken:
            break
        payload = {**payload, **body}
        found = report(payload)
    assert [one for one in found if one["fix"]] == []

"""The trainings of `test_fit` in plain Keras, in a process of its own.

`python -m tests.service.plain_keras NAME…` writes by name the history and, at its end, what the
network says of the validation part, as JSON. The name of a case that takes what a job has chosen is
followed by `=` and that as JSON: `chosen={"batch": 32}`.
"""

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import keras
import numpy as np
from sklearn.utils.class_weight import compute_class_weight

from tests.service.parted import FEATURES, SPECIES, rows

EPOCHS, BATCH, SEED = 5, 16, 7
COSINE = {"initial_learning_rate": 0.001, "decay_steps": 20, "warmup_target": 0.05}


def _part(name: str) -> dict[str, Any]:
    everything = rows()
    training = [row for row in everything if row["part"] == "training"]
    known = np.array([[float(row[one]) for one in FEATURES] for row in training])
    chosen = [row for row in everything if row["part"] == name]
    x = np.array([[float(row[one]) for one in FEATURES] for row in chosen])
    return {
        "x": ((x - known.mean(axis=0)) / known.std(axis=0)).astype(np.float32),
        "species": np.array([SPECIES.index(row["species"]) for row in chosen], np.int32),
        "width": np.array([[float(row["petal width"])] for row in chosen], np.float32),
        "weight": np.array([float(row["weight"]) for row in chosen], np.float32),
    }


def _network(several: bool = False) -> Any:
    keras.utils.set_random_seed(SEED)
    x = keras.Input((len(FEATURES),))
    hidden = keras.layers.Dense(8, activation="relu")(x)
    dropped = keras.layers.Dropout(0.2)(hidden)
    kind = keras.layers.Dense(3, activation="softmax", name="kind")(dropped)
    if not several:
        return keras.Model(x, kind)
    return keras.Model(x, {"kind": kind, "size": keras.layers.Dense(1, name="size")(dropped)})


def _fitted(
    optimizer: Any = None,
    loss: str = "sparse_categorical_crossentropy",
    callbacks: tuple[Any, ...] = (),
    weighted: bool = False,
    batch: int = BATCH,
    epochs: int = EPOCHS,
    **more: Any,
) -> dict[str, Any]:
    training, held = _part("training"), _part("validation")
    network = _network()
    own = {"class_weight": more.pop("class_weight", None)}
    network.compile(optimizer or keras.optimizers.Adam(0.01), loss, metrics=["accuracy"], **more)
    weights = [part["weight"] for part in (training, held)] if weighted else [None, None]
    pair = (held["x"], held["species"], *([weights[1]] if weighted else []))
    history = network.fit(
        *(training["x"], training["species"], batch, epochs),
        **{"shuffle": False, "verbose": 0, "callbacks": list(callbacks)},
        **{"validation_data": pair, "sample_weight": weights[0], **own},
    )
    return {**history.history, "": network.evaluate(*pair[:2], batch, 0, *pair[2:])[0]}


def _chosen(rate: float = 0.01, **numbers: int) -> dict[str, Any]:
    """With the numbers that a job has found for itself."""
    return _fitted(keras.optimizers.Adam(rate), **numbers)


class _Enough(keras.callbacks.Callback):  # type: ignore[misc]
    """Stops where a metric is good enough."""

    def __init__(self, monitor: str, enough: Callable[[float], bool]) -> None:
        super().__init__()
        self.monitor, self.enough = monitor, enough

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Look."""
        del epoch
        self.model.stop_training = self.enough((logs or {})[self.monitor])


class _Weights(keras.callbacks.Callback):  # type: ignore[misc]
    """Notes the weights after every epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[list[Any]] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Note them."""
        del epoch, logs
        self.found.append([one.tolist() for one in self.model.get_weights()])


def _diverged() -> dict[str, Any]:
    """A step so long that each makes the error larger; the weights after every epoch, too."""
    training, held = _part("training"), _part("validation")
    keras.utils.set_random_seed(SEED)
    x = keras.Input((len(FEATURES),))
    network = keras.Model(x, keras.layers.Dense(1)(x))
    network.compile(keras.optimizers.SGD(2.0), "mse", metrics=["mae"])
    weights = _Weights()
    history = network.fit(
        *(training["x"], training["width"], BATCH, 2 * EPOCHS, 0),
        callbacks=[keras.callbacks.TerminateOnNaN(), weights],
        validation_data=(held["x"], held["width"]),
        shuffle=False,
    )
    return {"history": history.history, "weights": weights.found}


def _outputs() -> dict[str, Any]:
    training, held = _part("training"), _part("validation")
    network = _network(several=True)
    network.compile(
        keras.optimizers.Adam(0.01),
        {"kind": "sparse_categorical_crossentropy", "size": "huber"},
        loss_weights={"kind": 1.0, "size": 0.3},
        metrics={"kind": ["accuracy"], "size": ["mae"]},
        weighted_metrics={"size": ["mse"]},
    )
    given = [
        (
            part["x"],
            {"kind": part["species"], "size": part["width"]},
            {"kind": part["weight"], "size": part["weight"]},
        )
        for part in (training, held)
    ]
    history = network.fit(
        *(given[0][0], given[0][1], BATCH, EPOCHS, 0),
        **{"sample_weight": given[0][2], "validation_data": given[1], "shuffle": False},
    )
    return {**history.history, "": network.evaluate(*given[1][:2], BATCH, 0, given[1][2])[0]}


def _balanced() -> dict[int, float]:
    species = _part("training")["species"]
    found = compute_class_weight("balanced", classes=np.arange(3), y=species)
    return dict(enumerate(map(float, found)))


def _precise(policy: str) -> dict[str, Any]:
    keras.config.set_dtype_policy(policy)
    try:
        keras.utils.set_random_seed(SEED)
        return _fitted()
    finally:
        keras.config.set_dtype_policy("float32")


_optimizers, _callbacks = keras.optimizers, keras.callbacks
CASES: dict[str, Callable[..., dict[str, Any]]] = {
    "chosen": _chosen,
    "clipped, with rates by epoch": lambda: _fitted(
        _optimizers.SGD(0.1, momentum=0.9, nesterov=True, clipnorm=0.1),
        callbacks=(
            _callbacks.LearningRateScheduler(lambda epoch: [0.2, 0.1, 0.01][min(epoch, 2)]),
        ),
    ),
    "accumulated, with weights of classes": lambda: _fitted(
        _optimizers.Adam(0.05, gradient_accumulation_steps=3),
        class_weight={0: 1.0, 1: 0.2, 2: 3.0},
    ),
    "scheduled and balanced": lambda: _fitted(
        _optimizers.SGD(_optimizers.schedules.CosineDecay(**COSINE, warmup_steps=10)),
        class_weight=_balanced(),
    ),
    "slowed, then stopped": lambda: _fitted(
        _optimizers.SGD(0.3),
        callbacks=(
            _callbacks.ReduceLROnPlateau("val_loss", 0.3, patience=1, min_delta=0.3),
            _callbacks.EarlyStopping("val_loss", 0.3, 2, restore_best_weights=True),
        ),
    ),
    "until an accuracy": lambda: _fitted(
        _optimizers.Adam(0.02), callbacks=(_Enough("val_accuracy", lambda now: now >= 0.9),)
    ),
    "until a loss": lambda: _fitted(
        _optimizers.Adam(0.02), callbacks=(_Enough("val_loss", lambda now: now <= 0.5),)
    ),
    "until what never comes": lambda: _fitted(_optimizers.Adam(0.02)),
    "diverged": _diverged,
    "diverged, unwatched": _diverged,
    "clipped globally": lambda: _fitted(_optimizers.Adam(0.05, global_clipnorm=0.05)),
    "clipped by value": lambda: _fitted(_optimizers.RMSprop(0.01, clipvalue=0.01)),
    "averaged": lambda: _fitted(
        _optimizers.Adam(0.02, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=4)
    ),
    "swapped": lambda: _fitted(
        _optimizers.Adam(0.02, use_ema=True, ema_momentum=0.8),
        callbacks=(_callbacks.SwapEMAWeights(),),
    ),
    "decayed": lambda: _fitted(_optimizers.AdamW(0.02, weight_decay=0.1)),
    "outputs": _outputs,
    "weighted rows": lambda: _fitted(weighted=True, weighted_metrics=["accuracy"]),
    "many at once": lambda: _fitted(steps_per_execution=3),
    "compiled": lambda: _fitted(jit_compile=True),
    "half": lambda: _precise("mixed_bfloat16"),
    **{
        name: lambda name=name: _fitted(getattr(_optimizers, name)(0.02))  # type: ignore[misc]
        for name in ("Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb", "Adafactor")
    },
}

if __name__ == "__main__":
    with redirect_stdout(sys.stderr):  # Keras prints that a loss is no number
        found = {}
        for asked in sys.argv[1:]:
            name, _, given = asked.partition("=")
            found[asked] = CASES[name](**json.loads(given or "{}"))
    json.dump(found, sys.stdout, default=float)

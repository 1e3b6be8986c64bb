"""`make layers`: writes docs/layers.md, by doing with every layer what the table says of it.

Each layer is tried in a child of its own with a time limit. The children are forked before
TensorFlow has done anything here, as the engine forks its own.
"""

import io
import math
import multiprocessing
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from engine.catalog import Entry, entries
from engine.catalog.family import family, has_activation, has_bias, rank
from engine.stack import build_network
from engine.stack.line import is_cell
from tests.engine.stack.examples import EXAMPLES, stack_of

SECONDS = 120
ROWS = 4
CELLS: dict[str, dict[str, Any]] = {
    "StackedRNNCells": {"cells": [{"class_name": "GRUCell", "units": 3}]},
}
HEAD = """# The layers

Every layer of Keras {version} as this service takes it. `make layers` makes the table: each layer
stands behind its Inputs and before a Dense of one unit, in a process of its own.

- **weights, activation, bias**: whether it has weights as tried here; whether it takes an
  activation; whether it can add a bias.
- **builds**: the network is made from the stack.
- **trains**: one step of gradient descent gives a finite loss.
- **saves**: `network.save` as `.keras`, loaded again, predicts the same.
- **exports**: `network.export` as a TensorFlow SavedModel, loaded again, gives the same. Layers
  that augment do not, for Keras exports them as in training.

| layer | family | rank | weights | activation | bias | builds | trains | saves | exports |
|---|---|---|---|---|---|---|---|---|---|
"""
TAIL = """
## Layers that are refused

| layer | why |
|---|---|
"""
STEPS = ("builds", "trains", "saves", "exports")


def table() -> str:
    """The whole page."""
    known = entries("layers").values()
    rows = [_row(entry, tried(entry)) for entry in known if not entry.forbidden]
    refused = [f"| {entry.name} | {entry.forbidden} |\n" for entry in known if entry.forbidden]
    return HEAD.format(version=keras.__version__) + "".join(rows) + TAIL + "".join(refused)


def _row(entry: Entry, found: dict[str, str]) -> str:
    equipment = [found.get("weights", "?"), _shown(has_activation(entry)), _shown(has_bias(entry))]
    steps = [found.get(step, "no: it took too long or crashed") for step in STEPS]
    cells = [entry.name, family(entry), str(rank(entry) or ""), *equipment, *steps]
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |\n"


def _shown(value: bool) -> str:
    return "yes" if value else ""


def tried(entry: Entry) -> dict[str, str]:
    """What came of each step, in a child that may crash or hang."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_try, args=(entry.name, sender))
    child.start()
    sender.close()
    found: dict[str, str] = {}
    try:
        while receiver.poll(SECONDS):
            step, outcome = receiver.recv()
            found[step] = outcome
    except EOFError:
        pass
    child.kill()
    child.join()
    return found


def _try(name: str, sender: Any) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    keras.utils.set_random_seed(1)
    trial = Trial(name)
    with tempfile.TemporaryDirectory() as folder:
        steps: dict[str, Callable[[], None]] = {
            "builds": trial.build,
            "trains": trial.train,
            "saves": lambda: trial.save(Path(folder)),
            "exports": lambda: trial.export(Path(folder)),
        }
        for step, attempt in steps.items():
            try:
                attempt()
                sender.send((step, "yes"))
            except Exception as error:
                sender.send((step, f"no: {_reason(error)}"))
            if step == "builds":
                sender.send(("weights", trial.weights()))


def _reason(error: Exception) -> str:
    if isinstance(error, AssertionError):
        return "other numbers"
    text = re.sub(r"\x1b\[\d*m|Exception encountered when calling \S+\.", "", str(error))
    return f"{type(error).__name__}: {' '.join(text.split())[:120]}"


class Trial:
    """A layer in a network that is tried step by step."""

    def __init__(self, name: str) -> None:
        self.stack = _stack(name)
        self.network: Any = None
        self.rows: Any = None
        self.layers: list[dict[str, Any]] = []

    def weights(self) -> str:
        """Whether the layer has weights of its own, `?` when it could not be built."""
        if self.network is None:
            return "?"
        return _shown(bool(self.network.get_layer("it").weights))

    def build(self) -> None:
        """Make the network, and rows for its Inputs."""
        bare = build_network({**self.stack, "outputs": ["it"]})
        output = keras.tree.flatten(bare.get_layer("it").output)[0]
        layers = [*self.stack["layers"], {"class_name": "Identity", "name": "result"}]
        layers[-1]["inputs"] = "it"
        if "float" not in output.dtype:
            layers.append({"class_name": "ops.Cast", "dtype": "float32"})
        if len(output.shape) == 1:
            layers.append({"class_name": "Reshape", "target_shape": [1]})
        layers += [{"class_name": "Flatten"}, {"class_name": "Dense", "units": 1}]
        self.layers = layers
        self.network = build_network({"layers": layers})
        self.rows = _rows(self.network)

    def train(self) -> None:
        """One step. Raises ArithmeticError when the loss is no number."""
        self._built().compile("sgd", "mse")
        loss = float(self._built().train_on_batch(self.rows, np.zeros((ROWS, 1), "float32")))
        if not math.isfinite(loss):
            raise ArithmeticError(f"the loss is {loss}")

    def save(self, folder: Path) -> None:
        """Save and load as .keras."""
        path = folder / "network.keras"
        self._built().save(path)
        loaded = keras.models.load_model(path)
        self._compare(loaded(self.rows, training=False))

    def export(self, folder: Path) -> None:
        """Export and load as a SavedModel."""
        path = str(folder / "saved")
        self._built().export(path, verbose=False)
        loaded = tf.saved_model.load(path)
        self._compare(loaded.serve(self.rows))

    def _built(self) -> Any:
        if self.network is None:
            raise RuntimeError("it was not built")
        return self.network

    def _compare(self, found: Any) -> None:
        wanted = np.asarray(self._built()(self.rows, training=False))
        np.testing.assert_allclose(np.asarray(found), wanted, rtol=1e-4, atol=1e-5)


def _stack(name: str) -> dict[str, Any]:
    entry = entries("layers")[name]
    if name == "InputLayer":
        return {"layers": [{"class_name": "Input", "name": "it", "shape": [8]}]}
    if is_cell(entry):
        cell = {"class_name": name, **CELLS.get(name, {"units": 3})}
        return stack_of("RNN", ({"cell": cell}, [(6, 4)]))
    return stack_of(name, EXAMPLES[name])


def _rows(network: Any) -> Any:
    random = np.random.default_rng(1)
    made = {}
    for tensor in network.inputs:
        shape = (ROWS, *tensor.shape[1:])
        if tensor.dtype == "string":
            made[tensor.name] = tf.constant(random.choice(["a", "b", "c"], shape))
        elif "int" in tensor.dtype:
            made[tensor.name] = tf.constant(random.integers(0, 4, shape), tensor.dtype)
        else:
            made[tensor.name] = tf.constant(random.uniform(0, 1, shape), tensor.dtype)
    return made if len(made) > 1 else next(iter(made.values()))


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), encoding="utf-8")
    sys.stdout.write(table())
    sys.stdout.flush()

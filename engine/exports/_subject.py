"""What is to be written: a trained network, its stack, its encoder, and forms of it."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import keras
import numpy as np

from engine.dataset.encoder import Encoder
from engine.exports._scaling import Scaling, plain
from engine.faults import Fault
from engine.stack import build_network

RECURRENT = frozenset({"RNN", "SimpleRNN", "GRU", "LSTM", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"})
_PREAMBLE = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : (Load model from .*? failed:)?")
_MOST_STEPS = 512
"""Beyond this an unrolled graph takes minutes and gigabytes to convert."""


@dataclass
class Subject:
    """A trained network to be written in another form."""

    stack: dict[str, Any]
    encoder: Encoder
    network: Any

    @classmethod
    def load(cls, folder: Path) -> "Subject":
        """The model in a folder."""
        stack = json.loads((folder / "stack.json").read_bytes())
        encoder = Encoder.from_json(json.loads((folder / "encoding.json").read_bytes()))
        network = build_network(stack)
        network.load_weights(folder / "network.weights.h5")
        return cls(stack, encoder, settled(network))

    @property
    def outputs(self) -> list[str]:
        """The names of the outputs in the network's order."""
        return list(self.encoder.targets)

    @property
    def specs(self) -> list[Any]:
        """The Inputs as tensor specs, rows first, in the network's order."""
        import tensorflow as tf

        names = [layer["name"] for layer in self.stack["layers"] if layer["class_name"] == "Input"]
        tensors = self.network.inputs
        if len(names) != len(tensors):
            names = [tensor.name for tensor in tensors]
        return [
            tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype, name=name)
            for name, tensor in zip(names, tensors, strict=True)
        ]

    @cached_property
    def plain(self) -> Encoder:
        """The encoder with its arithmetic left out: that is done within the written graph."""
        return plain(self.encoder)

    @cached_property
    def scalings(self) -> dict[str, Scaling | None]:
        """The arithmetic of each Input."""
        return {name: Scaling.of(feed) for name, feed in self.encoder.feeds.items()}

    def call(self, tensors: dict[str, Any]) -> dict[str, Any]:
        """The outputs by name for encoded tensors by Input name, as in prediction."""
        given = tensors if len(tensors) > 1 else next(iter(tensors.values()))
        found = self.network(given, training=False)
        return found if isinstance(found, dict) else {self.outputs[0]: found}

    def scaled(self, tensors: dict[str, Any]) -> dict[str, Any]:
        """The outputs by name for tensors of which the arithmetic was left out."""
        done = {}
        for name, tensor in tensors.items():
            scaling = self.scalings.get(name)
            done[name] = tensor if scaling is None else scaling.apply(tensor)
        return self.call(done)

    def inputs(self) -> list[dict[str, Any]]:
        """What the file takes: the columns of each Input, and where their arithmetic is done."""
        return [
            {
                "name": spec.name,
                "shape": spec.shape.as_list(),
                "dtype": spec.dtype.name,
                "columns": self._columns(spec.name),
            }
            for spec in self.specs
        ]

    def _columns(self, name: str) -> list[dict[str, Any]]:
        feed = self.plain.feeds[name]
        found: list[dict[str, Any]] = []
        for column, encoding in zip(feed.columns, feed.encodings, strict=True):
            inside = encoding is not self.encoder.feeds[name].encodings[len(found)]
            where = "the file takes raw numbers" if inside else "as encoding.json says"
            found.append({"name": column.name, "encoding": where})
        return found

    def unrolled(self) -> "Subject":
        """The same network with recurrent layers laid out step by step, without a loop.

        Raises Fault("export-failed") when a sequence has no fixed length, or is too long.
        """
        found: list[Any] = [
            one for one in self.network._flatten_layers() if type(one).__name__ in RECURRENT
        ]
        if not found:
            return self
        for layer in found:
            _demand_steps(layer)
        network = build_network(self.stack)
        network.set_weights(self.network.get_weights())
        for layer in network._flatten_layers():
            if type(layer).__name__ in RECURRENT:
                layer.unroll = True
        return Subject(self.stack, self.encoder, settled(network))

    def refuse_strings(self, form: str) -> None:
        """Raise Fault when an Input takes strings: their lookup tables have no place there."""
        for spec in self.specs:
            if spec.dtype.name == "string":
                raise refused(
                    f"{form} holds no strings, and the Input {spec.name!r} takes them; encode the"
                    " column with index, one_hot or tokens instead, or take saved_model."
                )


def settled(network: Any) -> Any:
    """The network with what Normalization has learned as constants.

    Keras keeps them as tensors outside the graph, which converters take for missing inputs.
    """
    for layer in network._flatten_layers():
        if type(layer) is keras.layers.Normalization and layer.mean is not None:
            layer.mean = np.asarray(layer.mean)
            layer.variance = np.asarray(layer.variance)
    return network


def refused(reason: str) -> Fault:
    """The refusal of a form, with its reason."""
    return Fault("export-failed", reason)


def reason_of(error: Exception) -> str:
    """The part of a converter's message that says what is wrong, on one line."""
    text = _PREAMBLE.sub("", str(error))
    text = re.sub(r"\x1b\[\d*m|loc\(.*?\): |Exception encountered when calling \S+", "", text)
    marked = re.findall(r"error: (.+)", text)
    lines = [line.strip() for line in (marked or text.splitlines()) if line.strip()]
    return (lines[0] if lines else type(error).__name__)[:300]


def _demand_steps(layer: Any) -> None:
    built = layer.get_build_config() or {}
    shapes = built.get("shapes_dict") or {"input_shape": built.get("input_shape")}
    shape = next(iter(shapes.values()))
    steps = shape[1] if shape else None
    if steps is None:
        raise refused(f"The sequences of {layer.name!r} have no fixed length to be laid out.")
    if steps > _MOST_STEPS:
        raise refused(
            f"{layer.name!r} runs over {steps} steps; at most {_MOST_STEPS} can be laid out."
        )

"""A trained model ready to answer: its network and its encoder."""

import json
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np

from engine.dataset.content import Array
from engine.dataset.encoder import Encoder
from engine.dataset.windows import Windows
from engine.encodings._base import Encoding
from engine.faults import Fault, Item
from engine.prediction.body import Body, columns_of_body
from engine.prediction.records import MOST_ITEMS, columns_of, pointer
from engine.stack import build_network

_BATCH = 256
_KEPT = 4
_loaded: "OrderedDict[str, Predictor]" = OrderedDict()


class Predictor:
    """The network of a model's folder, rebuilt from its stack, and its encoder."""

    def __init__(self, folder: Path) -> None:
        self.stack: dict[str, Any] = json.loads((folder / "stack.json").read_bytes())
        self.encoder = Encoder.from_json(json.loads((folder / "encoding.json").read_bytes()))
        self.network = build_network(self.stack)
        self.network.load_weights(folder / "network.weights.h5")

    @property
    def outputs(self) -> list[str]:
        """The names of the outputs in the network's order."""
        return list(self.encoder.targets)

    def answer(self, records: Any) -> list[dict[str, Any]]:
        """One answer per record; with several outputs an object of answers by output name.

        A network of windows takes the records as rows of one series in their order, and gives an
        answer for each window of them.
        """
        return self._answers(columns_of(records, self.encoder.columns), "/records")

    def answer_body(self, body: Body) -> list[dict[str, Any]]:
        """The answers to the records that an array or images stand for."""
        return self._answers(columns_of_body(body, self.encoder.columns), "")

    def _answers(self, raw: dict[str, Array], root: str) -> list[dict[str, Any]]:
        try:
            x = {
                name: self._windowed(feed.encode(raw)) for name, feed in self.encoder.feeds.items()
            }
        except Fault as fault:
            items = self._refused(raw, root) or [Item(root, "bad-value", fault.detail)]
            raise Fault("invalid-request", fault.detail, items) from None
        answers = {
            name: self.encoder.targets[name].answers(values)
            for name, values in self.raw_outputs(x).items()
        }
        if len(answers) == 1:
            return next(iter(answers.values()))
        return [dict(zip(answers, row, strict=True)) for row in zip(*answers.values(), strict=True)]

    def _refused(self, raw: dict[str, Array], root: str) -> list[Item]:
        """The values that an encoding refuses, each where it stands."""
        items: list[Item] = []
        for feed in self.encoder.feeds.values():
            for column, encoding in zip(feed.columns, feed.encodings, strict=True):
                items += _refused(column.name, encoding, raw[column.name], root)
        return items[:MOST_ITEMS]

    def _windowed(self, rows: Array) -> Array:
        """Every window over the encoded rows of one series, where the network takes windows."""
        window = self.encoder.window
        if window is None:
            return rows
        count = len(rows) - window.length + 1
        if count < 1:
            detail = (
                f"A prediction needs {window.length} consecutive records in their order; there are"
                f" {len(rows)}."
            )
            raise Fault("invalid-request", detail)
        return Windows(rows, np.arange(count), window.length)[:]

    def raw_outputs(self, x: dict[str, Array]) -> dict[str, Array]:
        """The network's outputs for encoded inputs, by output name, in batches."""
        rows = len(next(iter(x.values())))
        found: dict[str, list[Array]] = {name: [] for name in self.outputs}
        for start in range(0, rows, _BATCH):
            part = {name: _tensor(values[start : start + _BATCH]) for name, values in x.items()}
            given = part if len(part) > 1 else next(iter(part.values()))
            outputs = self.network.predict_on_batch(given)
            named = outputs if isinstance(outputs, dict) else {self.outputs[0]: outputs}
            for name, parts in found.items():
                parts.append(np.asarray(named[name]))
        return {name: np.concatenate(parts) for name, parts in found.items()}


def _refused(name: str, encoding: Encoding, values: Array, root: str) -> list[Item]:
    items = []
    for number in range(len(values)):
        try:
            encoding.transform(values[number : number + 1])
        except Fault as fault:
            place = pointer(number, name, root)
            items.append(Item(place, "bad-value", f"{name!r}: {fault.detail}"))
    return items


def _tensor(values: Array) -> Any:
    if values.dtype != object:
        return values
    import tensorflow as tf

    return tf.constant(values)


def loaded(folder: Path, digest: str) -> Predictor:
    """The predictor of a model; the last few stay in memory, told apart by digest."""
    if digest not in _loaded:
        _loaded[digest] = Predictor(folder)
        while len(_loaded) > _KEPT:
            _loaded.popitem(last=False)
    _loaded.move_to_end(digest)
    return _loaded[digest]

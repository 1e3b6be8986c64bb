"""From raw columns to what a network takes, the same in training and in prediction."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from engine.dataset.canonical import Dataset, Rows
from engine.dataset.content import Array
from engine.dataset.schema import Column, Schema
from engine.dataset.windows import Window
from engine.encodings import encoding_from_json
from engine.encodings._base import Encoding
from engine.faults import Fault
from engine.targets import TargetEncoding


@dataclass
class Feed:
    """What feeds one Input: its columns, and how each is encoded."""

    columns: list[Column]
    encodings: list[Encoding]

    def fit(self, dataset: Dataset, rows: Rows) -> None:
        """Learn from these rows."""
        for column, encoding in zip(self.columns, self.encodings, strict=True):
            encoding.fit(dataset.values(column.name, rows), column)

    def encode(self, raw: dict[str, Array]) -> Array:
        """The tensor for the Input: one column as it is, several along the last axis.

        Columns of several dtypes become float32.
        """
        parts = []
        for column, encoding in zip(self.columns, self.encodings, strict=True):
            try:
                parts.append(encoding.transform(raw[column.name]))
            except Fault as fault:
                detail = f"Column {column.name!r}: {fault.detail}"
                raise Fault(fault.code, detail, fault.items) from None
        if len({part.dtype for part in parts}) > 1:
            parts = [part.astype(np.float32) for part in parts]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-1)

    def to_json(self) -> dict[str, Any]:
        """Columns and encodings with what they learned."""
        return {
            "columns": [column.to_json() for column in self.columns],
            "encodings": [
                {**encoding.to_json(), "state": encoding.state()} for encoding in self.encodings
            ],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Feed":
        """The feed that `to_json` wrote."""
        return cls(
            [Column.from_json(column) for column in data["columns"]],
            [encoding_from_json(encoding) for encoding in data["encodings"]],
        )


@dataclass
class Encoder:
    """The feeds of all Inputs and the targets of all outputs, in the network's order.

    With a `window` the network takes that many encoded rows at a time.
    """

    feeds: dict[str, Feed]
    targets: dict[str, TargetEncoding] = field(default_factory=dict)
    window: Window | None = None

    @classmethod
    def of_request(cls, inputs: dict[str, Any], schema: Schema) -> "Encoder":
        """The encoder of a canonical `data.inputs`, not yet fitted and without targets."""
        feeds = {}
        for name, given in inputs.items():
            columns = [schema.column(column) for column in given["columns"]]
            encodings = given["encoding"]
            if not isinstance(encodings, list):
                encodings = [encodings] * len(columns)
            feeds[name] = Feed(columns, [encoding_from_json(one) for one in encodings])
        return cls(feeds)

    def fit(self, dataset: Dataset, rows: Rows) -> None:
        """Learn from the training part."""
        for feed in self.feeds.values():
            feed.fit(dataset, rows)

    def fit_targets(self, dataset: Dataset, rows: Rows) -> None:
        """Learn how targets are scaled from the training part."""
        for target in self.targets.values():
            target.fit([dataset.values(column, rows) for column in target.columns])

    def inputs(self, dataset: Dataset, rows: Rows) -> dict[str, Array]:
        """The tensors of these rows, by Input name."""
        return {
            name: feed.encode(
                {column.name: dataset.values(column.name, rows) for column in feed.columns}
            )
            for name, feed in self.feeds.items()
        }

    def outputs(self, dataset: Dataset, rows: Rows) -> dict[str, Array]:
        """The targets of these rows, by output name."""
        return {
            name: target.transform([dataset.values(column, rows) for column in target.columns])
            for name, target in self.targets.items()
        }

    @property
    def columns(self) -> dict[str, Column]:
        """Every column that a record needs, by name."""
        return {column.name: column for feed in self.feeds.values() for column in feed.columns}

    def to_json(self) -> dict[str, Any]:
        """What `encoding.json` holds."""
        return {
            "version": 1,
            "window": asdict(self.window) if self.window else None,
            "inputs": {name: feed.to_json() for name, feed in self.feeds.items()},
            "outputs": {name: target.to_json() for name, target in self.targets.items()},
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Encoder":
        """The encoder that `to_json` wrote."""
        return cls(
            {name: Feed.from_json(feed) for name, feed in data["inputs"].items()},
            {name: TargetEncoding.from_json(one) for name, one in data["outputs"].items()},
            Window(**data["window"]) if data["window"] else None,
        )

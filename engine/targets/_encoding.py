"""How target columns become what the loss compares with, and how outputs become answers."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.dataset.schema import Column
from engine.encodings._base import Values
from engine.targets._base import OF_CLASSES, Form, Label, Shape, Way
from engine.targets.classes import BINARY, INDEX, ONE_HOT, Classes, class_numbers
from engine.targets.multi_label import MultiLabel
from engine.targets.number import Number, pictures
from lamina.discovery import discover

Link = Literal["sigmoid", "softmax", "margin"]

WAYS = discover("engine.targets", Way)  # type: ignore[type-abstract]


def usual(columns: list[Column], loss_name: str | None, shape: Shape) -> Way:
    """How columns are learned when nothing is said: by their kinds, the loss and the output.

    Raises ValueError when there is no usual way.
    """
    if len(columns) > 1:
        kinds = {column.kind for column in columns}
        if kinds == {"boolean"}:
            return MultiLabel()
        if kinds <= {"number", "integer", "boolean"}:
            return Number()
        names = ", ".join(repr(column.name) for column in columns[:5])
        raise ValueError(
            f"One output learns several columns of numbers or of booleans, not {names}."
        )
    column = columns[0]
    if column.kind in ("number", "tensor", "image"):
        return Number()
    if column.kind in ("date", "text"):
        raise ValueError(f"Column {column.name!r} of kind {column.kind} cannot be a target.")
    if column.kind != "integer":
        return Classes()
    classes = len(column.categories) if column.categories is not None else None
    labels = classes is not None and _categorical(short(loss_name), shape, classes)
    return Classes() if labels else Number()


def short(loss_name: str | None) -> str:
    """The name of a loss (`SparseCategoricalCrossentropy`, `sparse_categorical_crossentropy`)
    without what tells its spellings apart.
    """
    return (loss_name or "").replace("_", "").lower()


def _categorical(loss: str, shape: Shape, classes: int) -> bool:
    if loss in BINARY:
        return classes in (2, shape[-1] if shape else 1)
    return loss in INDEX or loss in ONE_HOT


def settled(
    way: Way | None, columns: list[Column], loss_name: str | None, shape: Shape
) -> tuple[Way, Form]:
    """The way and the form of a target; `way` is None for the usual one.

    `shape` is the output's without the batch axis. Raises ValueError when no form fits.
    """
    chosen = way or usual(columns, loss_name, shape)
    complaint = chosen.complaint(columns)
    if complaint:
        raise ValueError(complaint)
    return chosen, chosen.form(columns, short(loss_name), shape)


def label_encoding(column: Column, loss_name: str | None, output_shape: Shape) -> Form:
    """The form of a target of one column when nothing is said of it. Raises ValueError."""
    return settled(None, [column], loss_name, output_shape)[1]


@dataclass
class TargetEncoding:
    """The target of one output: its columns, its form, its classes, and how outputs are read.

    `classes` are the original labels in the order of their numbers (strings, integers or
    booleans). `link` is what turns the network's numbers into probabilities: None when they
    are already, `sigmoid` or `softmax` when the loss took logits, `margin` (from -1..1 to
    0..1) after a hinge loss. `image` is the output's height, width and channels where the column
    holds images: they are brought to it as floats 0..1. `column` is the first of `columns`.
    """

    column: str
    form: Form
    classes: list[Label] = field(default_factory=list)
    link: Link | None = None
    image: list[int] | None = None
    columns: list[str] = field(default_factory=list)
    way: Way = field(default_factory=Number)

    def __post_init__(self) -> None:
        self.columns = self.columns or [self.column]
        if self.form in OF_CLASSES and not isinstance(self.way, Classes):
            self.way = Classes()

    @classmethod
    def make(
        cls,
        column: Column | list[Column],
        loss_name: str | None,
        from_logits: bool,
        output_shape: Shape,
        way: Way | None = None,
    ) -> "TargetEncoding":
        """The encoding of target columns under a loss. Raises ValueError as `settled`."""
        columns = column if isinstance(column, list) else [column]
        chosen, form = settled(way, columns, loss_name, output_shape)
        picture = columns[0].kind == "image"
        return cls(
            columns[0].name,
            form,
            chosen.classes(columns),
            _link(form, loss_name, from_logits),
            [int(size or 0) for size in output_shape] if picture else None,
            [one.name for one in columns],
            chosen,
        )

    def fit(self, values: list[Values]) -> None:
        """Learn from the raw values of the training part, column by column."""
        self.way.fit(values)

    def class_numbers(self, values: Values) -> Values:
        """`int32[rows]`: the class number of each raw value. An unknown label is a data-error."""
        return class_numbers(values, self.column, self.classes)

    def transform(self, values: Values | list[Values]) -> Values:
        """What the loss takes: `int32[rows]` for index, else numbers with the row first."""
        given = values if isinstance(values, list) else [values]
        if self.image:
            return pictures(given[0], self.image)
        found = self.way.transform(given, self.columns, self.classes)
        if self.form == "binary":
            return found.astype(np.float32)[:, None]
        if self.form == "one_hot":
            return np.eye(len(self.classes), dtype=np.float32)[found]
        return found

    @property
    def blank(self) -> bool:
        """Whether an empty cell is a target: a list of labels that is empty."""
        return self.form == "multi_label" and len(self.columns) == 1

    def unknown(self, values: list[Values]) -> list[str | None]:
        """For each row a label that is none of the classes, None where all of its labels are."""
        return self.way.unknown(values, self.classes)

    def truth(self, y: Values) -> Values:
        """Encoded targets as answers tell of them: in the units of the data, as class numbers."""
        return self.way.truth(y)

    def said(self, outputs: Values) -> Values:
        """A network's outputs to be compared with `truth`."""
        if self.form == "ordinal":
            return self.way.said(_linked(outputs.astype(np.float64), self.link))
        return self.way.said(outputs)

    def to_json(self) -> dict[str, Any]:
        """The encoding as it is kept in `encoding.json`."""
        return {
            "column": self.column,
            "columns": self.columns,
            "form": self.form,
            "classes": self.classes,
            "link": self.link,
            "image": self.image,
            "encoding": {**self.way.to_json(), "state": self.way.state()},
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "TargetEncoding":
        """The encoding that `to_json` wrote, or once did: before there were ways to choose from."""
        before = Classes() if data["form"] in OF_CLASSES else Number()
        return cls(
            data["column"],
            data["form"],
            list(data["classes"]),
            data["link"],
            data["image"],
            data.get("columns", []),
            way_from_json(data["encoding"]) if "encoding" in data else before,
        )

    def answers(self, outputs: Values) -> list[Any]:
        """The network's outputs `[rows, …]` as answers, such as `{"label", "scores"}`.

        NaN and the infinities, which JSON lacks, become null.
        """
        if self.form in OF_CLASSES:
            numbers = self.probabilities(outputs)
        else:
            numbers = _linked(outputs.astype(np.float64), self.link)
        return self.way.answers(numbers, self.columns, self.classes)

    def probabilities(self, outputs: Values) -> Values:
        """`float64[rows, classes]`: the network's outputs as the probability of each class."""
        return self._scores(_linked(outputs.astype(np.float64), self.link))

    def _scores(self, numbers: Values) -> Values:
        flat = numbers.reshape(len(numbers), -1)
        if self.form == "binary":
            both = np.concatenate([1 - flat, flat], axis=1)
            return both[:, : len(self.classes)]
        return flat[:, : len(self.classes)]


def way_from_json(data: dict[str, Any]) -> Way:
    """The way of `{"class_name": name, **arguments}`, with its `state` if given."""
    arguments = {key: value for key, value in data.items() if key not in ("class_name", "state")}
    way = WAYS[data["class_name"]].model_validate(arguments)
    way.restore(data.get("state") or {})
    return way


def _link(form: Form, loss_name: str | None, from_logits: bool) -> Link | None:
    margins = form in ("binary", "multi_label", "ordinal")
    if margins and "hinge" in (loss_name or "").lower():
        return "margin"
    if not from_logits or form == "raw":
        return None
    return "sigmoid" if margins else "softmax"


def _linked(numbers: Values, link: str | None) -> Values:
    if link == "sigmoid":
        return np.asarray(0.5 * (1 + np.tanh(0.5 * numbers)))
    if link == "margin":
        return np.clip((numbers + 1) / 2, 0, 1)
    if link == "softmax":
        powers = np.exp(numbers - numbers.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
    return numbers
